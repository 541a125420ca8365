"""Everything that a turn needs to know besides the session: facts, trials, texts, who runs it.

Read once at the start from the content of all data files, frozen, and checked as a whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from dialogs.compiled import Compiled, digest_of
from dialogs.conversation.alarm import Alarms, read_alarms
from dialogs.conversation.session import LANGUAGES
from dialogs.conversation.speech import Speech, read_speech
from dialogs.datafile import BankFile, HelpFile, LinkEntry, RegionFile, decode
from dialogs.eligibility.criteria import Trial, read_trial
from dialogs.eligibility.index import Index
from dialogs.eligibility.questions import Bank, read_bank
from dialogs.eligibility.status import Status, status_on
from dialogs.errors import DataError
from dialogs.phrasebook import Phrase, bank_phrases, screen_phrases, trial_phrases
from dialogs.trialfile import TrialFile
from dialogs.wire.pack import Layout

__all__ = [
    "Carrier",
    "Catalogue",
    "Operator",
    "Sources",
    "compiled_of",
    "read_catalogue",
    "read_phrases",
]


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs the service and answers for it; all three are shown to patients."""

    name: str
    contact: str
    dpo: str


@dataclass(frozen=True, slots=True)
class Carrier:
    """The company whose chat carries the conversation; `web` is the address of the web page."""

    name: str
    web: str | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """The content of all data files by file name; `catalogues` by language."""

    bank: Mapping[str, str]
    trials: Mapping[str, str]
    phrases: Mapping[str, str]
    help: str
    regions: str
    alarms: str
    catalogues: Mapping[str, str]

    def kinds(self) -> tuple[Mapping[str, str], ...]:
        """All files from which trials and words are read."""
        return self.bank, self.trials, self.phrases, self.catalogues


@dataclass(frozen=True, slots=True, repr=False)
class Catalogue:
    """What the service knows.

    `carrier` is whose chat carries the conversation and can read it (None on the web page and in
    the terminal); `operator` is None in a demonstration without one. `reach` has
    the centres, by the numbers of trial and centre, that can be asked through this service;
    `holidays` the days besides weekends on which nobody works there. `channels` are the public
    Telegram channels that tell news of studies, as `@name`, by language.
    """

    bank: Bank
    trials: Mapping[int, Trial]
    index: Index
    speeches: Mapping[str, Speech]
    layout: Layout
    numbers: tuple[LinkEntry, ...]
    doors: tuple[LinkEntry, ...]
    regions: Mapping[int, str]
    alarms: Alarms
    demonstration: bool = False
    operator: Operator | None = None
    carrier: Carrier | None = None
    reach: frozenset[tuple[int, int]] = frozenset()
    holidays: frozenset[date] = frozenset()
    channels: Mapping[str, str] = field(default_factory=dict)
    #: What `open` found; a copy with other trials begins anew.
    _open: dict[date, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def home(self) -> int:
        """What a conversation without a link is about: the only trial, or 0, all of them."""
        return min(self.trials) if len(self.trials) == 1 else 0

    def trial(self, number: int) -> Trial:
        """The trial with this number; the first one when that number is gone or was never given."""
        return self.trials.get(number) or self.trials[min(self.trials)]

    def shown(self, day: date, trial: int, today: date) -> date:
        """The real `day` as people read it: in a demonstration `today` is that of the trial."""
        if not self.demonstration or trial == 0:
            return day
        return self.trial(trial).demonstration - (today - day)

    def status(self, trial: Trial, today: date) -> Status:
        """How `trial` stands on `today`, in a demonstration on its own day."""
        return status_on(trial, trial.demonstration if self.demonstration else today)

    def open(self, today: date) -> int:
        """The set of `index` of all trials that take patients on `today`."""
        known = self._open.get(today)
        if known is None:
            open_ = (n for n, trial in self.trials.items() if self.status(trial, today).routes)
            known = self._open[today] = self.index.of(open_)
        return known


def _read_phrases(
    sources: Sources, bank: Mapping[str, BankFile], trials: Mapping[str, TrialFile]
) -> list[Phrase]:
    phrases = bank_phrases(bank)
    for file, content in sources.phrases.items():
        phrases += screen_phrases(file, content)
    for file, trial in trials.items():
        phrases += trial_phrases(file, trial)
    seen: set[str] = set()
    for phrase in phrases:
        if phrase.id in seen:
            raise DataError(phrase.file, phrase.id, "this phrase is there twice")
        seen.add(phrase.id)
    return phrases


def read_phrases(sources: Sources) -> list[Phrase]:
    """All phrases of all files, in English."""
    bank = {file: decode(file, text, BankFile) for file, text in sources.bank.items()}
    return _read_phrases(sources, bank, _trial_files(sources))


def _trial_files(sources: Sources) -> dict[str, TrialFile]:
    return {file: decode(file, text, TrialFile) for file, text in sources.trials.items()}


def _speeches(sources: Sources, phrases: list[Phrase]) -> dict[str, Speech]:
    missing = LANGUAGES.keys() - sources.catalogues.keys()
    if missing:
        raise DataError("locales", ", ".join(sorted(missing)), "the catalogue is missing")
    return {
        language: read_speech(language, f"{language}.po", sources.catalogues[language], phrases)
        for language in LANGUAGES
    }


def compiled_of(sources: Sources) -> Compiled:
    """What `read_catalogue` can take instead of reading it again; `DataError` as there."""
    speeches = _speeches(sources, read_phrases(sources))
    words = {
        language: (dict(speech.texts(False)), dict(speech.texts(True)), speech.page_texts())
        for language, speech in speeches.items()
    }
    return Compiled(digest_of(sources.kinds()), _trial_files(sources), words)


def read_catalogue(sources: Sources, compiled: Compiled | None = None) -> Catalogue:
    """The catalogue of all files; `DataError` names the file, the key and the reason.

    With `compiled` its trials and words are taken as they were read before from the same files.
    """
    bank_files = {file: decode(file, text, BankFile) for file, text in sources.bank.items()}
    trial_files = compiled.trials if compiled else _trial_files(sources)
    bank = read_bank(bank_files)
    regions = {
        region.code: region.name
        for region in decode("regions.toml", sources.regions, RegionFile).region
    }
    trials: dict[int, Trial] = {}
    for file, content in trial_files.items():
        trial = read_trial(file, content, bank)
        if trial.number in trials:
            raise DataError(file, "number", f"{trial.number} belongs to {trials[trial.number].id}")
        if not 1 <= trial.number < 1 << 14:
            raise DataError(file, "number", "is 1 to 16383, as tokens carry it in 14 bits")
        for centre in trial.centres:
            if centre.region not in regions:
                raise DataError(file, f"centre {centre.number}", f"no region {centre.region}")
        trials[trial.number] = trial
    if not trials:
        raise DataError("trials", "$", "there is no trial file")
    if compiled:
        speeches = {
            language: Speech(language, *words) for language, words in compiled.words.items()
        }
    else:
        speeches = _speeches(sources, _read_phrases(sources, bank_files, trial_files))
    help_file = decode("help.toml", sources.help, HelpFile)
    if not help_file.number or not help_file.door:
        raise DataError("help.toml", "$", "needs at least one number and one door")
    known = min(speeches.items())[1].texts(relative=True)
    for link in (*help_file.number, *help_file.door):
        if link.phrase not in known:
            raise DataError("help.toml", link.id, f"there is no phrase {link.phrase!r}")
    return Catalogue(
        bank, trials, Index(bank, trials.values()), speeches, Layout(bank.widths),
        tuple(help_file.number), tuple(help_file.door), regions,
        read_alarms("alarm.toml", sources.alarms),
    )  # fmt: skip
