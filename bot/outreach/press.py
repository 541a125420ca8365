"""The press: pages as PDF or PNG, made in memory by typst from templates of ours.

Words reach a template as data, never as markup; no file is written, and a PDF tells neither when it
was made nor by whom.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

__all__ = ["pdf", "png"]

_TEMPLATES = Path(__file__).parent / "templates"


def _sheet(template: str, pictures: Mapping[str, str]) -> Any:
    """The template and what it shows: pictures as the text of SVG, by the name of their file.

    The library takes files by their names, in which its type hints are behind.
    """
    main = (_TEMPLATES / f"{template}.typ").read_bytes()
    return {"main": main, **{name: svg.encode() for name, svg in pictures.items()}}


def pdf(template: str, data: Mapping[str, Any], pictures: Mapping[str, str] | None = None) -> bytes:
    """A PDF of `template`, which reads `data` as JSON."""
    sheet = _sheet(template, pictures or {})
    return bytes(typst.compile(sheet, sys_inputs={"data": json.dumps(data)}, format="pdf"))


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
