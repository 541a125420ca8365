"""Style sheet and scripts of the web page, held in memory under addresses that never change.

The address carries a hash of the content, so a phone may keep the file for good and still never
mixes an old file with a new page.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

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


def _asset(name: str, kind: str, before: str | None = None) -> Asset:
    """A file as it is, or with another one `before` it, so that a page loads one."""
    content = b"".join((PAGES / one).read_bytes() for one in (before, name) if one)
    return Asset(name, kind, content, hashlib.sha256(content).hexdigest()[:16])


#: The whole list of what `/static/` answers; no path of a request ever meets the disk.
ASSETS: dict[str, Asset] = {
    asset.name: asset
    for asset in (
        _asset("passerelle.css", "text/css"),
        _asset("passerelle.js", "text/javascript", "flight.js"),
        _asset("key.js", "text/javascript", "flight.js"),
    )
}
