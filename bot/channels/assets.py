"""Style sheet, scripts and word lists of the pages, in memory under addresses that never change.

The address carries a hash of the content, so a phone may keep the file for good and still never
mixes an old file with a new page.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from bot.channels.wordlist import wordlist
from dialogs.conversation.session import LANGUAGES

__all__ = ["ASSETS", "PAGES", "Asset"]

#: The folder of templates, style sheet and script.
PAGES = Path(__file__).resolve().parent.parent / "pages"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file that the page loads: its bytes, its type and the hash of its bytes."""

    name: str
    kind: str
    content: bytes
    version: str

    @property
    def path(self) -> str:
        """The address below the page's own, with the hash."""
        return f"static/{self.name}?v={self.version}"


def _asset(name: str, kind: str, content: bytes) -> Asset:
    return Asset(name, kind, content, hashlib.sha256(content).hexdigest()[:16])


def _file(name: str, kind: str, *before: str) -> Asset:
    """A file as it is, or with others `before` it, so that a page loads one."""
    return _asset(name, kind, b"".join((PAGES / one).read_bytes() for one in (*before, name)))


def _words(language: str) -> Asset:
    """The words of a language, one a line."""
    return _asset(f"words.{language}.txt", "text/plain", "\n".join(wordlist(language)).encode())


#: The whole list of what `/static/` answers; no path of a request ever meets the disk.
ASSETS: dict[str, Asset] = {
    asset.name: asset
    for asset in (
        _file("passerelle.css", "text/css"),
        _file("passerelle.js", "text/javascript", "flight.js", "count.js", "notes.js"),
        _file("key.js", "text/javascript", "flight.js", "count.js"),
        _file("share.js", "text/javascript", "scrypt.js", "seal.js"),
        _file("shared.js", "text/javascript", "flight.js", "scrypt.js", "seal.js"),
        *map(_words, LANGUAGES),
    )
}
