"""News of studies for the public channels and the feeds: `run_bot.py announce`.

News is noted as told once a channel has taken it: what fails between the two is posted again rather
than never. Where the answer is lost it is noted too, and somebody has to look: nothing is there
twice by itself. The feeds show what is noted.
"""

import argparse
import asyncio
from collections.abc import Iterable, Mapping
from datetime import date

from bot.channels.telegram.api import Api
from bot.channels.telegram.channel import publish
from bot.channels.telegram.transport import Transport
from bot.cli.places import CommandError, bot_settings, db_file, say, store, trials
from bot.contact.snapshot import entries
from bot.outreach.news import News, Post, new, post
from bot.settings import Settings
from bot.store.records import Announcement, Check, StoreError
from bot.store.sqlite import SqliteStore
from dialogs.catalogue import Catalogue
from dialogs.conversation.session import LANGUAGES
from dialogs.eligibility.status import with_checks

__all__ = ["add", "announce"]

#: Seconds that a post may take, with the pauses that Telegram asks for.
_PATIENCE = 20.0
#: Seconds between attempts to note a post.
_PAUSES = (0.2, 0.5, 1.0, 2.0)

_Fresh = Mapping[str, list[News]]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the command."""
    command = commands.add_parser(
        "announce", help="tell the public channels and the feeds what is new about studies"
    )
    command.add_argument("--dry-run", action="store_true", help="show the texts, change nothing")
    command.set_defaults(run=announce)


def announce(options: argparse.Namespace) -> int:
    """Tells what is new, each language for itself; `CommandError` names what was not told."""
    chosen, today = bot_settings(), date.today()
    catalogue = trials(chosen.trials)
    if options.dry_run:
        _show(chosen, catalogue, _fresh(catalogue, *_noted(), today))
        return 0
    with store() as held:
        fresh = _fresh(catalogue, held.announced(), held.checks(), today)
        teller = _Teller(chosen, catalogue, held)
        asyncio.run(teller.tell(fresh))
    if not any(fresh.values()):
        say("nothing new")
    if teller.failures:
        raise CommandError("\n".join(teller.failures))
    return 0


def _noted() -> tuple[list[Announcement], list[Check]]:
    """What was told and looked up; no file is made where there is none."""
    if not db_file().exists():
        return [], []
    with store(reading=True) as held:
        return held.announced(), held.checks()


def _fresh(
    catalogue: Catalogue, announced: Iterable[Announcement], checks: Iterable[Check], today: date
) -> _Fresh:
    """What is new, by language."""
    checks, announced = list(checks), list(announced)
    known = [with_checks(one, entries(one.id, checks)) for one in catalogue.trials.values()]
    return {language: new(known, announced, language, today) for language in LANGUAGES}


def _channel(chosen: Settings, language: str) -> tuple[str | None, str]:
    """The channel of a language that can be posted in, or why the feed is alone."""
    if language not in chosen.channels:
        return None, f"CHANNEL_{language.upper()} is not set"
    if chosen.telegram is None:
        return None, "BOT_TOKEN is missing"
    return chosen.channels[language], ""


def _show(chosen: Settings, catalogue: Catalogue, fresh: _Fresh) -> None:
    """What would be told where."""
    if chosen.web_url is None:
        say(f"WEB_URL is not set: the links lead to {chosen.own_url}, which nobody else can open")
    for language, found in fresh.items():
        channel, why = _channel(chosen, language)
        place = f"for the feed and {channel}" if channel else f"for the feed alone: {why}"
        say(f"{language}, {place}: {len(found)} new")
        for one in found:
            words = post(one, catalogue.speeches[language], chosen.own_url)
            say(f"\n[{one.event}]\n{_plain(words)}\n")


def _plain(words: Post) -> str:
    """A post as it can be read in a terminal, or pasted."""
    links = [f"{label}: {href}" for label, href in words.links]
    return "\n".join([words.title, *words.lines, *links])


class _Teller:
    """Tells what is new; `failures` name what was not told, with the mend.

    What comes after a failure waits for the next run, but not the other language.
    """

    def __init__(self, chosen: Settings, catalogue: Catalogue, held: SqliteStore) -> None:
        self._chosen = chosen
        self._catalogue = catalogue
        self._held = held
        self.failures: list[str] = []

    async def tell(self, fresh: _Fresh) -> None:
        """Each language for itself."""
        telegram = self._chosen.telegram
        transport = Transport(_PATIENCE)
        api = Api(transport, f"{telegram.api_url}/bot{telegram.token}" if telegram else "")
        try:
            for language, found in fresh.items():
                channel, why = _channel(self._chosen, language)
                if channel is None:
                    self._note_all(language, found, why)
                else:
                    await self._post_all(api, language, channel, found)
        finally:
            await transport.shutdown()

    def _note_all(self, language: str, found: list[News], why: str) -> None:
        for one in found:
            self._note(language, one)
            say(f"{language}: {one.trial.name} {one.event}: in the feed alone, as {why}")

    async def _post_all(self, api: Api, language: str, channel: str, found: list[News]) -> None:
        for place, one in enumerate(found, 1):
            wrong = await self._post(api, language, channel, one)
            if wrong:
                self.failures.append(f"{language}: {one.trial.name} {one.event}: {wrong}")
                left = ", ".join(news.trial.name for news in found[place:])
                if left:
                    self.failures.append(f"{language}: waits for the next run: {left}")
                return
            say(f"{language}: {one.trial.name} {one.event}: posted in {channel}, and in the feed")

    async def _post(self, api: Api, language: str, channel: str, one: News) -> str:
        """Posts and notes; gives what went wrong, or nothing."""
        if self._chosen.web_url is None:
            return "not posted: WEB_URL is missing, and a post links to the page"
        words = post(one, self._catalogue.speeches[language], self._chosen.web_url)
        fate = await publish(api, channel, words)
        if not fate.posted and not fate.lost:
            return f"not posted in {channel}: {fate.why}"
        trouble = await self._noted(language, one)
        if trouble is not None:
            return (
                f"may be in {channel}, but is not noted, so the next run posts it again: delete it "
                f"there first. {trouble}"
            )
        if fate.posted:
            return ""
        return (
            f"{fate.why}, so it may be in {channel} or not. It is noted, stands in the feed and is "
            f"not posted again. Look there; if it is missing, post it by hand:\n\n{_plain(words)}\n"
        )

    async def _noted(self, language: str, one: News) -> StoreError | None:
        """Notes what a channel has, though the service may hold the file for a while."""
        trouble = None
        for pause in _PAUSES:
            try:
                self._note(language, one)
            except StoreError as error:
                trouble = error
                if not error.passing:
                    break
                await asyncio.sleep(pause)
            else:
                return None
        return trouble

    def _note(self, language: str, one: News) -> None:
        self._held.announce(Announcement(one.trial.id, one.event, one.day, language))
