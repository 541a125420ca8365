"""The gettext catalogues are in step with the texts, and complete."""

import shutil
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.authoring.catalogues import extracted, refreshed, rendered, update
from bot.authoring.extract import extract_toml
from bot.data import ROOT
from dialogs.conversation.session import LANGUAGES


def catalogue_of(language: str) -> Catalog:
    """The catalogue as it stands in the project."""
    path = ROOT / "locales" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


@pytest.fixture(scope="module")
def template() -> Catalog:
    """All messages found in data files, code and page templates."""
    return extracted(ROOT)


def test_template_is_up_to_date(template: Catalog) -> None:
    """`make catalogues` would change nothing in the template."""
    path = ROOT / "locales" / "messages.pot"

    assert path.read_bytes() == rendered(template)


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_are_up_to_date(template: Catalog, language: str) -> None:
    """`make catalogues` would change nothing, so no message is missing and none is left over."""
    path = ROOT / "locales" / language / "LC_MESSAGES" / "messages.po"

    assert path.read_bytes() == rendered(refreshed(template, catalogue_of(language), language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language: str) -> None:
    """No message is empty or waits to be looked at again."""
    catalog = catalogue_of(language)

    assert [] == [m.id for m in catalog if m.id and (not m.string or m.fuzzy)]


def test_all_three_kinds_of_sources_are_read(template: Catalog) -> None:
    """Phrases of screens, questions and trials come with an identity, templates without."""
    contexts = {message.context for message in template if message.id}

    assert {"welcome.what", "question.her2.text", "trial.NCT03870919.I2b.plain"} <= contexts
    assert None in contexts


def test_a_changed_english_text_waits_for_its_french(tmp_path: Path) -> None:
    """After a change of the English, the French words stay but are marked to be looked at."""
    for part in ("dialogs", "locales"):
        shutil.copytree(ROOT / part, tmp_path / part)
    (tmp_path / "bot").mkdir()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "bot" / "pages", tmp_path / "bot" / "pages")
    path = tmp_path / "dialogs" / "phrases" / "opening.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Welcome to Passerelle", "Good day"), encoding="utf-8")

    left = update(tmp_path)

    french = tmp_path / "locales" / "fr" / "LC_MESSAGES" / "messages.po"
    with french.open("rb") as file:
        message = read_po(file, locale="fr").get("Good day", context="welcome.title")
    assert {"fr": 1, "en": 0} == left
    assert message is not None
    assert message.fuzzy
    assert "Bienvenue sur Passerelle" == message.string


def test_files_without_phrases_give_nothing(tmp_path: Path) -> None:
    """Numbers and regions hold no text of their own."""
    for name in ("help.toml", "eligibility/regions.toml"):
        with (ROOT / "dialogs" / name).open("rb") as file:
            assert [] == list(extract_toml(file, None, None, None))
