"""Reads the data files from disk, once, at the start."""

from collections.abc import Collection
from pathlib import Path

from dialogs.catalogue import Sources
from dialogs.compiled import Compiled, unpacked
from dialogs.conversation.session import LANGUAGES
from dialogs.errors import DataError

__all__ = ["ROOT", "read_compiled", "read_sources"]

#: The folder that holds `dialogs/` and `locales/`.
ROOT = Path(__file__).parent.parent


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DataError(path.name, f"byte {error.start}", "not UTF-8: save it as UTF-8") from error


def _folder(folder: Path) -> dict[str, str]:
    return {path.name: _text(path) for path in sorted(folder.glob("*.toml"))}


def _chosen(folder: Path, trials: Collection[str]) -> dict[str, str]:
    files = _folder(folder)
    if not trials:
        return files
    missing = [trial for trial in trials if f"{trial}.toml" not in files]
    if missing:
        known = ", ".join(sorted(Path(file).stem for file in files))
        raise DataError("TRIALS", missing[0], f"there is no file of this trial: known are {known}")
    return {f"{trial}.toml": files[f"{trial}.toml"] for trial in trials}


def read_sources(root: Path = ROOT, trials: Collection[str] = ()) -> Sources:
    """The content of all data files below `root`; of trials only those named, if any are.

    `OSError` or `DataError` names a file that cannot be read.
    """
    dialogs = root / "dialogs"
    catalogues = {
        language: root / "locales" / language / "LC_MESSAGES" / "messages.po"
        for language in LANGUAGES
    }
    return Sources(
        bank=_folder(dialogs / "questions"),
        trials=_chosen(dialogs / "trials", trials),
        phrases=_folder(dialogs / "phrases"),
        help=_text(dialogs / "help.toml"),
        alarms=_text(dialogs / "alarm.toml"),
        regions=_text(dialogs / "eligibility" / "regions.toml"),
        catalogues={
            language: _text(path) for language, path in catalogues.items() if path.exists()
        },
    )


def read_compiled(path: Path | None, sources: Sources) -> Compiled | None:
    """What `compile` wrote to `path`; None when there is nothing, or it is of other files."""
    if path is None or not path.exists():
        return None
    return unpacked(path.read_bytes(), sources.kinds())
