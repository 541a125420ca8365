"""The logo of a group: any picture goes on a flyer, and nothing but the picture."""

import io
import re
from base64 import b64decode
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from bot.outreach.logo import HEAVIEST, BadLogo, logo_svg

MARK = "Zoraide-Bird-5518"


def drawn(width: int = 300, height: int = 120) -> Image.Image:
    """A picture whose left half is red."""
    picture = Image.new("RGB", (width, height), "#fff")
    picture.paste("#c00", (0, 0, width // 2, height))
    return picture


def saved(folder: Path, kind: str, picture: Image.Image | None = None, **more: object) -> Path:
    """A picture as a file."""
    path = folder / f"logo.{kind}"
    (picture or drawn()).save(path, kind, **more)
    return path


def inside(svg: str) -> Image.Image:
    """The picture that an SVG holds."""
    found = re.search(r'href="data:image/png;base64,([^"]+)"', svg)

    assert found is not None

    return Image.open(io.BytesIO(b64decode(found[1])))


def refused(path: Path) -> str:
    """What is said of a file that cannot be a logo."""
    with pytest.raises(BadLogo) as error:
        logo_svg(path)

    assert str(path) in str(error.value)

    return str(error.value)


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "gif"])
def test_every_usual_kind_is_taken(tmp_path: Path, kind: str) -> None:
    """With its shape and its colours."""
    picture = inside(logo_svg(saved(tmp_path, kind))).convert("RGB")

    assert (300, 120) == picture.size
    left, right = picture.getpixel((20, 60)), picture.getpixel((280, 60))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert left[0] > 150 > left[1]
    assert min(right) > 240


@pytest.mark.parametrize(("width", "height"), [(4000, 200), (200, 4000), (3000, 3000)])
def test_a_large_picture_becomes_small(tmp_path: Path, width: int, height: int) -> None:
    """And keeps its shape."""
    picture = inside(logo_svg(saved(tmp_path, "png", drawn(width, height))))

    assert 1000 == max(picture.size)
    assert width / height == pytest.approx(picture.width / picture.height, rel=0.02)


def test_what_a_camera_wrote_stays_out(tmp_path: Path) -> None:
    """Who took it, where, and with what; a picture on its side is put upright."""
    exif = Image.Exif()
    exif[0x010E], exif[0x013B], exif[0x0112] = MARK, MARK, 6
    path = saved(tmp_path, "jpeg", exif=exif, comment=MARK.encode())

    assert MARK.encode() in path.read_bytes()

    svg = logo_svg(path)
    picture = inside(svg)

    assert (120, 300) == picture.size
    assert not picture.info
    assert MARK.encode() not in b64decode(svg.partition("base64,")[2].partition('"')[0])


def test_a_transparent_ground_stays(tmp_path: Path) -> None:
    """The flyer's own shows through."""
    clear = Image.new("RGBA", (50, 50), (0, 0, 0, 0))

    assert (0, 0, 0, 0) == inside(logo_svg(saved(tmp_path, "png", clear))).getpixel((5, 5))


def test_a_file_that_is_too_heavy_is_not_read(tmp_path: Path) -> None:
    """20 MB: the mend is named."""
    path = tmp_path / "logo.png"
    with path.open("wb") as file:
        file.truncate(20_000_000)
    said = refused(path)

    assert "20 MB are too many" in said
    assert "save it smaller" in said
    assert HEAVIEST == 5_000_000


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "it is no picture"), (b"MZ program", "it is no picture"),
        (b"%PDF-1.7 not a logo", "it is no picture"), (b"\x89PNG\r\n\x1a\n", "is"),
        (b'<svg xmlns="x"></svg>', "export it as PNG, 1,000 points wide"),
        (b'<?xml version="1.0"?><!DOCTYPE svg><!-- by hand -->\n<svg/>', "SVG is not taken"),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_named(tmp_path: Path, content: bytes, cause: str) -> None:
    """With what to take instead."""
    path = tmp_path / "logo.png"
    path.write_bytes(content)

    assert cause in refused(path)


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_half_a_picture_is_named(tmp_path: Path, kind: str) -> None:
    """A download that broke off."""
    path = saved(tmp_path, kind, Image.effect_noise((300, 200), 80).convert("RGB"))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    assert "damaged or not whole: save it anew" in refused(path)


def test_a_damaged_note_of_a_camera_is_not_told(tmp_path: Path) -> None:
    """The library would warn of it with the words of the file; here, warnings are errors."""
    exif = Image.Exif()
    exif[0x013B] = MARK
    path = saved(tmp_path, "jpeg", exif=exif)
    path.write_bytes(path.read_bytes().replace(b"\x01\x3b\x00\x02\x00", b"\x01\x3b\x00\x02\xff"))

    assert (300, 120) == inside(logo_svg(path)).size


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "gif"])
def test_whatever_is_broken_is_a_bad_logo(tmp_path: Path, kind: str) -> None:
    """Bytes changed by chance: a picture, or one clear sentence; never another error."""
    chance = Random(20261127)
    noise = Image.effect_noise((60, 40), 80).convert("RGB")
    whole = saved(tmp_path, kind, noise).read_bytes()
    path, taken, said = tmp_path / "broken", 0, set()
    for _ in range(300):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        path.write_bytes(content)
        try:
            taken += logo_svg(path).startswith("<svg")
        except BadLogo as error:
            said.add(str(error).partition(": ")[0])

    assert taken < 300
    assert {str(path)} == said


def test_a_bomb_is_not_opened(tmp_path: Path) -> None:
    """A small file that would fill the memory."""
    path = tmp_path / "logo.png"
    Image.new("1", (9000, 9000)).save(path)

    assert path.stat().st_size < 100_000
    assert "too many" in refused(path)


def test_a_missing_file_is_the_callers_to_name(tmp_path: Path) -> None:
    """As any other that cannot be read."""
    with pytest.raises(FileNotFoundError):
        logo_svg(tmp_path / "none.png")
