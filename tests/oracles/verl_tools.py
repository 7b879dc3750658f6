"""Writes vectors of verl's tool parsers and agent loop for generated inputs.

    python verl_tools.py SITE AGE FOLDER SEED COUNT

SITE holds verl, regex and pydantic; AGE is `new`, or `old` for the verl in the folder `older`. Everything else that
verl imports is a stub, as nothing of it runs here. FOLDER gets one FUNCTION.jsonl a function, COUNT cases each.
"""

import asyncio
import importlib.abc
import importlib.machinery
import importlib.util
import json
import logging
import os
import random
import sys
import types


class Stub:
    """Stands for whatever is imported, called, subscripted or subclassed."""

    def __init__(self, *args, **kwargs):
        pass

    def __call__(self, *args, **kwargs):
        # A decorator gives back what it decorates.
        return args[0] if len(args) == 1 and callable(args[0]) else Stub()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Stub()

    def __getitem__(self, key):
        return Stub()

    def __mro_entries__(self, bases):
        return (object,)

    def __or__(self, other):
        return object

    __ror__ = __or__


class StubType(type):
    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return StubType(name, (object,), {})


class StubModule(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return StubType(name, (object,), {}) if name[:1].isupper() else Stub()


class StubFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds stubs for heavy packages and for the parts of verl that are not under test."""

    real = {
        "verl.experimental.agent_loop.tool_parser",
        "verl.experimental.agent_loop.tool_agent_loop",
        "verl.experimental.agent_loop.utils",
        "verl.tools.schemas",
        "verl.tools.function_tool",
    }
    heavy = {"torch", "PIL", "ray", "hydra", "numpy", "omegaconf", "tensordict", "transformers"}

    def __init__(self, verl):
        self.verl = verl

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "verl":
            file = os.path.join(self.verl, *name.split(".")[1:]) + ".py"
            # The old verl has no function tools.
            if name in self.real and os.path.exists(file):
                return importlib.util.spec_from_file_location(name, file)
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        if name.split(".")[0] in self.heavy:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return StubModule(spec.name)

    def exec_module(self, module):
        module.__path__ = []


def load(site, age):
    sys.path.insert(0, site)
    sys.meta_path.insert(0, StubFinder(os.path.join(site, "older" if age == "old" else "", "verl")))
    logging.disable(logging.CRITICAL)
    return [
        importlib.import_module(f"verl.{name}")
        for name in (
            "experimental.agent_loop.tool_parser",
            "experimental.agent_loop.tool_agent_loop",
            "experimental.agent_loop.utils",
            "tools.function_tool",
            "tools.schemas",
        )
    ]


class Tokenizer:
    """Decodes to the text it is given."""

    def __init__(self, pad_token):
        self.pad_token = pad_token

    def decode(self, ids, skip_special_tokens=True):
        return ids

    def convert_tokens_to_ids(self, token):
        return 0


class Executor:
    """Runs at once."""

    async def run_in_executor(self, executor, function, *args):
        return function(*args)


TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "f",
            "description": "",
            "parameters": {
                "type": "object",
                "properties": {
                    name: {"type": kind, "description": ""}
                    for name, kind in {
                        "s": "string",
                        "i": "integer",
                        "n": "number",
                        "b": "boolean",
                        "o": "object",
                        "a": "array",
                        "u": " Unsigned int ",
                        "d": "Dict[str, int]",
                        "x": ["integer", "null"],
                        "code": "string",
                    }.items()
                },
                "required": ["s"],
            },
        },
    },
    {
        "type": "function",
        "function": {
            "name": "code_interpreter",
            "description": "",
            "parameters": {
                "type": "object",
                "properties": {"code": {"type": "string", "description": ""}},
                "required": ["code"],
            },
        },
    },
]

CHARACTERS = "aZ_09.,:;-+eEjJxX()[]{}<>|/\\\"'`#=*& \t\n\r\f\x00\x1f\x7f\x85\xa0é٣中\u3000\u200b\u2028\ufeff\u0301😀𠮷"
NAMES = ["f", "code_interpreter", "a.b", "functions.f:0", "", " f ", "é", "F", "it's", "code-interpreter", "zz\n"]
KEYS = ["s", "i", "n", "b", "o", "a", "u", "d", "x", "code", "", " s ", "é", "a b", 'q"', "k\\"]
SCALARS = """null None true True FALSE nan NaN Infinity -Infinity inf 0 -0 00 007 1 -1 +1 1_000 1__0 _1 1. .5 1.0 -0.0
1.5 1e3 1E+05 1e-7 1e400 -1e400 1e16 123456789.123456789 99999999999999999999 0x1F 0b101 0o17 0xg 1j 1+2j -1.5-2J 1-1
--1 +-1 ~1 ٣ ٣.٥ "q" 'q' b'x' r'\\n' u'é' f'x' '\\x41\\u00e9' "\\ud83d\\ude00" "\\ud800" '''a
b''' 'a' 'b' "a"b"c" [] [1] [1,] [,] (1) (1,) () (1,2,) {} {1} {1,} {1:2} {'a':1,'a':2} {1:'a',True:'b'} {[1]:2} set()
set() ... [...] [None,True] (((1))) {'a':[1,(2,3)]} {"a":NaN} {"a":1e5,"b":[]} [1,2 {'a' {"a":1,} [1, 'a'] x print(1)
__import__('os') 1+1 "\\N{DASH}" "\\777" '\\400' b'\\xff' b'é' 1if 1 0_0 0_7 1e 1e+ 0e0 1_0.0_1e1_0j # 1#c""".split()
TEXTS = ["x = 1\nprint(x)", "if a:\n    b\n", "a\r\nb", "\n\nx\n\n", "  lead", "trail  ", "\tx\t", "d = {'k': {'v': 1}}",
         "print(\"a\", 'b')", "s = '</b>'", "```python\nx\n```", "é 中 😀", "a < b > c", "&lt;", "\\n", "", " ", "\n", "\x00"]


class Inputs:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, items):
        return self.random.choice(items)

    def chance(self, share):
        return self.random.random() < share

    def noise(self, most=6):
        return "".join(self.pick(CHARACTERS) for _ in range(self.random.randrange(most + 1)))

    def literal(self, depth=0):
        kind = self.random.randrange(9 if depth < 4 else 3)
        if kind < 3:
            return self.pick(SCALARS)
        space = lambda: self.pick(["", "", " ", "\n", " # c\n", "\t", "\\\n"])
        items = [self.literal(depth + 1) for _ in range(self.random.randrange(4))]
        comma = lambda parts: (space() + ",").join(space() + part for part in parts) + self.pick(["", "", ",", " , "])
        if kind == 3:
            return "[" + comma(items) + "]"
        if kind == 4:
            return "(" + comma(items) + ")"
        if kind == 5:
            return "{" + comma(items) + "}"
        if kind == 6:
            return "{" + comma([item + space() + ":" + space() + self.literal(depth + 1) for item in items]) + "}"
        if kind == 7:
            return self.pick(["-", "+", "", " "]) + self.literal(depth + 1) + self.pick(["", "+", " - ", " "]) + self.literal(depth + 1)
        return space() + self.literal(depth + 1) + space()

    def value(self, depth=0):
        """A value that JSON can hold."""
        kind = self.random.randrange(10 if depth < 4 else 7)
        if kind == 0:
            return self.pick([None, True, False])
        if kind == 1:
            return self.random.randrange(-1000, 1000)
        if kind == 2:
            return self.random.choice([1.5, -0.0, 1e-7, 1e16, 1e22, 123456.789, float("inf"), float("nan"), 10**30, 5e-324,
                                       2.0 ** self.random.randrange(-1074, 1024), self.random.uniform(-1e3, 1e3), self.random.uniform(-1, 1) * 10.0 ** self.random.randrange(-300, 300)])
        if kind < 7:
            return self.pick(TEXTS) if self.chance(0.7) else self.noise(12)
        if kind == 7:
            return [self.value(depth + 1) for _ in range(self.random.randrange(4))]
        return {self.pick(KEYS + ["name", "arguments"]): self.value(depth + 1) for _ in range(self.random.randrange(4))}

    def json(self, value=None):
        value = self.value() if value is None else value
        text = json.dumps(value, ensure_ascii=self.chance(0.5), indent=self.pick([None, None, 1]))
        if self.chance(0.15):
            text = text.replace("\\n", "\n")
        return self.mutate(text) if self.chance(0.4) else text

    def mutate(self, text):
        for _ in range(self.random.randrange(1, 4)):
            at = self.random.randrange(len(text) + 1)
            to = min(len(text), at + self.random.randrange(6))
            part = text[at:to]
            text = self.pick([
                lambda: text[:at] + text[to:],
                lambda: text[:at] + part + text[at:],
                lambda: text[:at] + self.noise(3) + text[at:],
                lambda: text[:at] + self.noise(2) + text[to:],
                lambda: text[:at] + self.pick([",", "]", "}", "\"", "\\", "\\u12", "\\ud83d", "\n", "1e", ".", "-"]) + text[at:],
            ])()
        return text

    def text(self):
        kind = self.random.randrange(4)
        if kind == 0:
            return self.pick(SCALARS)
        if kind == 1:
            return self.pick(TEXTS)
        return self.literal() if kind == 2 else self.json()

    def call_json(self):
        members = [("name", self.pick(NAMES)), ("arguments", self.value() if self.chance(0.3) else {self.pick(KEYS): self.value(2)})]
        if self.chance(0.2):
            members[self.random.randrange(2)] = (self.pick(["name", "arguments", "parameters"]), self.value())
        if self.chance(0.1):
            members = members[:1]
        self.random.shuffle(members)
        return self.json(dict(members) if self.chance(0.95) else self.value())

    def shuffle(self, parts):
        """Parts of a format, mostly as they should be."""
        parts = list(parts)
        for _ in range(self.random.choice([0, 0, 0, 1, 1, 2, 4])):
            if not parts:
                break
            at = self.random.randrange(len(parts))
            kind = self.random.randrange(5)
            if kind == 0:
                del parts[at]
            elif kind == 1:
                parts.insert(at, self.pick(parts))
            elif kind == 2:
                other = self.random.randrange(len(parts))
                parts[at], parts[other] = parts[other], parts[at]
            elif kind == 3:
                parts.insert(at, self.pick(["<think>", "</think>", "\n", " ", self.noise(), self.pick(TEXTS)]))
            else:
                parts[at] = self.mutate(parts[at])
        return "".join(parts)

    def space(self):
        return self.pick(["", "", "\n", "\n", " ", "\r\n", "\n\n", "\u3000", "\x1c"])

    def arguments(self, parts):
        return [part for _ in range(self.random.randrange(4)) for part in parts()]

    def calls(self, parts):
        out = [self.pick(["", "", "text ", "<think>r</think>", "</think>", "\n\n"])]
        for _ in range(self.random.choice([0, 1, 1, 1, 2, 3])):
            out += parts()
            out.append(self.pick(["", "", "\n", " mid "]))
        return self.shuffle(out)

    def hermes(self):
        return self.calls(lambda: ["<tool_call>", self.space(), self.call_json(), self.space(), "</tool_call>"])

    def gpt_oss(self):
        start = "<|start|>assistant<|channel|>"
        think = lambda: [self.pick([start, "<|channel|>"]), "analysis<|message|>", self.pick(TEXTS), "<|end|>"]
        call = lambda: [start, self.pick(["commentary", "analysis", "", "a to=functions.b"]), self.pick([" to=functions.", " to=functions. to=functions."]),
                        self.pick(NAMES), self.pick([" ", " ", "", "  "]), "<|constrain|>json<|message|>", self.json(), self.pick(["<|call|>", "<|call|>", "<|end|>"])]
        return self.calls(lambda: (think() if self.chance(0.4) else []) + call() + (["<|endoftext|>"] if self.chance(0.2) else []))

    def qwen3_coder(self):
        parameter = lambda: ["<parameter=", self.pick(KEYS), ">", self.pick(["\n", "\n", "", "\r\n"]), self.text(), self.pick(["\n", "\n", ""]), "</parameter>", self.space()]
        function = lambda: ["<function=", self.pick(NAMES + ["f"] * 9), ">", self.space(), *self.arguments(parameter), "</function>"]
        return self.calls(lambda: ["<tool_call>", self.space(), *function(), self.space(), "</tool_call>"])

    def glm(self):
        argument = lambda: ["<arg_key>", self.pick(KEYS), "</arg_key>", self.space(), "<arg_value>", self.text(), "</arg_value>", self.space()]
        return self.calls(lambda: ["<tool_call>", self.pick(NAMES), self.space(), *self.arguments(argument), "</tool_call>"])

    def seed(self):
        parameter = lambda: ["<parameter=", self.pick(KEYS), ">", self.text(), "</parameter>", self.space()]
        function = lambda: ["<function=", self.pick(NAMES), ">", self.space(), *self.arguments(parameter), "</function>"]
        return self.calls(lambda: ["<seed:tool_call>", self.space(), *function(), "</seed:tool_call>"])

    def minimax(self):
        parameter = lambda: ['<parameter name="', self.pick(KEYS), '">', self.text(), "</parameter>", self.space()]
        invoke = lambda: ['<invoke name="', self.pick(NAMES), '">', self.space(), *self.arguments(parameter), "</invoke>"]
        return self.calls(lambda: ["<minimax:tool_call>", self.space(), *self.arguments(invoke), "</minimax:tool_call>"])

    def kimi(self):
        call = lambda: ["<|tool_call_begin|>", self.pick(NAMES), "<|tool_call_argument_begin|>", self.json({self.pick(KEYS): self.value(2)}), "<|tool_call_end|>"]
        return self.calls(lambda: ["<|tool_calls_section_begin|>", *self.arguments(call), "<|tool_calls_section_end|>"])

    def deepseek_v4(self):
        tag = "｜DSML｜"
        parameter = lambda: [f'<{tag}parameter name="', self.pick(KEYS), '" string="', self.pick(["true", "false", "false", "maybe"]), '">', self.text(), f"</{tag}parameter>", self.space()]
        invoke = lambda: [f'<{tag}invoke name="', self.pick(NAMES), '">', self.space(), *self.arguments(parameter), f"</{tag}invoke>", self.space()]
        return self.calls(lambda: ["\n\n", f"<{tag}tool_calls>", self.space(), *self.arguments(invoke), f"</{tag}tool_calls>", self.pick(["", "<｜end▁of▁sentence｜>", "<pad>"])])

    def gemma4(self):
        quoted = lambda: ['<|"|>', self.pick([self.text(), "plain"]), '<|"|>']
        argument = lambda: [self.pick(KEYS), ":", *(quoted() if self.chance(0.5) else [self.text()]), self.pick([",", ", "])]
        return self.calls(lambda: ["<|tool_call>", "call:", self.pick(NAMES), "{", *self.arguments(argument), "}", "<tool_call|>", self.pick(["", "<pad>"])])


def describe(call):
    members = {"name": call.name, "arguments": call.arguments}
    if getattr(call, "tool_call_id", None) is not None:
        members["tool_call_id"] = call.tool_call_id
    return members


async def main(site, age, folder, seed, count):
    tool_parser, tool_agent_loop, utils, function_tool, schemas = load(site, age)
    tool_parser.get_event_loop = Executor
    inputs = Inputs(seed)

    # The old parsers take no tools.
    tools = [] if age == "old" else [schemas.OpenAIFunctionToolSchema.model_validate(tool) for tool in TOOLS]

    def parser(name, make, pad_token=None, takes_tools=False):
        async def case():
            text = make()
            given = takes_tools and inputs.chance(0.8)
            kwargs = {"tools": TOOLS} if given else {}
            if pad_token is not None:
                kwargs["pad_token"] = pad_token
            parse = tool_parser.ToolParser.get_tool_parser(name, Tokenizer(pad_token))
            content, calls = await parse.extract_tool_calls(text, *([tools] if given else []))
            return text, kwargs, {"content": content, "tool_calls": [describe(call) for call in calls]}

        return case

    class Tool:
        async def create(self, **kwargs):
            return "1", None

        async def execute(self, instance_id, parameters, **kwargs):
            parameters.get("code", "")
            return schemas.ToolResponse(text=self.text), 0.0, {}

        async def release(self, instance_id):
            pass

    async def call_tool():
        loop = object.__new__(tool_agent_loop.ToolAgentLoop)
        tool = Tool()
        tool.text = inputs.noise(30)
        loop.tools = {name: tool for name in inputs.pick([["code_interpreter"], ["code_interpreter", "it's"], []])}
        loop.max_tool_response_length = inputs.random.randrange(-2, 20)
        loop.tool_response_truncate_side = inputs.pick(["left", "right", "middle", ""])
        name = inputs.pick(NAMES + ["code_interpreter"] * 20)
        call = tool_parser.FunctionCall(name=name, arguments=inputs.json())
        reply, _, _ = await loop._call_tool(call, {}, types.SimpleNamespace())
        kwargs = {"tools": list(loop.tools), "tool_text": tool.text}
        kwargs |= {"max_length": loop.max_tool_response_length, "side": loop.tool_response_truncate_side}
        return {"name": name, "arguments": call.arguments}, kwargs, reply.text

    async def gpt_oss_response():
        pairs = [[inputs.pick(NAMES), inputs.pick(TEXTS)] for _ in range(inputs.random.randrange(1, 4))]
        messages = [{"content": text} for _, text in pairs]
        return pairs, {}, utils.build_gpt_oss_tool_response_text(messages, [name for name, _ in pairs])

    async def function_return():
        value = inputs.value()
        given = value
        if inputs.chance(0.4):
            parts = [inputs.value(), inputs.pick([None, 0.5, 2]), inputs.pick([None, {}, {"m": 1}]), 1]
            parts = parts[: inputs.random.randrange(5)]
            value, given = tuple(parts), {"tuple": parts}
        response, reward, metrics = function_tool.normalize_function_tool_return(value)
        return given, {}, {"text": response.text, "reward": reward, "metrics": metrics}

    cases = {
        "verl_hermes": parser("hermes", inputs.hermes),
        "verl_gpt_oss": parser("gpt-oss", inputs.gpt_oss, "<|endoftext|>"),
        "verl_call_tool_old": call_tool,
        "verl_gpt_oss_tool_response": gpt_oss_response,
    } if age == "old" else {
        "verl_new_hermes": parser("hermes", inputs.hermes),
        "verl_gpt_oss": parser("gpt-oss", inputs.gpt_oss, "<|endoftext|>"),
        "verl_new_qwen3_coder": parser("qwen3_coder", inputs.qwen3_coder, None, True),
        "verl_new_glm": parser("glm", inputs.glm),
        "verl_new_seed": parser("seed", inputs.seed),
        "verl_new_minimax": parser("minimax", inputs.minimax),
        "verl_new_kimi": parser("kimi", inputs.kimi, None, True),
        "verl_new_deepseek_v4": parser("deepseek_v4", inputs.deepseek_v4, "<pad>"),
        "verl_new_gemma4": parser("gemma4", inputs.gemma4, "<pad>"),
        "verl_call_tool_new": call_tool,
        "verl_gpt_oss_tool_response": gpt_oss_response,
        "verl_normalize_function_tool_return": function_return,
    }
    for function, case in cases.items():
        with open(os.path.join(folder, function + ".jsonl"), "w") as file:
            for _ in range(count):
                state = inputs.random.getstate()
                try:
                    given, kwargs, output = await case()
                    line = {"function": function, "input": given, "kwargs": kwargs, "output": output}
                except TypeError as error:
                    if function != "verl_normalize_function_tool_return":
                        raise
                    # The input is what the same state gives again.
                    inputs.random.setstate(state)
                    line = None
                    message = str(error)
                    value = inputs.value()
                    given = value
                    if inputs.chance(0.4):
                        parts = [inputs.value(), inputs.pick([None, 0.5, 2]), inputs.pick([None, {}, {"m": 1}]), 1]
                        given = {"tuple": parts[: inputs.random.randrange(5)]}
                    raises = {"type": "TypeError", "message": message}
                    line = {"function": function, "input": given, "kwargs": {}, "output": None, "raises": raises}
                file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4], int(sys.argv[4]), int(sys.argv[5])))
