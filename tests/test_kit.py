"""What a group gets as files: their names, and where each code leads."""

from datetime import date

import pytest

from bot.outreach.kit import Kit
from bot.store.records import Campaign
from dialogs.catalogue import Catalogue
from tests.papers import codes, paper

SITE = "https://passerelle.example.org"
TODAY = date(2026, 11, 27)


def campaign(language: str = "") -> Campaign:
    """The link of the sample group."""
    return Campaign(
        "la-rose", 7, "NCT03870919", language, "Les Amies de la Rose (sample)", "5a" * 32
    )


@pytest.mark.parametrize("bot", ["", "rose_bot"])
def test_every_code_leads_where_its_file_says(catalogue: Catalogue, bot: str) -> None:
    """Pictures and PDFs; those of Telegram only where there is a bot."""
    kit = Kit(campaign("fr"), SITE, bot)
    files = dict(kit.files(catalogue, None, TODAY))
    web, chat = f"{SITE}/?c=la-rose", "https://t.me/rose_bot?start=la-rose"

    assert (12 if bot else 10) == len(files)
    assert [web] == codes(files["qr-web.png"])
    assert bool(bot) == ("qr-telegram.svg" in files)
    if bot:
        assert [chat] == codes(files["qr-telegram.png"])
    for form in ("a4", "square"):
        for language, link in (("fr", web), ("en", f"{web}&lang=en")):
            name = f"flyer-{form}.{language}"
            assert [link] == codes(files[f"{name}.png"])
            assert [link] == codes(paper(files[f"{name}.pdf"]).pages[0])


@pytest.mark.parametrize(
    ("own", "asked", "end"),
    [
        ("fr", "fr", ""),
        ("fr", "en", "&lang=en"),
        ("", "fr", "&lang=fr"),
        ("fr", "", ""),
        ("", "", ""),
    ],
)
def test_a_flyer_leads_to_its_own_language(own: str, asked: str, end: str) -> None:
    """Where the link would lead to another; the plain link never says one."""
    assert f"{SITE}/?c=la-rose{end}" == Kit(campaign(own), SITE, "").web(asked)


def test_without_a_bot_there_is_no_link_to_it() -> None:
    """Rather than one to nobody."""
    assert "" == Kit(campaign(), SITE, "").chat
