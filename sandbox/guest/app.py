"""Entry point of the guest: its import builds the snapshot, its `run` runs one program."""

import _sitebuiltins
import builtins
import gc
import importlib
import linecache
import os
import sys
import traceback

import wit_world
from fencerun_guest import archive, event_loop, preload, process, program

# Room that ordinary programs may allocate without growing the memory: a grown memory cannot be used again.
FREE_HEAP_BYTES = 24 << 20
HIDDEN_MODULES = ("app", "wit_world", "componentize_py_runtime", "componentize_py_types", "componentize_py_async_support", "fencerun_guest")


def _find_site_packages() -> str | None:
    """The packages that the build put next to this file; those of the building machine stay out."""
    directory = os.path.join(os.path.dirname(__file__), "site-packages")
    return directory if os.path.isdir(directory) else None


# Hidden modules are still called, some of them by what is no Python.
_hidden_modules = []


def _hide_own_modules() -> None:
    for name in list(sys.modules):
        if name.split(".")[0] in HIDDEN_MODULES:
            _hidden_modules.append(sys.modules.pop(name))


class _OwnModules:
    """Keeps programs from importing what the host added to the interpreter."""

    @staticmethod
    def find_spec(fullname, path=None, target=None):
        if fullname.split(".")[0] in HIDDEN_MODULES:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        return None


def _rehearse() -> None:
    """Imports what formatting an exception imports on first use."""
    for source in ("(", "undefined_name", "import undefined_module"):
        try:
            exec(compile(source, "<rehearsal>", "exec"), {})
        except Exception as error:
            traceback.format_exception(error)
    linecache.clearcache()


def _keep_license() -> None:
    """`license()` reads a file, which a program will not have."""
    with open("/python/LICENSE.txt", encoding="utf-8") as file:
        builtins.license = _sitebuiltins._Printer("license", file.read())


def _build_snapshot() -> None:
    site_packages = _find_site_packages()
    sys.path[:] = ["/python"]
    _keep_license()
    archive.add_library("/python", "/python")
    if site_packages:
        archive.add_library(site_packages, "/python/site-packages")
    preload.import_standard()
    finder = archive.Finder()
    sys.meta_path.insert(0, finder)
    if site_packages:
        preload.import_scientific()
        preload.import_shell()
        _import_cells(site_packages)
    sys.meta_path.remove(finder)
    sys.meta_path.append(finder)
    sys.meta_path.insert(0, _OwnModules)
    archive.show_source_lines()
    event_loop.install()
    process.install()
    _rehearse()
    sys.path_importer_cache.clear()
    room = bytearray(FREE_HEAP_BYTES)
    del room
    gc.collect()
    gc.freeze()


cells = None


def _import_cells(site_packages: str) -> None:
    """Cells run in the snapshot with packages only."""
    global cells
    cells = importlib.import_module("fencerun_guest.cells")
    cells.prepare(site_packages)


_build_snapshot()


class WitWorld(wit_world.WitWorld):
    """The exports of the component."""

    def run(self) -> int:
        _hide_own_modules()
        program.open_streams()
        namespace = program.prepare_main()
        try:
            exec(compile(program.read_main(), process.MAIN_PATH, "exec", dont_inherit=True), namespace)
            return_code = 0
        except SystemExit as exit:
            return_code = program.show_exit(exit)
        except BaseException as error:
            return_code = program.show_exception(error, own_frames=1)
            del error
        del namespace
        return program.finish(return_code)

    def run_cell(self, number: int) -> None:
        _hide_own_modules()
        cells.run_cell(number)
