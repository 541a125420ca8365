"""The flyer of a link: a page to put up, a square to post; in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.outreach.codes import code_svg
from bot.outreach.press import pdf, png
from dialogs.catalogue import Catalogue
from dialogs.eligibility.criteria import Trial

__all__ = ["FORMS", "Flyer"]

#: The templates by their name in files, and points an inch of their pictures: an A4 page of 1,240
#: by 1,754 points, a square of 1,080.
FORMS: dict[str, float] = {"a4": 150.0, "square": 144.0}


@dataclass(frozen=True, slots=True)
class Flyer:
    """What it says: `trial` None is about all studies; `logo` is the text of an SVG."""

    catalogue: Catalogue
    trial: Trial | None
    link: str
    label: str
    logo: str | None
    today: date

    def _data(self, language: str) -> dict[str, Any]:
        speech, trial = self.catalogue.speeches[language], self.trial
        demonstration = self.catalogue.demonstration
        words = {
            "lang": language,
            "title": speech.say("flyer.title"),
            "how": speech.say("flyer.how"),
            "kept": speech.say("flyer.kept"),
            "scan": speech.say("flyer.scan"),
            "advice": speech.say("flyer.advice"),
            "shared": speech.say("flyer.shared", label=self.label) if self.label else "",
            "demonstration": speech.say("flyer.demonstration") if demonstration else "",
            "link": self.link.removeprefix("https://"),
            "logo": self.logo is not None,
            "name": "",
            "study": speech.say("flyer.all"),
            "status": "",
        }
        if trial is not None:
            status = self.catalogue.status(trial, self.today)
            words |= {
                "name": speech.say("flyer.study", name=trial.name),
                "study": _sentence(speech.say(trial.phrase("title"))),
                "how": speech.say("flyer.how" if status.routes else "flyer.how.closed"),
                "status": speech.say(
                    f"status.{status.openness.value}", day=speech.date(status.checked)
                ),
            }
        return words

    def _pictures(self) -> Mapping[str, str]:
        found = {"qr.svg": code_svg(self.link, border=0)}
        return found if self.logo is None else {**found, "logo.svg": self.logo}

    def pdf(self, form: str, language: str) -> bytes:
        """One of `FORMS` as PDF."""
        return pdf(f"flyer-{form}", self._data(language), self._pictures())

    def png(self, form: str, language: str) -> bytes:
        """The same as PNG."""
        ppi = FORMS[form]
        return png(f"flyer-{form}", self._data(language), self._pictures(), ppi=ppi)


def _sentence(title: str) -> str:
    """A plain title, which stands in the middle of sentences elsewhere, as one of its own."""
    return f"{title[:1].upper()}{title[1:].rstrip('.')}."
