"""Library sources, kept in memory and imported from there.

In: the library directories that exist while the snapshot is built.
Out: a finder for `sys.meta_path`, and source lines for tracebacks.
The running sandbox has no library directory; what is not pre-imported is compiled from here on import.
"""

import importlib.abc
import importlib.util
import linecache
import os
import zlib

SKIPPED_DIRECTORIES = {
    "__pycache__",
    "ensurepip",
    "idlelib",
    "lib2to3",
    "pydoc_data",
    "site-packages",
    "test",
    "tests",
    "tkinter",
    "turtledemo",
    "benchmarks",
}

_sources: dict[str, bytes] = {}
_roots: list[str] = []


def add_library(directory: str, shown_as: str) -> None:
    """Keeps every module below `directory`; tracebacks will show it as `shown_as`."""
    _roots.append(shown_as)
    for folder, subfolders, names in os.walk(directory):
        subfolders[:] = sorted(
            name for name in subfolders if name not in SKIPPED_DIRECTORIES and not name.startswith("config-")
        )
        for name in sorted(names):
            if name.endswith(".py"):
                path = f"{folder}/{name}"
                with open(path, "rb") as file:
                    _sources[shown_as + path[len(directory) :]] = zlib.compress(file.read(), 9)


def _read_source(path: str) -> bytes:
    return zlib.decompress(_sources[path])


class _Loader(importlib.abc.InspectLoader):
    def __init__(self, path: str) -> None:
        self.path = path

    def get_source(self, fullname: str) -> str:
        return importlib.util.decode_source(_read_source(self.path))

    def get_data(self, path: str) -> bytes:
        if path in _sources:
            return _read_source(path)
        raise FileNotFoundError(2, "No such file or directory", path)

    def get_filename(self, fullname: str) -> str:
        return self.path

    def is_package(self, fullname: str) -> bool:
        return self.path.endswith("/__init__.py")

    def get_code(self, fullname: str):
        return compile(_read_source(self.path), self.path, "exec", dont_inherit=True)


class Finder(importlib.abc.MetaPathFinder):
    """Finds modules in the archive."""

    def find_spec(self, fullname, path=None, target=None):
        relative = fullname.replace(".", "/")
        for root in _roots:
            package = f"{root}/{relative}"
            if f"{package}/__init__.py" in _sources:
                return self._build_spec(fullname, f"{package}/__init__.py", [package])
            if f"{package}.py" in _sources:
                return self._build_spec(fullname, f"{package}.py", None)
        return None

    @staticmethod
    def _build_spec(fullname, path, locations):
        return importlib.util.spec_from_file_location(
            fullname, path, loader=_Loader(path), submodule_search_locations=locations
        )


_update_cache_from_disk = linecache.updatecache


def _update_cache(filename, module_globals=None):
    if filename not in _sources:
        return _update_cache_from_disk(filename, module_globals)
    source = importlib.util.decode_source(_read_source(filename))
    lines = source.splitlines(True)
    linecache.cache[filename] = (len(source), None, lines, filename)
    return lines


def show_source_lines() -> None:
    """Lets tracebacks quote the library."""
    linecache.updatecache = _update_cache
