"""Runs cells the way a Jupyter kernel does: IPython's shell in a running event loop, without sockets and threads.

In: the source of one cell after the other.
Out: messages for the host; plain output is on the streams.
Knows ipykernel only by what it shows: the names of files in errors, the frames in tracebacks, the refused `input`.
"""

import asyncio
import atexit
import base64
import builtins
import errno
import json
import linecache
import pathlib
import sys
import traceback
import types

import wit_world
from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils import PyColorize
from traitlets.config import Config

from . import program

CELL_DIRECTORY = "/tmp/ipykernel_1"
HASH_SEED = 0xC70F6907
# Without a file of its own: In, Out and _ are there all the same.
NO_HISTORY = Config(HistoryManager={"enabled": False, "hist_file": ":memory:"})
SCRIPT_MAGICS = {"script", "bash", "sh", "perl", "ruby", "pypy", "python", "python2", "python3"}
# What the shell leaves in `sys` for a terminal, and the last exception of its rehearsal.
SHELL_TRACES = ("ps1", "ps2", "ps3", "last_exc", "last_type", "last_value", "last_traceback")
MAX_ERROR_CHARACTERS = 64 << 10


def _show(**message) -> None:
    wit_world.show(json.dumps(message, default=repr).encode())


def _show_error(kind: str, value: str, lines: list[str]) -> None:
    cut = MAX_ERROR_CHARACTERS // max(1, len(lines))
    lines = [line[:cut] for line in lines]
    _show(error={"traceback": lines, "ename": kind, "evalue": value[:MAX_ERROR_CHARACTERS]})


def _encode(data: dict) -> dict:
    """The data of a display as JSON holds it: bytes, which are images, as base64."""
    return {
        kind: base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value
        for kind, value in data.items()
    }


def hash_murmur2(data: bytes, seed: int) -> int:
    """MurmurHash2 of 32 bits, by which ipykernel names the file of a cell."""
    factor, mask = 0x5BD1E995, 0xFFFFFFFF
    value = seed ^ len(data)
    whole = len(data) & ~3
    for start in range(0, whole, 4):
        word = int.from_bytes(data[start : start + 4], "little") * factor & mask
        value = (value * factor & mask) ^ ((word ^ word >> 24) * factor & mask)
    if whole < len(data):
        value = (value ^ int.from_bytes(data[whole:], "little")) * factor & mask
    value = (value ^ value >> 13) * factor & mask
    return value ^ value >> 15


class _Compiler(CachingCompiler):
    def get_code_name(self, raw_code, code, number):
        return f"{CELL_DIRECTORY}/{hash_murmur2(raw_code.encode(errors='replace'), HASH_SEED)}.py"

    def ast_parse(self, source, filename="<unknown>", symbol="exec"):
        try:
            return super().ast_parse(source, filename, symbol)
        except SyntaxError as error:
            # Since 3.13 an unfinished cell raises a private subclass, which was plain SyntaxError before.
            if type(error).__name__ != "_IncompleteInputError":
                raise
            raise SyntaxError(*error.args) from None


class _DisplayHook(DisplayHook):
    """Shows the value of a cell's last expression."""

    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        if format_dict:
            _show(display=_encode(format_dict))

    def finish_displayhook(self):
        pass


class _DisplayPublisher(DisplayPublisher):
    def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **_kwargs):
        _show(display=_encode(data))

    def clear_output(self, wait=False):
        pass


def _refuse_input(prompt="", /):
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")


class Shell(InteractiveShell):
    """IPython's shell where there is no terminal, no home directory, no process and nobody to ask."""

    muted = False

    def init_profile_dir(self, profile_dir):
        self.profile_dir = None

    def init_ipython_dir(self, ipython_dir):
        pass

    def init_virtualenv(self):
        pass

    def system_piped(self, cmd):
        raise OSError(errno.ENOSYS, f"the sandbox starts no processes: {cmd}")

    system = system_raw = system_piped

    def getoutput(self, cmd, split=True, depth=0):
        self.system_piped(cmd)

    def run_cell_magic(self, magic_name, line, cell):
        if magic_name in SCRIPT_MAGICS:
            self.system_piped(f"{magic_name} {line}".strip())
        return super().run_cell_magic(magic_name, line, cell)

    def ask_exit(self):
        raise SystemExit

    def showtraceback(self, exc_tuple=None, *args, **kwargs):
        kind, value, trace = self._get_exc_info(exc_tuple)
        _leave_out_own_frames(trace)
        super().showtraceback((kind, value, trace), *args, **kwargs)

    def _showtraceback(self, etype, evalue, stb):
        if self.muted:
            return
        sys.stdout.flush()
        sys.stderr.flush()
        _show_error(etype.__name__, str(evalue), stb)


# Libraries ask for this name to learn that they run in a notebook.
Shell.__module__, Shell.__name__, Shell.__qualname__ = "ipykernel.zmqshell", "ZMQInteractiveShell", "ZMQInteractiveShell"


def _leave_out_own_frames(trace) -> None:
    """Cuts a traceback where it enters this file from a cell."""
    in_cell = False
    while trace is not None:
        in_cell = in_cell or trace.tb_frame.f_code.co_filename.startswith(CELL_DIRECTORY)
        following = trace.tb_next
        if in_cell and following and following.tb_frame.f_code.co_filename == __file__:
            trace.tb_next = None
        trace = trace.tb_next


class _Session:
    """A shell that is made, and has formatted its first traceback, before there is anything to run."""

    def __init__(self) -> None:
        known = set(vars(builtins))
        main = sys.modules["__main__"]
        self.main = types.ModuleType("__main__")
        self.shell = Shell.instance(
            config=NO_HISTORY,
            user_module=self.main,
            displayhook_class=_DisplayHook,
            display_pub_class=_DisplayPublisher,
            compiler_class=_Compiler,
        )
        self._rehearse()
        # Nothing of the shell may be seen by a program, which runs in the same snapshot without one.
        Shell.clear_instance()
        atexit.unregister(self.shell.atexit_operations)
        self.builtins = {name: vars(builtins).pop(name) for name in set(vars(builtins)) - known}
        sys.modules["__main__"] = main
        for name in SHELL_TRACES:
            vars(sys).pop(name, None)
        linecache.clearcache()

    def _rehearse(self) -> None:
        shell = self.shell
        shell.muted = True
        for source in ("1/0", "(", "undefined_name", "import undefined_module"):
            shell.run_cell(source)
        shell.muted = False

    def open(self, number: int) -> None:
        program.open_streams(stdout_line_buffering=True)
        program.enter_directory()
        sys.modules["__main__"] = self.main
        for kind in Shell._walk_mro():
            kind._instance = self.shell
        vars(builtins).update(self.builtins, input=_refuse_input)
        self.shell.execution_count = number
        history = self.shell.history_manager
        for inputs in (history.input_hist_parsed, history.input_hist_raw):
            inputs.extend([""] * (number - len(inputs)))
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)

    def run(self, code: str) -> None:
        self.loop.run_until_complete(self._run(code))

    async def _run(self, code: str) -> None:
        shell = self.shell
        transformed, failure = code, None
        try:
            transformed = shell.transform_cell(code)
        except Exception:
            failure = sys.exc_info()
        if shell.should_run_async(code, transformed_cell=transformed, preprocessing_exc_tuple=failure):
            await shell.run_cell_async(
                code, store_history=True, transformed_cell=transformed, preprocessing_exc_tuple=failure
            )
        else:
            shell.run_cell(code, store_history=True)


_session: _Session
_is_open = False


def prepare(site_packages: str) -> None:
    """Makes the shell while the snapshot is built. IPython reads its colours from its folder, which is not there later."""
    global _session
    shown = PyColorize._THEME_DIR
    PyColorize._THEME_DIR = pathlib.Path(site_packages, "IPython/utils/themes")
    for name in PyColorize.theme_table:
        PyColorize.theme_table[name]
    PyColorize._THEME_DIR = shown
    _session = _Session()


def run_cell(number: int) -> None:
    """Runs the cell that the host has ready. The first one opens the session and is cell `number`."""
    global _is_open
    code = wit_world.read_cell().decode()
    try:
        if not _is_open:
            _session.open(number)
            _is_open = True
        _session.run(code)
    except BaseException as error:
        # Only what a cell did to the shell itself gets here.
        _show_error(type(error).__name__, str(error), traceback.format_exception(error))
    program.flush_streams()
