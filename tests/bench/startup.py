"""How long a service with many trial files takes to read them, with and without what was compiled.

`python -m tests.bench.startup 10000` writes so many trial files by chance, with a title, a notice
and two short texts for each of 20 criteria in both languages, below a folder that goes away.
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path
from random import Random

import msgspec

from bot.data import ROOT, read_compiled, read_sources
from dialogs.catalogue import compiled_of, read_catalogue
from dialogs.compiled import packed
from tests.builders import toml
from tests.people import content_by_chance

_LANGUAGES = ("fr", "en")


def _entry(context: str, text: str) -> str:
    return f'\nmsgctxt "{context}"\nmsgid "{text}"\nmsgstr "{text}"\n'


def written(root: Path, count: int) -> None:
    """The project's data files below `root`, with so many trials by chance besides its own."""
    for part in ("dialogs", "locales"):
        shutil.copytree(ROOT / part, root / part)
    bank = read_catalogue(read_sources()).bank
    random = Random(1)
    words = []
    for number in range(100, 100 + count):
        content = content_by_chance(bank, number, random)
        data = msgspec.to_builtins(content, builtin_types=(), str_keys=True)
        data = {key: value for key, value in data.items() if value is not None}
        data["status"] = [
            {"day": e.day, "status": e.status, "checked": e.checked, "source": e.source}
            for e in content.status
        ]
        data["demonstration"] = content.demonstration
        data["criterion"] = [
            {key: value for key, value in one.items() if value not in (None, [], False)}
            for one in data["criterion"]
        ]
        (root / "dialogs" / "trials" / f"{content.id}.toml").write_text(toml(data))
        base = f"trial.{content.id}"
        words += [_entry(f"{base}.title", "x"), _entry(f"{base}.about.1", "x")]
        for one in content.criterion:
            words += [_entry(f"{base}.{one.id}.{part}", "x") for part in ("plain", "no", "point")]
    for language in _LANGUAGES:
        path = root / "locales" / language / "LC_MESSAGES" / "messages.po"
        with path.open("a", encoding="utf-8") as file:
            file.writelines(words)


def timed(root: Path, compiled: Path | None) -> tuple[float, float]:
    """Seconds to read the files, and to make the catalogue of them."""
    begun = time.perf_counter()
    sources = read_sources(root)
    kept = read_compiled(compiled, sources)
    read = time.perf_counter()
    read_catalogue(sources, kept)
    return read - begun, time.perf_counter() - read


def main() -> None:
    """Measures once without and once with what was compiled."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("count", type=int)
    count = options.parse_args().count
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        written(root, count)
        path = root / "compiled"
        sys.stdout.write(f"{count} trial files\n")
        for name, file in (("from the files", None), ("compiled", path)):
            if file is not None:
                file.write_bytes(packed(compiled_of(read_sources(root))))
                sys.stdout.write(f"compiled file: {file.stat().st_size / 1e6:.0f} MB\n")
            read, made = timed(root, file)
            sys.stdout.write(f"{name}: {read:.1f} s to read, {made:.1f} s to make the catalogue\n")


if __name__ == "__main__":
    main()
