"""Fixtures that many tests share."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings

from bot.contact.calendar import public_holidays
from bot.data import read_sources
from bot.desk import Desk
from bot.store.keyfiles import KeyFiles
from bot.variables import SETTINGS
from dialogs.catalogue import Catalogue, Sources, read_catalogue
from dialogs.eligibility.criteria import Trial
from tests.builders import Clock

pytest_plugins = ["tests.telegram_fixtures", "tests.web_fixtures", "tests.page_fixtures"]

settings.register_profile("here", deadline=None, database=None)
settings.register_profile("ci", deadline=None, database=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def shown(live: Catalogue) -> Catalogue:
    """`live` as a demonstration whose centres can all be asked."""
    reach = frozenset(
        (number, centre.number) for number, trial in live.trials.items() for centre in trial.centres
    )
    return replace(
        live, demonstration=True, reach=reach, holidays=public_holidays(range(2019, 2030))
    )


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update` writes the golden files anew, `--pictures` those of the pages in docs."""
    parser.addoption("--update", action="store_true", help="write the golden files anew")
    parser.addoption("--pictures", action="store_true", help="take the pictures in docs anew")


@pytest.fixture(scope="session")
def sources() -> Sources:
    """The content of the real data files, with PALATINE as the only trial."""
    return read_sources(trials=["NCT03870919"])


@pytest.fixture(scope="session")
def everything() -> Catalogue:
    """The catalogue of all real data files, as in a live service."""
    return read_catalogue(read_sources())


@pytest.fixture(scope="session")
def many(everything: Catalogue) -> Catalogue:
    """The same, as a demonstration whose centres can all be asked."""
    return shown(everything)


@pytest.fixture(scope="session")
def live(sources: Sources) -> Catalogue:
    """The catalogue of the real data files, as in a live service."""
    return read_catalogue(sources)


@pytest.fixture(scope="session")
def catalogue(live: Catalogue) -> Catalogue:
    """The same, as a demonstration whose centres can all be asked."""
    return shown(live)


@pytest.fixture(scope="session")
def palatine(catalogue: Catalogue) -> Trial:
    """The first trial."""
    return catalogue.trials[1]


@pytest.fixture
def clock() -> Clock:
    """The clock of `desk`."""
    return Clock()


@pytest.fixture
def desk(catalogue: Catalogue, tmp_path: Path, clock: Clock) -> Desk:
    """A demonstration desk with keys of its own, on the day that `clock` shows."""
    return Desk(catalogue, KeyFiles(tmp_path / "keys"), clock)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for setting in SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)
