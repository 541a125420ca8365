"""What typed words mean: a cry for help, a command, an answer to a question, or nothing known."""

from dataclasses import replace

from bot.channels.telegram.commands import Command, command_of
from bot.channels.telegram.updates import Message
from bot.desk import Desk, Page
from bot.door import entrance
from dialogs.conversation import typed
from dialogs.conversation.screens import HEARD, Aside
from dialogs.conversation.steps import Action

__all__ = ["Words"]

#: A reply that comes sooner after the last change of its message cannot be to what it says now.
_UNREAD = 2


class Words:
    """Finds the page that answers what somebody wrote in her private chat."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._alarms = desk.catalogue.alarms

    def cry(self, message: Message) -> Aside | None:
        """The card for a cry for help, if it is one."""
        alarm = self._alarms.heard(message.words)
        return None if alarm is None else HEARD[alarm]

    def answer(
        self, message: Message, binding: bytes, language: str, username: str, *, told: bool
    ) -> tuple[Page, int | None]:
        """The page that answers, and the message that it changes (None: it is sent).

        `told` is false for a message that was only changed: it never answers a question.
        """
        reply = message.reply_to_message
        tokens = reply.tokens() if reply is not None else []
        token = tokens[0] if tokens else None

        def say(kind: Aside) -> tuple[Page, None]:
            return self._desk.aside(binding, kind, token, language), None

        card = self.cry(message)
        if card is not None:
            taken = self._taken(message, binding, token, card) if told else None
            return (taken, None) if taken is not None else say(card)
        if message.media:
            return say(Aside.MEDIA)
        command = command_of(message.words, username, bare=token is None) if told else None
        if command is not None:
            return self._command(command, message.words, binding, token, language), None
        if reply is None or token is None or not told:
            return say(Aside.UNCLEAR)
        taken = self._taken(message, binding, token)
        if taken is not None:
            return taken, None
        if message.date - max(reply.edit_date, reply.date) < _UNREAD:
            return say(Aside.CHANGED)
        shown = self._desk.act(binding, Action.SHOW, token, language)
        meant = typed.meant(shown.view, message.words)
        # A card carries the conversation too, but shows no question that words could answer.
        if meant is None or not self._desk.shows(binding, tokens, shown):
            return say(Aside.UNCLEAR)
        page = self._desk.press(binding, shown.tokens[meant.button], language)
        if not meant.exact:
            note = page.speech.say("chat.understood", label=meant.button.label)
            page = replace(page, view=replace(page.view, notice=note))
        return page, reply.message_id if reply.date and not page.many else None

    def _taken(
        self, message: Message, binding: bytes, token: str | None, card: Aside | None = None
    ) -> Page | None:
        """Her own words on a screen that takes some, below the numbers to call if it may be a cry.

        A text to a centre is read back to her: ordinary words can sound like a cry, so it is for
        her to say whether it goes. On a summary they are her notes.
        """
        reply = message.reply_to_message
        if token is None or reply is None or message.media:
            return None
        page = self._desk.draft(binding, token, message.words)
        if page is None:
            before = reply.quoted() or ""
            page = self._desk.noted(binding, reply.tokens(), message.words, before)
        if page is None or card is None:
            return page
        say = page.speech.say
        numbers = [say(f"aside.{card.value}"), say("urgent.abroad")]
        notice = " ".join([*numbers, *([page.view.notice] if page.view.notice else [])])
        return replace(page, view=replace(page.view, notice=notice))

    def _command(
        self, command: Command, words: str, binding: bytes, token: str | None, language: str
    ) -> Page:
        match command.does:
            case Action() as action:
                return self._desk.act(binding, action, token, language)
            case Aside() as kind:
                return self._desk.aside(binding, kind, token, language)
            case None:
                by = entrance(words.partition(" ")[2], self._desk.entrances)
                return self._desk.welcome(binding, by.language or language, by)
