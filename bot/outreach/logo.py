"""The logo that a group brings, made fit for a flyer.

Whatever the file is, only its picture goes on: what a camera or a program wrote into it stays out.
"""

import io
from base64 import b64encode
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.events import hushed

__all__ = ["HEAVIEST", "BadLogo", "logo_svg"]

#: Bytes of a file; printers' logos have a tenth.
HEAVIEST = 5_000_000
#: Points of the longer side on a flyer: 8 cm at 300 points an inch.
_LONGEST = 1000
#: Points of a whole picture; more is a mistake, or a bomb.
_MOST = 40_000_000
#: Bytes in which an SVG says what it is, behind declarations and comments.
_HEAD = 4096
_KINDS = ("PNG", "JPEG", "WEBP", "GIF")

#: The library would only warn of a bomb; the size is looked at here before anything is unpacked.
Image.MAX_IMAGE_PIXELS = None


class BadLogo(ValueError):
    """A file that cannot be a logo; the message names the file, the cause and the mend."""


def logo_svg(path: Path) -> str:
    """The picture in `path` as SVG, its longer side at most 1,000 points.

    Raises `BadLogo`, and `OSError` when there is no such file.
    """
    size = path.stat().st_size
    if size > HEAVIEST:
        raise BadLogo(
            f"{path}: {size / 1e6:.0f} MB are too many for a logo, {HEAVIEST / 1e6:.0f} MB are the "
            "most: save it smaller, 1,000 points wide"
        )
    content = path.read_bytes()
    if b"<svg" in content[:_HEAD]:
        raise BadLogo(
            f"{path}: SVG is not taken: open it in a drawing program and export it as PNG, 1,000 "
            "points wide"
        )
    with hushed():
        picture = _opened(path, content)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    width, height = picture.size
    data = b64encode(out.getvalue()).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}"><image width="{width}" height="{height}" '
        f'href="data:image/png;base64,{data}"/></svg>'
    )


def _opened(path: Path, content: bytes) -> Image.Image:
    """The picture, upright and small, as bare points."""
    try:
        with Image.open(io.BytesIO(content), formats=_KINDS) as opened:
            if opened.width * opened.height > _MOST:
                raise BadLogo(
                    f"{path}: {opened.width} by {opened.height} points are too many: save it 1,000 "
                    "points wide"
                )
            picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except UnidentifiedImageError:
        raise BadLogo(f"{path}: it is no picture: take a PNG, JPEG, WebP or GIF") from None
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, BadLogo):
            raise
        raise BadLogo(f"{path}: the picture is damaged or not whole: save it anew") from None
    picture.thumbnail((_LONGEST, _LONGEST))
    bare = Image.new("RGBA", picture.size)
    bare.paste(picture)
    return bare
