"""Reads the data files from disk, once, at the start."""

from pathlib import Path

from dialogs.catalogue import Sources
from dialogs.conversation.session import LANGUAGES

__all__ = ["ROOT", "read_sources"]

#: The folder that holds `dialogs/` and `locales/`.
ROOT = Path(__file__).parent.parent


def _folder(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml"))}


def read_sources(root: Path = ROOT) -> Sources:
    """The content of all data files below `root`; `OSError` names a file that cannot be read."""
    dialogs = root / "dialogs"
    catalogues = {
        language: root / "locales" / language / "LC_MESSAGES" / "messages.po"
        for language in LANGUAGES
    }
    return Sources(
        bank=_folder(dialogs / "questions"),
        trials=_folder(dialogs / "trials"),
        phrases=_folder(dialogs / "phrases"),
        help=(dialogs / "help.toml").read_text(encoding="utf-8"),
        regions=(dialogs / "eligibility" / "regions.toml").read_text(encoding="utf-8"),
        catalogues={
            language: path.read_text(encoding="utf-8")
            for language, path in catalogues.items()
            if path.exists()
        },
    )
