"""Runs SandboxFusion's own client, as it is installed, against a server, and prints what it gave.

    python sandbox_fusion_client.py SITE URL

Prints one JSON object: what each call below returned, or `raised` with the exception's text.
"""

import asyncio
import json
import logging
import sys

sys.path.insert(0, sys.argv[1])
url = sys.argv[2]

import sandbox_fusion as client  # noqa: E402

logging.disable(logging.CRITICAL)
client.set_endpoint(url + "/")
results = {}


def note(name, call):
    try:
        results[name] = call()
    except Exception as error:
        results[name] = {"raised": str(error)}


def code(text, **fields):
    return client.RunCodeRequest(code=text, language=fields.pop("language", "python"), **fields)


def plain(response):
    """A response as JSON has it, without times."""
    fields = json.loads(response.json())
    for phase in ("compile_result", "run_result", "driver"):
        if fields.get(phase):
            del fields[phase]["execution_time"]
    return fields


def run(text, **fields):
    return plain(client.run_code(code(text, **fields), max_attempts=1, client_timeout=30))


note("prints", lambda: run("print(6 * 7)"))
note("reads stdin", lambda: run("print(input()[::-1])", stdin="abc\n"))
note("files in and out", lambda: run(
    "open('b.bin', 'wb').write(open('a.bin', 'rb').read()[::-1])", files={"a.bin": "AAH/"}, fetch_files=["b.bin"],
))
note("fails", lambda: run("print('before'); 1 / 0"))
note("time-out", lambda: run("print('part', flush=True)\nwhile True: pass", run_timeout=0.5))
note("nodejs", lambda: run("console.log([1, 2])", language="nodejs"))
note("cpp", lambda: run("int main() {}", language="cpp"))
note("language of a newer client", lambda: run("x", language="react"))

mapping = client.SummaryMapping(Success="yes", Failed="no", RunTimeout="late", RunFailed="broken")
note("summaries", lambda: [
    client.summary_run_code_result(client.run_code(code(text, run_timeout=1)), mapping)
    for text in ("print(1)", "raise SystemExit(3)", "while True: pass", "import os; os.kill(os.getpid(), 9)")
])
note("run_concurrent", lambda: [
    response.run_result.stdout
    for response in client.run_concurrent(
        client.run_code, args=[[code(f"print({number} ** 2)")] for number in range(40)], concurrency=16
    )
])


async def run_async():
    responses = await asyncio.gather(*(client.run_code_async(code(f"print({number})")) for number in range(16)))
    return [response.run_result.stdout for response in responses]


note("async", lambda: asyncio.run(run_async()))


def jupyter(cells, **fields):
    request = client.RunJupyterRequest(cells=cells, **fields)
    return [cell.dict() for cell in client.run_jupyter(request, max_attempts=1, client_timeout=60).cells]


note("jupyter", lambda: jupyter(["x = 20", "print(x)", "x + 22"]))
note("jupyter error", lambda: jupyter(["1 / 0", "'on'"]))
note("jupyter async", lambda: [
    cell.stdout for cell in asyncio.run(client.run_jupyter_async(client.RunJupyterRequest(cells=["print(1)"]))).cells
])
print(json.dumps(results))
