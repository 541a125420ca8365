"""QR codes as files: read back, they are the link."""

import io

import pytest
import zxingcpp
from PIL import Image

from bot.outreach.codes import code_png, code_svg
from bot.outreach.press import png

LINKS = (
    "https://passerelle.example.org/?c=la-rose",
    "https://t.me/passerelle_sample_bot?start=la-rose",
    "https://a-long-name.of-a-service.example.org/?c=" + "a" * 32 + "&lang=en",
)


def read(picture: bytes) -> list[str]:
    """What a phone reads in a picture."""
    with Image.open(io.BytesIO(picture)) as opened:
        return [found.text for found in zxingcpp.read_barcodes(opened.convert("RGB"))]


@pytest.mark.parametrize("link", LINKS)
def test_a_png_is_the_link(link: str) -> None:
    """And holds nothing else."""
    picture = code_png(link)

    assert [link] == read(picture)
    with Image.open(io.BytesIO(picture)) as opened:
        assert {"dpi"} >= set(opened.info)


@pytest.mark.parametrize("link", LINKS)
def test_an_svg_is_the_link(link: str) -> None:
    """Drawn by a program that is not ours, on any ground."""
    svg = code_svg(link)

    assert svg.count("<svg") == 1
    assert "#fff" in svg
    assert [link] == read(png("../../../tests/data/picture", {}, {"picture.svg": svg}))


def test_a_torn_code_can_be_read() -> None:
    """A corner of it may be gone."""
    with Image.open(io.BytesIO(code_png(LINKS[0]))) as opened:
        torn = opened.convert("RGB")
    torn.paste("#fff", (torn.width * 11 // 20, torn.height * 11 // 20,
                        torn.width * 15 // 20, torn.height * 14 // 20))  # fmt: skip
    out = io.BytesIO()
    torn.save(out, "PNG")

    assert [LINKS[0]] == read(out.getvalue())
