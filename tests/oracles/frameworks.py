"""Writes vectors of the functions with which frameworks find code, for generated inputs.

    python frameworks.py SITE FOLDER SEED COUNT

SITE holds the packages, installed without what they depend on. So a function is not imported with its module: its
definition is taken out of the module's file and run by itself, as it stands, with stubs for the few names it needs.
FOLDER gets one FUNCTION.jsonl a function, COUNT cases each.
"""

import ast
import json
import math
import os
import random
import re
import sys
import textwrap
import types
import typing

site, folder, seed, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
sys.path.insert(0, site)

import json5  # noqa: E402


class Log:
    def __getattr__(self, name):
        return lambda *args, **kwargs: None


def take(path, names, **stubs):
    """The functions with these names in a file of the site, sharing one namespace."""
    space = {**vars(typing), "re": re, "json": json, "logger": Log(), **stubs}
    with open(os.path.join(site, path), encoding="utf-8") as file:
        tree = ast.parse(file.read())
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name in names and node.name not in found:
            node.decorator_list, node.returns = [], None
            for argument in node.args.args:
                argument.annotation = None
            exec(compile(ast.Module([node], []), path, "exec"), space)
            found[node.name] = space[node.name]
    missing = set(names) - set(found)
    assert not missing, f"{path} has no {missing}"
    return types.SimpleNamespace(**found)


scores = "verl/utils/reward_score"
sent = []


def check(*args, **kwargs):
    sent.append(kwargs["generation"])
    return [True], [{}]


fusion = take(f"{scores}/sandbox_fusion/__init__.py", ["compute_score"], check_correctness=check)
prime = take(f"{scores}/prime_code/__init__.py", ["compute_score"], apps_check_correctness=check)
answers = []
grader = take(
    f"{scores}/sandbox_fusion/utils.py",
    ["_process_single_case"],
    call_sandbox_api=lambda **kwargs: answers[-1],
    threading=types.SimpleNamespace(Semaphore=None),
)
smol = take(
    "smolagents/utils.py",
    ["parse_json_blob", "extract_code_from_text", "parse_code_blobs", "truncate_content"],
    ast=ast,
    dedent=textwrap.dedent,
    MAX_LENGTH_TRUNCATE_CONTENT=20000,
)
qwen = take("qwen_agent/utils/utils.py", ["extract_code"], json5=json5, print_traceback=lambda **kwargs: None)
tir = take("qwen_agent/agents/tir_agent.py", ["extract_program"])
autogen = take(
    "autogen_agentchat/agents/_code_executor_agent.py",
    ["_extract_markdown_code_blocks"],
    CodeBlock=types.SimpleNamespace,
)
mbpp = take("lm_eval/tasks/mbpp/utils.py", ["extract_code_blocks"])


def parses(code):
    try:
        ast.parse(code)
        return True
    except (SyntaxError, MemoryError):
        return False


plus = take("evalplus/sanitize.py", ["code_extract"], syntax_check=parses)


def score(text):
    sent.clear()
    value, metadata = fusion.compute_score("url", None, 1024, text, {"inputs": [""], "outputs": [""]})
    return {"generation": sent[0] if sent else None, "score": value, "metadata": metadata}


def prime_code(text):
    sent.clear()
    prime.compute_score(text, {"inputs": [""], "outputs": [""]})
    return sent[0]


def grade(given, expected_output=None, stdin=None):
    answers.append((given["api_response"], given["error"]))
    status, metadata = grader._process_single_case(0, stdin, expected_output, "url", "", 30, 1024, "python")
    return {"result_status": status, "metadata": metadata}


def blocks(text, languages=("python", "sh")):
    agent = types.SimpleNamespace(_supported_languages_regex="|".join(re.escape(one) for one in languages))
    found = autogen._extract_markdown_code_blocks(agent, text)
    return [{"language": block.language, "code": block.code} for block in found]


chance = random.Random(seed)
pieces = """
``` ```python ```py ```Python ```python3 ```c++ ```js ```java ```sh ```output ```` ` ~~~ <code> </code> <python>
</python> <tool_call> </tool_call> { } {} x f é 😀 ſh python sh " ' \\ # import final answer
""".split() + [
    "\n", "\n", "\n", "\r\n", "\r", " ", "  ", "\t", "\xa0", "\u2028", "\x85", "\x1c", "\u200b", "\x00",
    "```\n", "\n```", "\n ```", "```python\n", "```\npython", "print(1)\n", "x = 1\n", "def f(x):\n    return x\n",
    "import os\n", "# c\n", '{"code": "x"}', "{code: 'y', /* c */}", '{"code": 1}', '{"a": [1, 2.50, NaN]}', '{"a" 1}',
    '{"name": "f",}', "assert f(1)\n",
]


def text():
    pool = pieces if chance.random() < 0.6 else chance.sample(pieces, 6)
    return "".join(chance.choice(pool) for _ in range(chance.choice([1, 2, 3, 5, 8, 13])))


def short_text():
    # Its run time grows with the cube of the number of lines.
    return "\n".join(text().split("\n")[:8])


def phase():
    if chance.random() < 0.2:
        return chance.choice([None, {}])
    return {
        "status": chance.choice(["Finished", "Error", "TimeLimitExceeded", "Weird", None]),
        "execution_time": chance.choice([0.01, None, 1]),
        "return_code": chance.choice([0, 1, None, -9]),
        "stdout": chance.choice(["1\n", "", None, "2", "1"]),
        "stderr": chance.choice(["", "e", None]),
    }


def answer():
    response = {
        "status": chance.choice(["Success", "Failed", "SandboxError", "Weird", None]),
        "compile_result": phase(),
        "run_result": phase(),
    }
    return {"api_response": chance.choice([None, {}, *[response] * 6]), "error": chance.choice([None, None, "e"])}


def maybe(**options):
    return {name: chance.choice(values) for name, values in options.items() if chance.random() < 0.5}


functions = {
    "verl_sandbox_fusion_compute_score_extract": (score, text, dict),
    "verl_prime_code_extract": (prime_code, text, dict),
    "verl_process_single_case": (
        grade, answer, lambda: maybe(expected_output=["", "1", "1\n\n", 1, "2", True], stdin=["x", [1, 2]]),
    ),
    "smolagents_parse_json_blob": (smol.parse_json_blob, text, dict),
    "smolagents_extract_code_from_text": (
        lambda text: smol.extract_code_from_text(text, ("<code>", "</code>")), text, dict,
    ),
    "smolagents_parse_code_blobs": (
        lambda text, code_block_tags=("<code>", "</code>"): smol.parse_code_blobs(text, tuple(code_block_tags)),
        text,
        lambda: maybe(code_block_tags=[["```(?:python|py)", "\n```"]]),
    ),
    "smolagents_truncate_content": (
        smol.truncate_content, text, lambda: {"max_length": chance.choice([0, 1, 2, 3, 5, 8, 20])},
    ),
    "qwenagent_extract_code": (qwen.extract_code, text, dict),
    "qwenagent_tir_extract_program": (tir.extract_program, text, dict),
    "autogen_extract_markdown_code_blocks": (
        blocks, text, lambda: maybe(languages=[["c++", "js", "java"], ["sh", "python"]]),
    ),
    "lmeval_mbpp_extract_code_blocks": (mbpp.extract_code_blocks, text, dict),
    "evalplus_code_extract": (plus.code_extract, short_text, dict),
}


def plain(value):
    """The value as the vectors write it: JSON has no infinite numbers."""
    if isinstance(value, float) and not math.isfinite(value):
        return {"__float__": repr(value)}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


for name, (function, make_input, make_options) in functions.items():
    with open(os.path.join(folder, f"{name}.jsonl"), "w", encoding="utf-8") as file:
        for _ in range(count):
            given, options = make_input(), make_options()
            case = {"function": name, "input": given, "kwargs": options}
            try:
                case["output"] = plain(function(given, **options))
            except Exception as error:
                case["output"] = None
                case["raises"] = {"type": type(error).__name__, "message": str(error)}
            file.write(json.dumps(case) + "\n")
