"""Runs verl's reward for code, as it is installed, against a server, and prints what it gave.

    python verl_reward.py SITE URL

Prints one JSON object: what each call below returned.
"""

import json
import logging
import os
import sys
import threading
import types

site, url = sys.argv[1], sys.argv[2] + "/run_code"
sys.path.insert(0, site)
logging.disable(logging.CRITICAL)

# The packages above the reward import all of verl; empty ones in their place find the same files.
for name in ("verl", "verl.utils", "verl.utils.reward_score"):
    package = types.ModuleType(name)
    package.__path__ = [os.path.join(site, *name.split("."))]
    sys.modules[name] = package

from verl.utils.reward_score import sandbox_fusion as reward  # noqa: E402
from verl.utils.reward_score.sandbox_fusion import utils  # noqa: E402

results = {}


def call(code, stdin=None, timeout=5, language="python", to=url):
    response, error = utils.call_sandbox_api(to, code, stdin, timeout, timeout, 512, language)
    return {"response": response, "error": error and error.split(": /")[0]}


def status(code, stdin, expected, timeout=5, language="python", fn_name=None):
    result, metadata = utils._process_single_case(0, stdin, expected, url, code, timeout, 512, language, None, fn_name)
    return [result, metadata["status"]]


def check(code, cases, **options):
    outcomes, metadata = utils.check_correctness(url, cases, code, **options)
    return [outcomes, [one["status"] for one in metadata]]


def score(completion, cases, **options):
    value, metadata = reward.compute_score(url, threading.Semaphore(8), 512, completion, cases, **options)
    return [value, [one.get("status", one) for one in metadata]]


double = "print(int(input()) * 2)"
results["call"] = call("print(input())", "hello\n")
results["call in a language of no use"] = call("fn main() {}", language="rust")
results["call of nothing"] = call("x", to=url.replace("run_code", "nope"))

results["cases"] = {
    "right": status(double, "21\n", "42"),
    "right but for line ends": status(double, "21", "42\n\n"),
    "wrong": status(double, "21", "43"),
    "raises": status("1 / 0", "", ""),
    "does not parse": status("print(", "", ""),
    "exits": status("raise SystemExit(3)", "", ""),
    "too long": status("while True: pass", "", "", timeout=1),
    "too much memory": status("x = bytearray(1 << 30)", "", ""),
    "killed": status("import os; os.kill(os.getpid(), 9)", "", ""),
    "forks": status("import os; os.fork()", "", ""),
    "nodejs": status("console.log(1 + 1)", "", "2", language="nodejs"),
    "cpp": status("int main() {}", "", "", language="cpp"),
    "function": status("def add(a, b): return a + b", "20\n22", "42", fn_name="add"),
    "method": status("class Solution:\n    def f(self, x): return x[::-1]", "[1, 2]", "[2, 1]", fn_name="f"),
    "missing function": status("pass", "1", "1", fn_name="f"),
}
cases = {"inputs": [str(number) for number in range(40)], "outputs": [str(number * 2) for number in range(40)]}
results["many cases"] = check(double, cases)
results["some cases"] = check(
    "import time\nx = input()\nif x == '1': raise ValueError\nif x == '2': time.sleep(9)\nprint(x)",
    {"inputs": ["0", "1", "2", "3"], "outputs": ["0", "1", "2", "4"]},
    timeout=1,
)
results["asserts"] = check(
    "def f(x): return x + 1",
    {"inputs": ["", ""], "outputs": [None, None], "assert_case": ["assert f(1) == 2", "assert f(1) == 3"]},
)
fenced = f"So:\n```python\n{double}\n```\n"
results["score"] = score(fenced, json.dumps({"inputs": ["1", "2"], "outputs": ["2", "5"]}))
results["continuous score"] = score(fenced, {"inputs": ["1", "2"], "outputs": ["2", "4"]}, continuous=True)
results["score of no code"] = score("no code", {"inputs": ["1"], "outputs": ["2"]})
print(json.dumps(results))
