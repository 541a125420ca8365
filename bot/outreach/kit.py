"""All that a group gets with its link, as files: QR codes, and flyers in both languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.outreach.codes import code_png, code_svg
from bot.outreach.flyer import FORMS, Flyer
from bot.store.records import Campaign
from dialogs.catalogue import Catalogue
from dialogs.conversation.session import LANGUAGES

__all__ = ["Kit"]


@dataclass(frozen=True, slots=True)
class Kit:
    """The links of `campaign`: on the page at `site`, and of the bot `bot` where there is one."""

    campaign: Campaign
    site: str
    bot: str

    @property
    def chat(self) -> str:
        """The link to the bot; empty without one."""
        return f"https://t.me/{self.bot}?start={self.campaign.slug}" if self.bot else ""

    def web(self, language: str = "") -> str:
        """The link to the page; with a `language` that is not the link's own, in that one."""
        other = f"&lang={language}" if language not in ("", self.campaign.language) else ""
        return f"{self.site}/?c={self.campaign.slug}{other}"

    def files(
        self, catalogue: Catalogue, logo: str | None, today: date
    ) -> Iterator[tuple[str, bytes]]:
        """Names and contents, each made when it is asked for; `logo` is the text of an SVG."""
        codes = {"web": self.web(), "telegram": self.chat}
        for kind, target in codes.items():
            if target:
                yield f"qr-{kind}.svg", code_svg(target).encode()
                yield f"qr-{kind}.png", code_png(target)
        trial = next((t for t in catalogue.trials.values() if t.id == self.campaign.trial), None)
        for language in LANGUAGES:
            address = self.web(language)
            flyer = Flyer(catalogue, trial, address, self.campaign.label, logo, today)
            for form in FORMS:
                yield f"flyer-{form}.{language}.pdf", flyer.pdf(form, language)
                yield f"flyer-{form}.{language}.png", flyer.png(form, language)
