"""Runs one program the way `python3 /sandbox/main.py` does.

In: the file at `MAIN_PATH` and the process's three standard streams.
Out: the return code; output and files are on the streams and in the file system.
"""

import atexit
import builtins
import gc
import importlib.machinery
import io
import os
import random
import sys
import threading
import types

from .process import MAIN_PATH

SIGINT = 2

# Given back when a program fails, so that a MemoryError can still be printed.
_spare_memory = [bytearray(1 << 20)]


def open_streams(*, stdout_line_buffering: bool = False) -> None:
    """Gives the program streams of its own: stdout block-buffered, stderr line-buffered, as with pipes."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        raw = io.FileIO(number, mode, closefd=False)
        raw.name = f"<{name}>"
        buffered = io.BufferedReader(raw) if number == 0 else io.BufferedWriter(raw)
        stream = io.TextIOWrapper(
            buffered,
            encoding="utf-8",
            errors="backslashreplace" if number == 2 else "strict",
            newline=None if number == 0 else "\n",
            line_buffering=number == 2 or (number == 1 and stdout_line_buffering),
        )
        stream.mode = mode
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def prepare_main() -> dict:
    """Makes an empty `__main__` and gives its namespace."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    namespace = module.__dict__
    namespace["__loader__"] = importlib.machinery.SourceFileLoader("__main__", MAIN_PATH)
    namespace["__builtins__"] = builtins
    namespace["__file__"] = MAIN_PATH
    namespace["__cached__"] = None
    sys.argv = [MAIN_PATH]
    enter_directory()
    return namespace


def enter_directory() -> None:
    """Goes where programs and cells run, and makes random numbers new."""
    directory = os.path.dirname(MAIN_PATH)
    sys.path.insert(0, directory)
    os.chdir(directory)
    random.seed()


def read_main() -> bytes:
    """The bytes of the program."""
    with io.FileIO(MAIN_PATH) as file:
        return file.readall()


def show_exit(exit: SystemExit) -> int:
    """The return code of a `SystemExit`; a code that is no number is printed, as Python does."""
    code = exit.code
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF if -(2**63) <= code < 2**63 else 0xFF
    sys.stdout.flush()
    print(code, file=sys.stderr)
    return 1


def show_exception(error: BaseException, own_frames: int) -> int:
    """Prints an uncaught exception without our own frames and gives the return code."""
    _spare_memory.clear()
    trace = error.__traceback__
    for _ in range(own_frames):
        trace = trace.tb_next if trace is not None else None
    error.__traceback__ = trace
    sys.last_exc, sys.last_type, sys.last_value, sys.last_traceback = error, type(error), error, trace
    try:
        sys.stdout.flush()
    except Exception:
        pass
    try:
        sys.excepthook(type(error), error, trace)
    except SystemExit as exit:
        return show_exit(exit)
    except BaseException as second:
        print("Error in sys.excepthook:", file=sys.stderr)
        sys.__excepthook__(type(second), second, second.__traceback__)
        print("\nOriginal exception was:", file=sys.stderr)
        sys.__excepthook__(type(error), error, trace)
    return -SIGINT if isinstance(error, KeyboardInterrupt) else 1


def flush_streams() -> bool:
    """Flushes what the program writes to; false where that failed."""
    flushed = True
    for stream in {id(s): s for s in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__)}.values():
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except Exception:
            flushed = False
    return flushed


def finish(return_code: int) -> int:
    """Does what the interpreter does at its end, in its order: threads, exit functions, streams, the last objects."""
    try:
        threading._shutdown()
    except BaseException:
        pass
    try:
        atexit._run_exitfuncs()
    except BaseException:
        pass
    flushed = flush_streams()
    sys.last_exc = sys.last_type = sys.last_value = sys.last_traceback = None
    sys.modules.pop("__main__", None)
    gc.collect()
    flushed = flush_streams() and flushed
    return return_code if flushed or return_code else 120
