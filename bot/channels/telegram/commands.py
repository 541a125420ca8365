"""What can be typed at any time: commands, in both languages, with or without the slash."""

from dataclasses import dataclass

from dialogs.conversation.screens import Aside
from dialogs.conversation.steps import Action
from dialogs.conversation.typed import folded

__all__ = ["COMMANDS", "Command", "command_of"]


@dataclass(frozen=True, slots=True)
class Command:
    """One command: `names` by language as the menu shows them, `others` that mean the same.

    It presses `does`, or says it; None begins anew. `phrase` describes it.
    """

    phrase: str
    names: dict[str, str]
    does: Action | Aside | None
    others: tuple[str, ...] = ()


COMMANDS: tuple[Command, ...] = (
    Command("command.start", {"fr": "start", "en": "start"}, None, ("debut", "commencer", "begin")),
    Command("command.urgent", {"fr": "urgence", "en": "urgent"}, Action.URGENT, ("sos",)),
    Command("command.help", {"fr": "aide", "en": "help"}, Action.HELP, ("settings",)),
    Command("command.language", {"fr": "langue", "en": "language"}, Aside.LANGUAGES, ("lang",)),
    Command("command.privacy", {"fr": "confidentialite", "en": "privacy"}, Action.PRIVACY),
    Command("command.stop", {"fr": "stop", "en": "stop"}, Action.STOP, ("cancel", "arreter")),
    Command("command.erase", {"fr": "effacer", "en": "erase"}, Aside.CLEARING, ("delete",)),
)

_BY_NAME = {
    name: command for command in COMMANDS for name in (*command.names.values(), *command.others)
}


def command_of(words: str, username: str, bare: bool = True) -> Command | None:
    """The command that `words` are: `/aide`, `/aide@bot`, `/start PAYLOAD`; `aide` if `bare`.

    A command to another bot, or one that we do not know, is None.
    """
    first, _, rest = folded(words[:100]).partition(" ")
    if first.startswith("/"):
        name, _, bot = first[1:].partition("@")
        return _BY_NAME.get(name) if bot in ("", username.casefold()) else None
    return _BY_NAME.get(first) if bare and not rest else None
