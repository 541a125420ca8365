"""PDFs and pictures as somebody gets them: words, what they tell of themselves, and codes."""

import io
import re
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import zxingcpp
from PIL import Image

__all__ = ["Paper", "codes", "paper"]


@dataclass(frozen=True)
class Paper:
    """A PDF: the words of its pages, its metadata, and its pages as pictures."""

    raw: bytes
    words: str
    metadata: dict[str, str]
    pages: tuple[Image.Image, ...]


def paper(raw: bytes | Path) -> Paper:
    """A PDF, read by the library that browsers use."""
    content = raw.read_bytes() if isinstance(raw, Path) else raw
    document = pypdfium2.PdfDocument(content)
    try:
        texts = [page.get_textpage().get_text_bounded() for page in document]
        pictures = tuple(page.render(scale=2).to_pil() for page in document)
        metadata = {name: value for name, value in document.get_metadata_dict().items() if value}
    finally:
        document.close()
    # A line that is broken is one sentence all the same.
    words = re.sub(r"\s+", " ", "\n".join(texts).replace("\u2011", "-"))
    return Paper(content, words, metadata, pictures)


def codes(picture: Image.Image | bytes | Path) -> list[str]:
    """What a phone reads in a picture."""
    if isinstance(picture, Image.Image):
        opened = picture
    else:
        content = picture.read_bytes() if isinstance(picture, Path) else picture
        opened = Image.open(io.BytesIO(content))
    return [found.text for found in zxingcpp.read_barcodes(opened.convert("RGB"))]
