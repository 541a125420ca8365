"""All texts of the service in English, each with its identity, kind and two forms.

The identity is the gettext context of its translation, so that "Yes" may be said differently in
different places, and an English sentence that changes loses its translation until someone has
looked at it again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dialogs.datafile import BankFile, PhraseEntry, Text, Wording, decode_each
from dialogs.errors import DataError
from dialogs.trialfile import TrialFile

__all__ = ["RELATIVE", "Phrase", "bank_phrases", "screen_phrases", "trial_phrases"]

#: Suffix of the identity (and of the gettext context) of a relative's form.
RELATIVE = "/relative"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text: `own` speaks to the reader as the patient; `relative`, if there, of somebody else.

    `addressed` says that the text may say "you" although it has one form.
    """

    id: str
    kind: str
    own: str
    relative: str | None
    file: str
    addressed: bool = False

    def forms(self) -> Iterable[tuple[str, str]]:
        """(identity, English) of each form."""
        yield self.id, self.own
        if self.relative is not None:
            yield self.id + RELATIVE, self.relative


def _phrase(file: str, identity: str, kind: str, text: Text) -> Phrase:
    if isinstance(text, str):
        return Phrase(identity, kind, text, None, file)
    if text.reader is not None:
        return Phrase(identity, kind, text.reader, None, file, addressed=True)
    return Phrase(identity, kind, text.own or "", text.relative, file)


def screen_phrases(file: str, content: str) -> list[Phrase]:
    """The phrases of one file of screens; `DataError` when one has no form or too many."""
    phrases = []
    for identity, entry in decode_each(file, content, PhraseEntry).items():
        try:
            wording = Wording(reader=entry.reader, own=entry.own, relative=entry.relative)
        except ValueError as error:
            if entry.text is None or entry.reader or entry.own or entry.relative:
                raise DataError(file, identity, f"one of `text`, or {error}") from error
            phrases.append(_phrase(file, identity, entry.kind, entry.text))
        else:
            if entry.text is not None:
                raise DataError(file, identity, "has `text` and another form: keep one of them")
            phrases.append(_phrase(file, identity, entry.kind, wording))
    return phrases


def bank_phrases(files: Mapping[str, BankFile]) -> list[Phrase]:
    """The phrases of the question bank, as `question.ID.text`, `.why`, `.choice.N` and so on."""
    phrases = []
    for file, bank in files.items():
        for question in bank.question:
            base = f"question.{question.id}"
            phrases.append(_phrase(file, f"{base}.label", "label", question.label))
            phrases.append(_phrase(file, f"{base}.text", "question", question.text))
            phrases.append(_phrase(file, f"{base}.why", "why", question.why))
            if question.where is not None:
                phrases.append(_phrase(file, f"{base}.where", "why", question.where))
            phrases += [
                _phrase(file, f"{base}.item.{place}", "question", item)
                for place, item in enumerate(question.items, 1)
            ]
            phrases += [
                _phrase(file, f"{base}.choice.{choice.n}", "button", choice.label)
                for choice in question.choice
            ]
    return phrases


def trial_phrases(file: str, trial: TrialFile) -> list[Phrase]:
    """The phrases of one trial, as `trial.ID.title`, `trial.ID.I1a.plain` and so on."""
    base = f"trial.{trial.id}"
    phrases = [_phrase(file, f"{base}.title", "label", trial.title)]
    for place, text in enumerate(trial.about, 1):
        phrases.append(_phrase(file, f"{base}.about.{place}", "notice", text))
    for criterion in trial.criterion:
        for part, text_or_none in (
            ("plain", criterion.plain),
            ("no", criterion.no),
            ("point", criterion.point),
        ):
            if text_or_none is not None:
                identity = f"{base}.{criterion.id}.{part}"
                phrases.append(_phrase(file, identity, "result", text_or_none))
        for place, row in enumerate(criterion.unclear, 1):
            identity = f"{base}.{criterion.id}.unclear.{place}"
            phrases.append(_phrase(file, identity, "result", row.because))
    return phrases
