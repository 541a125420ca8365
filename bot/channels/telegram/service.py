"""The Telegram channel as a whole: connects, presents itself, runs webhook or polling, stops."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from telegram import Bot, BotCommand
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application

from bot.channels.telegram.api import Api
from bot.channels.telegram.commands import COMMANDS
from bot.channels.telegram.dispatch import Dispatch, Tally
from bot.channels.telegram.group import GroupCourier
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.staff import Staff
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.transport import BUDGET, Transport
from bot.channels.telegram.updates import ALLOWED
from bot.channels.telegram.webhook import Webhook
from bot.contact.office import Office
from bot.desk import Desk
from bot.events import Notice
from bot.settings import TelegramSettings
from bot.store.records import Kind

__all__ = ["TelegramService", "TokenRefused"]

#: Updates that Telegram may deliver at once; its own upper bound.
_DELIVERIES = 100
_LONGEST_PAUSE = 30.0


class TokenRefused(Exception):
    """Telegram does not know the bot token."""


class TelegramService:
    """The channel over `desk`. `webhook` is the application to serve, if settings ask for one.

    A call that fails is tried again for `budget` seconds. With an `office` there is contact to
    study centres.
    """

    def __init__(
        self,
        settings: TelegramSettings,
        desk: Desk,
        report: Callable[[BaseException], None],
        notify: Callable[[Notice, str], None],
        budget: float = BUDGET,
        office: Office | None = None,
    ) -> None:
        self._settings = settings
        self._desk = desk
        self._notify = notify
        self._report = report
        self._transport = Transport(budget)
        base = f"{settings.api_url}/bot"
        self.application: Application[Any, Any, Any, Any, Any, Any] = (
            Application.builder()
            .token(settings.token)
            .base_url(base)
            .request(self._transport)
            .get_updates_request(self._transport)
            .updater(None)
            .job_queue(None)
            .build()
        )
        self._base = base + settings.token
        self._api = Api(self._transport, self._base)
        self._talk = Talk(
            desk, self._api, int(settings.token.partition(":")[0]), settings.chats, settings.unread
        )
        if office is not None:
            self._contact(office, settings)
        self._dispatch = Dispatch(self.application, self._talk, report)
        self.webhook: Webhook | None = None
        if settings.webhook is not None:
            self.webhook = Webhook(self._dispatch, settings.webhook.path, settings.webhook.secret)

    def _contact(self, office: Office, settings: TelegramSettings) -> None:
        """From now on chats and groups take part in the contact with study centres."""
        exchange = office.exchange
        courier = GroupCourier(self._api, office.bindings.moved)
        exchange.couriers[Kind.GROUP] = courier
        if settings.operator_chat is not None:
            office.rounds.operator = courier, str(settings.operator_chat)
        staff = Staff(
            self._api, office.replies, office.bindings, office.limits,
            lambda: exchange.cards.speech, self._report,
        )  # fmt: skip
        exchange.patients[False] = self._talk.join(office.requests, staff, self._report)

    async def run(self, stopping: asyncio.Event) -> None:
        """Runs until `stopping`. Raises `TokenRefused` when Telegram does not know the token."""
        aside = [asyncio.create_task(self._hurry(stopping))]
        try:
            if await self._connect(stopping):
                bot: Bot = self.application.bot
                self._talk.groups.username = bot.username
                aside.append(asyncio.create_task(self._present(bot)))
                if self.webhook is None:
                    await self._poll(bot, stopping)
                else:
                    await self._listen(bot, self.webhook, stopping)
        finally:
            for task in aside:
                task.cancel()
            await asyncio.gather(*aside, return_exceptions=True)

    async def _hurry(self, stopping: asyncio.Event) -> None:
        """When the service stops, nothing is tried again: what failed is delivered again."""
        await stopping.wait()
        self._transport.hurry()

    async def _poll(self, bot: Bot, stopping: asyncio.Event) -> None:
        async def free() -> None:
            await self._try("deleteWebhook", bot.delete_webhook())

        await free()
        self._notify(Notice.POLLING, bot.username)
        poller = Poller(self._transport, self._base, self._api, self._dispatch, self._notify, free)
        await poller.run(stopping)

    async def _listen(self, bot: Bot, webhook: Webhook, stopping: asyncio.Event) -> None:
        # Accepting first: Telegram delivers as soon as it knows the address.
        webhook.accepting = True
        pause, told = 1.0, False
        while not stopping.is_set() and not webhook.ready:
            webhook.ready = await self._set_webhook(bot, silent=told)
            if webhook.ready:
                self._notify(Notice.WEBHOOK, bot.username)
            else:
                told = True
                with suppress(TimeoutError):
                    await asyncio.wait_for(stopping.wait(), pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
        await stopping.wait()
        webhook.accepting = webhook.ready = False

    @property
    def tally(self) -> Tally:
        """Counts since the start."""
        return self._dispatch.tally

    async def close(self) -> None:
        """Closes the connections; called when the last request has been answered."""
        await self.application.shutdown()
        await self._transport.shutdown()

    async def _connect(self, stopping: asyncio.Event) -> bool:
        """Waits for Telegram, however long it takes; false when told to stop before."""
        pause, away = 1.0, False
        while not stopping.is_set():
            try:
                await self.application.initialize()
            except InvalidToken:
                raise TokenRefused from None
            # What is no Bot API server makes the library stumble over what it answers.
            except (TelegramError, AttributeError, LookupError, TypeError, ValueError) as error:
                if not isinstance(error, TelegramError):
                    self._report(error)
                if not away:
                    self._notify(Notice.TELEGRAM_AWAY, "")
                away = True
                try:
                    await asyncio.wait_for(stopping.wait(), pause)
                except TimeoutError:
                    pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                if away:
                    self._notify(Notice.TELEGRAM_BACK, "")
                return True
        return False

    async def _present(self, bot: Bot) -> None:
        """Commands and descriptions in both languages; French where neither is spoken."""
        for code, language in ((None, "fr"), ("fr", "fr"), ("en", "en")):
            say = self._desk.catalogue.speeches[language].say
            commands = [BotCommand(c.names[language], say(c.phrase)) for c in COMMANDS]
            await self._try("setMyCommands", bot.set_my_commands(commands, language_code=code))
            await self._try(
                "setMyDescription",
                bot.set_my_description(say("bot.description"), language_code=code),
            )
            await self._try(
                "setMyShortDescription",
                bot.set_my_short_description(say("bot.short"), language_code=code),
            )

    async def _set_webhook(self, bot: Bot, *, silent: bool) -> bool:
        settings = self._settings.webhook
        return settings is not None and await self._try(
            "setWebhook",
            bot.set_webhook(
                settings.url,
                secret_token=settings.secret,
                allowed_updates=list(ALLOWED),
                max_connections=_DELIVERIES,
                drop_pending_updates=False,
            ),
            silent=silent,
        )

    async def _try(self, method: str, call: Awaitable[object], *, silent: bool = False) -> bool:
        """A call that the service can do without for now; tells the operator unless `silent`."""
        try:
            await call
        except TelegramError:
            if not silent:
                self._notify(Notice.CALL_REFUSED, method)
            return False
        return True
