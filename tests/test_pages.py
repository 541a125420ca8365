"""Which addresses there are beside the conversation."""

from pathlib import Path

import pytest

from bot.channels.web import web_app
from bot.contact.office import open_office
from bot.desk import Desk
from bot.settings import Settings
from bot.store.sqlite import open_store
from tests.builders import Clock
from tests.page_fixtures import LANGUAGES, Pages, Sheet
from tests.web_fixtures import serving

PATHS = ("/reply", "/receipt", "/confirm")
SAMPLE = "/demo/centre"


@pytest.mark.parametrize("path", [*PATHS, SAMPLE])
def test_every_page_is_asked_for_and_posted_to(shared: Pages, path: str) -> None:
    """And nothing else; no address is mended by a redirect."""
    assert [200] * 3 == [
        shared.get(path).status,
        shared.get(path, "HEAD").status,
        shared.post(path).status,
    ]
    assert [404] * 4 == [
        shared.get(path, "PUT").status,
        shared.get(path, "DELETE").status,
        shared.get(f"{path}/").status,
        shared.get(path.upper()).status,
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_of_the_sample_inbox_is_one_press_away(shared: Pages, language: str) -> None:
    """Posting there does nothing else."""
    before = shared.kept()
    sheet = shared.get(f"{SAMPLE}?lang={language}")
    other = "fr" if language == "en" else "en"
    name = shared.desk.catalogue.speeches[language].names[other]
    turned = shared.press(sheet, name)

    assert (200, other) == (turned.status, turned.language)
    assert shared.say("What a study centre gets", other) == turned.title
    assert 413 == shared.send(SAMPLE, b"x" * 300_000).status
    assert before == shared.kept()


def test_mails_in_another_language_say_so(shared: Pages) -> None:
    """The team's, here English: to the eye, and to whoever has the page read out."""
    shared.ask()
    told = "The mails are in the team’s language, here English."
    english, french = (shared.get(f"{SAMPLE}?lang={one}") for one in LANGUAGES)

    def languages(sheet: Sheet) -> set[str | None]:
        return {found.get("lang") for tag, found in sheet.tags if tag == "article"}

    assert told not in english.words
    assert {None} == languages(english)
    assert shared.say(told, "fr") in french.all("p")
    assert {"en"} == languages(french)


def test_a_live_service_has_no_sample_inbox(tmp_path: Path, desk: Desk, clock: Clock) -> None:
    """The other pages it has."""
    errors: list[BaseException] = []
    settings = Settings(
        live=True,
        web_host="127.0.0.1",
        web_port=8080,
        web_url="https://passerelle.example.org",
        keys_dir=tmp_path / "keys",
        operator=None,
        telegram=None,
        db_file=tmp_path / "passerelle.db",
    )
    store = open_store(settings.db_file)
    office = open_office(settings, store, [desk], errors.append, lambda _n, _c: None, clock)
    with serving(web_app(desk, errors.append, office), errors) as service:
        for method in ("GET", "HEAD", "POST"):
            assert 404 == service.ask(method, SAMPLE).status
        assert [200] * 3 == [service.ask(path=path).status for path in PATHS]
    store.close()

    assert [] == errors


def test_without_contact_there_is_no_page_for_it(desk: Desk) -> None:
    """A conversation alone."""
    errors: list[BaseException] = []
    with serving(web_app(desk, errors.append), errors) as service:
        assert [404] * 4 == [service.ask(path=path).status for path in (*PATHS, SAMPLE)]
    assert [] == errors
