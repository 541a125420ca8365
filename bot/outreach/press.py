"""The press: pages as PDF or PNG, made in memory by typst from templates of ours.

Words reach a template as data, never as markup; no file is written, and of itself a PDF tells its
title and language: neither when it was made, nor by whom, nor with what.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

__all__ = ["pdf", "png"]

_TEMPLATES = Path(__file__).parent / "templates"
#: What every template may import.
_PARTS = "parts.typ"
#: Where a PDF names the program; blanks in its place keep all offsets of the file right.
_MAKER = re.compile(rb"/Creator ?\([^)]*\)|<xmp:CreatorTool>[^<]*</xmp:CreatorTool>")


def _sheet(template: str, pictures: Mapping[str, str]) -> Any:
    """The template and what it shows: pictures as the text of SVG, by the name of their file.

    The library takes files by their names, in which its type hints are behind.
    """
    main = (_TEMPLATES / f"{template}.typ").read_bytes()
    parts = (_TEMPLATES / _PARTS).read_bytes()
    return {"main": main, _PARTS: parts, **{name: svg.encode() for name, svg in pictures.items()}}


def pdf(template: str, data: Mapping[str, Any], pictures: Mapping[str, str] | None = None) -> bytes:
    """A PDF of `template`, which reads `data` as JSON."""
    sheet = _sheet(template, pictures or {})
    made = bytes(typst.compile(sheet, sys_inputs={"data": json.dumps(data)}, format="pdf"))
    return _MAKER.sub(lambda found: b" " * len(found[0]), made)


def png(
    template: str,
    data: Mapping[str, Any],
    pictures: Mapping[str, str] | None = None,
    *,
    ppi: float = 144.0,
) -> bytes:
    """The one page of `template` as a picture of `ppi` points an inch."""
    sheet = _sheet(template, pictures or {})
    made = typst.compile(sheet, sys_inputs={"data": json.dumps(data)}, format="png", ppi=ppi)
    return bytes(made[0] if isinstance(made, list) else made)
