"""The modules that are imported while the snapshot is built, so that a program imports them in no time."""

import sys
import types

STANDARD = """
    _colorize _strptime abc argparse array ast asyncio atexit base64 binascii bisect calendar cmath cmd code codecs
    collections collections.abc colorsys concurrent.futures configparser contextlib contextvars copy copyreg csv
    dataclasses datetime decimal difflib dis doctest email.message email.parser encodings.ascii encodings.cp437 encodings.idna
    encodings.latin_1 encodings.utf_16 encodings.utf_8_sig enum errno fnmatch fractions functools gc getpass gettext
    glob graphlib gzip hashlib heapq hmac html html.parser http.client importlib.metadata importlib.resources inspect
    io ipaddress itertools json keyword linecache locale logging math mimetypes numbers opcode operator os pathlib
    pickle pickletools platform pprint profile queue random re reprlib sched secrets select selectors shelve shlex
    shutil signal socket sqlite3 stat statistics string string.templatelib struct subprocess sys tempfile textwrap
    threading time timeit token tokenize traceback types typing unicodedata unittest unittest.mock urllib.parse
    urllib.request uuid warnings weakref xml.dom.minidom xml.etree.ElementTree zipfile zipimport zlib zoneinfo
"""

SCIENTIFIC = """
    mpmath sympy sympy.abc sympy.combinatorics sympy.geometry sympy.integrals.transforms sympy.matrices
    sympy.ntheory sympy.parsing.sympy_parser sympy.physics.units sympy.plotting sympy.polys sympy.printing
    sympy.solvers.ode sympy.stats sympy.vector
"""


SHELL = """
    IPython IPython.core.completer IPython.core.magics IPython.core.oinspect IPython.display IPython.lib.latextools
    IPython.lib.pretty asttokens executing pygments.formatters.terminal256 pygments.lexers.python stack_data
"""


def _import_all(names: str) -> None:
    for name in names.split():
        __import__(name)


def import_standard() -> None:
    """Imports the standard library's usual modules."""
    _import_all(STANDARD)


def import_scientific() -> None:
    """Imports sympy and mpmath; sympy asks ctypes for the size of a C long and for nothing else."""
    stand_in = types.ModuleType("ctypes")
    stand_in.c_long = type("c_long", (), {})
    stand_in.sizeof = lambda _kind: 4
    sys.modules["ctypes"] = stand_in
    try:
        _import_all(SCIENTIFIC)
    finally:
        del sys.modules["ctypes"]


def import_shell() -> None:
    """Imports what runs cells."""
    _import_all(SHELL)
