"""QR pictures, drawn in memory: no file, no service, nothing of hers leaves the page."""

import io

import segno
from markupsafe import Markup

__all__ = ["LONGEST", "picture"]

#: Bytes; a longer text makes squares too small for the camera of an older phone.
LONGEST = 600


def picture(target: str, label: str) -> Markup | None:
    """`target` as an inline SVG that a screen reader reads as `label`; None when it is too long.

    The picture carries no style and no size, so a strict content policy lets it stand and the
    style sheet decides how large it is. It brings its own white border and ground, because
    scanners need them in a dark page as well.
    """
    if len(target.encode()) > LONGEST:
        return None
    out = io.BytesIO()
    segno.make(target, error="m", micro=False).save(
        out,
        kind="svg",
        border=4,
        dark="#000",
        light="#fff",
        omitsize=True,
        xmldecl=False,
        svgns=False,
        svgclass="qr",
        lineclass=None,
        nl=False,
    )
    squares = Markup(out.getvalue().decode().removeprefix("<svg"))  # noqa: S704 - holds no text
    return Markup('<svg role="img" aria-label="{}"').format(label) + squares
