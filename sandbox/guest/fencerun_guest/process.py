"""What a program expects of its own process: ending at once, signals to itself, its recursion limit."""

import os
import signal
import sys

import wit_world

MAIN_PATH = "/sandbox/main.py"


def _exit_now(status):
    wit_world.exit_now(status & 0xFF)


def _abort():
    wit_world.exit_now(-6)


def _kill(pid, signum):
    if pid not in (0, -1, os.getpid()):
        raise ProcessLookupError(3, "No such process")
    if signum == 0:
        return
    handler = signal.getsignal(signum) if signum not in (9, 19) else signal.SIG_DFL
    if callable(handler):
        signal.raise_signal(signum)
    elif handler != signal.SIG_IGN:
        wit_world.exit_now(-signum)


def _hide_own_frame() -> None:
    """The program is called by one frame of ours, which must not count against its recursion."""
    get_limit, set_limit = sys.getrecursionlimit, sys.setrecursionlimit
    set_limit(get_limit() + 1)

    def getrecursionlimit():
        return get_limit() - 1

    def setrecursionlimit(limit, /):
        set_limit(limit + 1)

    sys.getrecursionlimit, sys.setrecursionlimit = getrecursionlimit, setrecursionlimit


def install() -> None:
    """Puts them where programs look for them."""
    _hide_own_frame()
    for name, function in (("_exit", _exit_now), ("abort", _abort), ("kill", _kill)):
        function.__name__ = function.__qualname__ = name
        function.__module__ = "posix"
        setattr(os, name, function)
    if not hasattr(signal, "SIGKILL"):
        signal.SIGKILL = 9
