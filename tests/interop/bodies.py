"""Sends generated bodies through FastAPI with SandboxFusion's fields, and prints what it answers.

    python bodies.py SITE SEED COUNT

Prints one JSON object a line: `path`, `body` (base64), `content_type`, `status`, and `answer`: what FastAPI answers to a
body it refuses, or what it hands to the server's function.
"""

import asyncio
import base64
import json
import math
import random
import sys

site, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
sys.path.insert(0, site)

from typing import Dict, List, Literal, Optional  # noqa: E402

from fastapi import FastAPI  # noqa: E402
from fastapi.responses import Response  # noqa: E402
from pydantic import BaseModel  # noqa: E402

LANGUAGES = (
    "python cpp nodejs go go_test java php csharp bash typescript sql rust cuda lua R perl D_ut ruby scala julia pytest "
    "junit kotlin_script jest verilog python_gpu lean swift racket"
).split()


class RunCodeRequest(BaseModel):
    compile_timeout: float = 10
    run_timeout: float = 10
    memory_limit_MB: int = -1
    code: str
    stdin: Optional[str] = None
    language: Literal[tuple(LANGUAGES)]
    files: Dict[str, Optional[str]] = {}
    fetch_files: List[str] = []


class RunJupyterRequest(BaseModel):
    cells: List[str]
    cell_timeout: float = 0
    total_timeout: float = 45
    memory_limit_MB: int = -1
    kernel: Literal["python3"] = "python3"
    files: Dict[str, str] = {}
    fetch_files: List[str] = []


app = FastAPI()


def answer(request):
    # Numbers that JSON lacks go as texts.
    fields = {
        name: str(value) if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in request.model_dump().items()
    }
    return Response(json.dumps(fields), media_type="application/json")


@app.post("/run_code")
async def run_code(request: RunCodeRequest):
    return answer(request)


@app.post("/run_jupyter")
async def run_jupyter(request: RunJupyterRequest):
    return answer(request)


async def call(path, body, content_type):
    sent = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    headers = [] if content_type is None else [(b"content-type", content_type.encode())]
    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "headers": headers,
        "query_string": b"", "http_version": "1.1", "scheme": "http", "root_path": "",
    }
    await app(scope, receive, send)
    return sent[0]["status"], b"".join(message["body"] for message in sent[1:])


chance = random.Random(seed)
TEXTS = [
    "", "x", "print(1)", "é世😀", "a\nb\t\"c\"\\", "python", "python3", "pythn", "5", "0.5", "5.", ".5", "-5", "+5", "1e3",
    "1E-2", "1_0", "1__0", "_1", "1_", "1_0.5", " 5 ", "5 ", "inf", "-Infinity", "nan", "NaN", "infinit", "0x10", "1.0",
    "1.00", "1.5", "5.0e1", "--5", "+", "e5", "1e", "soon", "true", "123456789012345678901234567890", "9" * 4301, "٣",
]
NUMBERS = [0, 1, -1, 5, 10, 0.5, 1.5, -2.5, 256, 1e3, 2**53, 1e30, True, False]
# No whole numbers: in JavaScript they come before all other names of an object, and so would their errors.
NAMES = ["a.txt", "d/b", "../c", "", "é", "__proto__", "constructor", "toString", "0.5", "code", "-1"]


def value(depth=2):
    kind = chance.randrange(7 if depth else 4)
    if kind == 0:
        return chance.choice(TEXTS)
    if kind == 1:
        return chance.choice(NUMBERS)
    if kind == 2:
        return None
    if kind == 3:
        return chance.choice(["python", "python3", 5])
    if kind == 4:
        return [value(depth - 1) for _ in range(chance.randrange(4))]
    return {chance.choice(NAMES): value(depth - 1) for _ in range(chance.randrange(4))}


GOOD = {
    "code": lambda: chance.choice(TEXTS[:5]),
    "language": lambda: chance.choice(LANGUAGES),
    "stdin": lambda: chance.choice([None, "1\n"]),
    "files": lambda: {chance.choice(NAMES): "eA==" for _ in range(2)},
    "fetch_files": lambda: [chance.choice(NAMES)],
    "cells": lambda: [chance.choice(TEXTS[:5])],
    "kernel": lambda: "python3",
}


def fields(model):
    body = {}
    for name in [*model.model_fields, chance.choice(["colour", "args", "__proto__"])]:
        if chance.random() < (0.9 if name in ("code", "language", "cells") else 0.4):
            number = lambda: chance.choice(NUMBERS + TEXTS[8:])  # noqa: E731
            good = GOOD.get(name, number)
            body[name] = good() if chance.random() < 0.8 else value()
    items = list(body.items())
    chance.shuffle(items)
    return dict(items)


def damage(text):
    """A text that is JSON no more, as a rule."""
    at = chance.randrange(len(text) + 1)
    junk = chance.choice(["", ",", "}", "]", '"', "{", "x", "\\", "\n", "'", "tru", "1.", "-", ":", "\t", "é", "\\u12"])
    end = chance.choice([at, at + 1, len(text)])
    return text[:at] + junk + text[end:]


def body_for(model):
    whole = fields(model) if chance.random() < 0.9 else value()
    if chance.random() < 0.5:
        return json.dumps(whole).encode()
    # Escapes are not damaged: half of a surrogate pair is a text to FastAPI, and to us it is none.
    text = json.dumps(whole, ensure_ascii=False)
    return (damage(text) if chance.random() < 0.6 else text).encode()


TYPES = ["application/json"] * 30 + [
    None, "application/json; charset=utf-8", "Application/JSON", "application/problem+json", "text/plain", "text/json",
    "application/x-www-form-urlencoded", "application/jsonx", "",
]


async def main():
    for _ in range(count):
        path, model = chance.choice([("/run_code", RunCodeRequest), ("/run_code", RunCodeRequest), ("/run_jupyter", RunJupyterRequest)])
        body, content_type = body_for(model), chance.choice(TYPES)
        status, answered = await call(path, body, content_type)
        line = {
            "path": path, "body": base64.b64encode(body).decode(), "content_type": content_type, "status": status,
            "answer": json.loads(answered),
        }
        print(json.dumps(line))


asyncio.run(main())
