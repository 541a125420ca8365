"""The flyer of a link: what it says, in both languages and forms, and that its code leads there."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from bot.outreach.flyer import FORMS, Flyer
from bot.outreach.logo import logo_svg
from dialogs.catalogue import Catalogue
from dialogs.conversation.session import LANGUAGES
from tests.papers import codes, paper

LINK = "https://passerelle.example.org/?c=la-rose"
LABEL = "Les Amies de la Rose (sample)"
TODAY = date(2026, 11, 27)
LONG = "Association départementale des femmes et des hommes qui avancent ensemble (sample)"


def flyer(catalogue: Catalogue, **other: object) -> Flyer:
    """The flyer of the sample group, about PALATINE."""
    said = {
        "catalogue": catalogue, "trial": catalogue.trials[1], "link": LINK, "label": LABEL,
        "logo": None, "today": TODAY,
    }  # fmt: skip
    return Flyer(**said | other)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_what_it_has_to(catalogue: Catalogue, form: str, language: str) -> None:
    """The study in plain words, whether it is open, when that was checked, and the promise."""
    made = paper(flyer(catalogue).pdf(form, language))
    speech = catalogue.speeches[language]
    trial = catalogue.trials[1]
    status = catalogue.status(trial, TODAY)
    title = speech.say(trial.phrase("title"))

    def plain(text: str) -> str:
        return "".join(text.split())

    words = plain(made.words)
    for sentence in (
        speech.say("flyer.title"), speech.say("flyer.kept"), speech.say("flyer.advice"),
        speech.say("flyer.shared", label=LABEL), title[1:], trial.name,
        speech.say(f"status.{status.openness.value}", day=speech.date(status.checked)),
        LINK.removeprefix("https://"), speech.say("flyer.demonstration"),
    ):  # fmt: skip
        assert plain(sentence) in words
    assert 1 == len(made.pages)
    assert speech.say("flyer.title") == made.metadata["Title"].replace("\u2011", "-")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_its_code_is_the_link(catalogue: Catalogue, form: str, language: str) -> None:
    """On paper and on the screen."""
    made = flyer(catalogue)

    assert [LINK] == codes(made.png(form, language))
    assert [LINK] == codes(paper(made.pdf(form, language)).pages[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_closed_study_is_told_as_closed(live: Catalogue, language: str) -> None:
    """Nobody is promised questions that are not asked."""
    made = paper(flyer(live, trial=live.trials[1]).pdf("a4", language)).words
    speech = live.speeches[language]

    assert speech.date(date(2024, 9, 19)) in made
    assert " ".join(speech.say("flyer.how.closed").split()) in made
    assert " ".join(speech.say("flyer.demonstration").split()) not in made


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_study_it_is_about_all(many: Catalogue, language: str) -> None:
    """And claims of none that it is open."""
    made = paper(flyer(many, trial=None).pdf("a4", language)).words

    assert " ".join(many.speeches[language].say("flyer.all").split()) in made
    assert "PALATINE" not in made


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_long_words_stay_on_one_page(
    catalogue: Catalogue, tmp_path: Path, form: str, language: str
) -> None:
    """A title of 200 characters, a name of 80, a wide logo, a long address."""
    trial = catalogue.trials[1]
    speech = catalogue.speeches[language]
    texts = dict(speech.texts(False)) | {trial.phrase("title"): ("a very long title " * 12)[:200]}
    long = replace(
        catalogue,
        speeches={**catalogue.speeches, language: type(speech)(language, texts, texts, {})},
    )
    Image.new("RGB", (1000, 60), "#c00").save(tmp_path / "logo.png")
    link = f"https://passerelle-of-a-long-name.example.org/?c={'a' * 32}&lang=en"
    made = flyer(long, label=LONG, link=link, logo=logo_svg(tmp_path / "logo.png"))
    sheet = paper(made.pdf(form, language))

    assert 1 == len(sheet.pages)
    assert [link] == codes(made.png(form, language))
    assert LONG in sheet.words


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("label", [LONG, "W" * 80])
def test_nothing_stands_in_the_margin(
    catalogue: Catalogue, tmp_path: Path, form: str, label: str
) -> None:
    """Neither a long address, nor a name without blanks, nor a logo."""
    Image.new("RGB", (1000, 60), "#c00").save(tmp_path / "logo.png")
    link = f"https://passerelle-of-a-long-name.of-a-service.example.org/?c={'w' * 32}&lang=en"
    made = flyer(catalogue, label=label, link=link, logo=logo_svg(tmp_path / "logo.png"))
    picture = Image.open(io.BytesIO(made.png(form, "fr"))).convert("RGB")
    edge = picture.crop((picture.width * 95 // 100, 0, picture.width, picture.height))

    assert [(edge.width * edge.height, (0xF6, 0xF1, 0xE7))] == edge.getcolors()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("width", "height"), [(1600, 60), (160, 1000), (300, 300), (12, 8)])
def test_a_logo_of_any_shape_ends_where_the_text_does(
    catalogue: Catalogue, tmp_path: Path, form: str, width: int, height: int
) -> None:
    """As high and as wide as its place, and never out of shape."""
    Image.new("RGB", (width, height), "#d0103a").save(tmp_path / "logo.png")
    made = flyer(catalogue, logo=logo_svg(tmp_path / "logo.png"))
    picture = Image.open(io.BytesIO(made.png(form, "en"))).convert("RGB")
    red, green, _ = picture.split()
    mask = ImageChops.subtract(red, green).point(lambda level: 255 if level > 150 else 0)
    box = mask.getbbox()

    assert box is not None

    left, top, right, bottom = box
    margin = {"a4": 2.2 / 21.0, "square": 34 / 540}[form] * picture.width
    assert picture.width - margin == pytest.approx(right, abs=2)
    assert width / height == pytest.approx((right - left) / (bottom - top), rel=0.1)


def test_a_square_is_made_for_social_networks(catalogue: Catalogue) -> None:
    """1,080 points each way; an A4 page has the shape of paper."""
    made = flyer(catalogue)
    sizes = {form: Image.open(io.BytesIO(made.png(form, "fr"))).size for form in FORMS}

    assert (1080, 1080) == sizes["square"]
    assert 2**0.5 == pytest.approx(sizes["a4"][1] / sizes["a4"][0], rel=0.01)


def test_a_logo_is_on_it(catalogue: Catalogue, tmp_path: Path) -> None:
    """In its own colours, and nothing of its file besides."""
    exif = Image.Exif()
    exif[0x013B] = "Zoraide-Bird-5518"
    Image.new("RGB", (200, 100), "#d0103a").save(tmp_path / "logo.jpg", exif=exif)
    made = flyer(catalogue, logo=logo_svg(tmp_path / "logo.jpg"))
    picture = Image.open(io.BytesIO(made.png("a4", "fr"))).convert("RGB")
    red = sum(
        count
        for count, colour in picture.getcolors(1 << 24) or []
        if isinstance(colour, tuple) and colour[0] > 190 and colour[1] < 60 and colour[2] < 90
    )

    assert red > 5000
    for raw in (made.pdf("a4", "fr"), made.png("a4", "fr")):
        assert b"Zoraide" not in raw
