"""The house rules that no linter knows."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.data import ROOT

MODULES = sorted([*(ROOT / "dialogs").rglob("*.py"), *(ROOT / "bot").rglob("*.py")])
PURE = [path for path in MODULES if path.is_relative_to(ROOT / "dialogs")]
LONGEST = 250

#: The modules that may write: what operators and authors read, and the line where the service is.
WRITERS = {
    "bot/app.py",
    "bot/authoring/catalogues.py",
    "bot/authoring/docs.py",
    "bot/cli/commands.py",
    "bot/cli/main.py",
    "bot/cli/places.py",
    "bot/events.py",
}
#: Ways to ask for the time, for chance, for the disk, the network or the environment.
IMPURE_MODULES = {
    "asyncio", "calendar", "glob", "http", "logging", "multiprocessing", "os", "pathlib",
    "random", "secrets", "shutil", "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile",
    "threading", "time", "urllib.request", "uuid",
}  # fmt: skip
IMPURE_CALLS = {"open", "input", "print", "exec", "eval", "__import__"}
IMPURE_METHODS = {"today", "now", "utcnow", "read_text", "write_text", "read_bytes", "write_bytes"}


def name(path: Path) -> str:
    """The place of a module in the project."""
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    """A module as Python reads it."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(module: ast.Module) -> Iterator[str]:
    """The modules that are imported anywhere in it."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls(module: ast.Module) -> Iterator[str]:
    """What is called anywhere in it: plain names, and the last part of dotted ones with a dot."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id
            elif isinstance(node.func, ast.Attribute):
                yield f".{node.func.attr}"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_is_short(path: Path) -> None:
    """At most 250 lines, and it begins by saying what it is for."""
    lines = path.read_text(encoding="utf-8").splitlines()

    assert len(lines) <= LONGEST
    assert ast.get_docstring(tree(path))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_names_what_it_offers(path: Path) -> None:
    """Everything in `__all__` is there and is public."""
    module = tree(path)
    assigned = [
        ast.literal_eval(node.value)
        for node in module.body
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets)
    ]
    if path.name == "__init__.py" and len(module.body) == 1:
        return
    (names,) = assigned
    loaded = importlib.import_module(name(path).removesuffix(".py").replace("/", "."))

    assert all(hasattr(loaded, public) and not public.startswith("_") for public in names)
    assert len(names) == len(set(names))


def test_only_named_modules_write() -> None:
    """No print, no log, no standard stream anywhere else: a line could quote a patient."""
    writers = set()
    for path in MODULES:
        module = tree(path)
        streams = {
            node.attr
            for node in ast.walk(module)
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "sys"
        }
        writes = {"print", ".print_exc", ".print_exception"} & set(calls(module))
        if writes or streams & {"stdout", "stderr", "__stdout__", "__stderr__"}:
            writers.add(name(path))

    assert WRITERS == writers


def test_nothing_logs() -> None:
    """Whoever logs, logs too much one day; only the module that ends all logging knows of it."""
    loggers = {"logging", "warnings", "syslog", "traceback.print_exc"}
    found = {name(path) for path in MODULES if set(imports(tree(path))) & loggers}

    assert {"bot/events.py"} == found


@pytest.mark.parametrize("path", PURE, ids=name)
def test_dialogs_is_pure(path: Path) -> None:
    """No clock, no chance, no disk, no network, no event loop, by any name."""
    module = tree(path)
    found = set(imports(module))
    awaits = [n for n in ast.walk(module) if isinstance(n, ast.AsyncFunctionDef | ast.Await)]

    assert not {module for module in found if module.split(".")[0] in IMPURE_MODULES}
    assert not found & IMPURE_MODULES
    assert not {module for module in found if module.split(".")[0] == "bot"}
    assert not set(calls(module)) & (IMPURE_CALLS | {f".{method}" for method in IMPURE_METHODS})
    assert not awaits


def test_the_watch_would_bark() -> None:
    """What the tests above look for is found where it is."""
    bad = ast.parse(
        "import os.path\nfrom time import sleep\nfrom datetime import date\n"
        "def f(): return date.today(), open('x'), print('y')\n"
    )

    assert {"os.path", "time", "time.sleep"} <= set(imports(bad))
    assert {".today", "open", "print"} <= set(calls(bad))
