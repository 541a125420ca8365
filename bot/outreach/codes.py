"""QR codes of links as files: SVG for printers, PNG for everybody."""

import io

import segno

__all__ = ["code_png", "code_svg"]

#: Modules of white around a code, without which phones do not find it.
_BORDER = 4
#: Points of a module in a PNG: a code of 33 modules is 410 points wide.
_SCALE = 10


def _made(link: str) -> segno.QRCode:
    # A quarter of it may be dirty or torn off a wall.
    return segno.make(link, error="q", micro=False)


def code_svg(link: str, *, border: int = _BORDER) -> str:
    """`link` as SVG, white ground included."""
    out = io.BytesIO()
    _made(link).save(out, kind="svg", border=border, light="#fff", scale=_SCALE, nl=False)
    return out.getvalue().decode()


def code_png(link: str) -> bytes:
    """`link` as PNG; it holds nothing but the picture."""
    out = io.BytesIO()
    _made(link).save(out, kind="png", border=_BORDER, scale=_SCALE)
    return out.getvalue()
