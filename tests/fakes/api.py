"""Tables of API methods, and what the methods work on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.delivery import Delivery
from tests.fakes.model import Json, Note, Room
from tests.fakes.params import Refused, bad
from tests.fakes.world import World

__all__ = ["Api", "Method", "Table", "find_note", "find_room", "required"]


@dataclass(slots=True)
class Api:
    """What the methods see. `texts` holds what the bot said about itself, by kind and language."""

    world: World
    delivery: Delivery
    texts: dict[tuple[str, str, str], Any] = field(default_factory=dict)


Run = Callable[[Api, Json], Any]


@dataclass(frozen=True, slots=True)
class Method:
    """A method by its documented name, and the parameters that it reads."""

    name: str
    run: Run
    parameters: frozenset[str]


class Table(dict[str, Method]):
    """Methods by their names in lower case, as the server looks them up."""

    def enter(self, name: str, *parameters: str) -> Callable[[Run], Run]:
        """Enter a function as the method `name`."""

        def entered(run: Run) -> Run:
            self[name.lower()] = Method(name, run, frozenset(parameters))
            return run

        return entered


def required(values: Json, name: str) -> Any:
    """The value of a parameter that must be there; raises `Refused`."""
    if values.get(name, "") == "":
        raise bad(f'parameter "{name}" is required')
    return values[name]


def find_room(api: Api, values: Json, *, write: bool = True) -> Room:
    """The chat of a call; raises `Refused` when there is none or the bot may not act in it."""
    chat_id = values.get("chat_id", "")
    if chat_id == "":
        raise bad("chat_id is empty")
    room = api.world.room(chat_id)
    if room is None:
        raise bad("chat not found")
    if room.user is not None:
        if write:
            _check_person(room)
        return room
    if room.upgraded_to:
        raise Refused(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": room.upgraded_to},
        )
    place = f"{room.kind} chat"
    if room.status == "kicked":
        raise Refused(403, f"Forbidden: bot was kicked from the {place}")
    if room.status == "left":
        raise Refused(403, f"Forbidden: bot is not a member of the {place}")
    if write and room.kind == "channel" and (room.status != "administrator" or not room.may_post):
        raise bad(f"need administrator rights in the {place}")
    return room


def _check_person(room: Room) -> None:
    assert room.user is not None
    if room.user.deactivated:
        raise Refused(403, "Forbidden: user is deactivated")
    if room.user.is_bot:
        raise Refused(403, "Forbidden: the bot can't send messages to the bot")
    if room.status == "kicked":
        raise Refused(403, "Forbidden: bot was blocked by the user")
    if not room.started:
        raise Refused(403, "Forbidden: bot can't initiate conversation with a user")


def find_note(room: Room, values: Json, purpose: str) -> Note:
    """The message that a call names; `purpose` is *message to edit* and the like."""
    number = values.get("message_id", 0)
    if not number:
        raise bad("message identifier is not specified")
    note = room.notes.get(number)
    if note is None:
        raise bad(f"{purpose} not found")
    return note
