"""What a test sees of a message: a snapshot that does not change any more."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.fakes.model import Json, Note

__all__ = ["Button", "Message"]


@dataclass(frozen=True, slots=True)
class Button:
    """One button; the fields that its action does not have are empty."""

    text: str
    data: str = ""
    url: str = ""
    copy_text: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message at one moment. `extra` holds media and service fields as in its JSON form.

    `history` holds all earlier texts, oldest first; `options` what the bot asked for when it sent
    it (`protect_content`, `disable_notification`, `link_preview_options`, another `reply_markup`).
    """

    chat_id: int
    id: int
    from_bot: bool
    text: str
    date: int
    entities: tuple[Json, ...] = ()
    keyboard: tuple[tuple[Button, ...], ...] = ()
    edited: bool = False
    history: tuple[str, ...] = ()
    reply_to: int = 0
    extra: Json = field(default_factory=dict)
    options: Json = field(default_factory=dict)

    @classmethod
    def of(cls, note: Note) -> "Message":
        """The snapshot of `note`."""
        return cls(
            chat_id=note.room.id,
            id=note.id,
            from_bot=note.from_bot,
            text=note.text,
            date=note.date,
            entities=tuple(dict(item) for item in note.entities),
            keyboard=tuple(tuple(map(_button, row)) for row in note.keyboard),
            edited=bool(note.edit_date),
            history=tuple(note.history),
            reply_to=note.reply_to.id if note.reply_to else 0,
            extra=dict(note.extra),
            options=dict(note.options),
        )

    def buttons(self) -> Iterator[Button]:
        """All buttons, row by row."""
        for row in self.keyboard:
            yield from row

    @property
    def labels(self) -> list[list[str]]:
        """What the buttons say, by row."""
        return [[button.text for button in row] for row in self.keyboard]

    def button(self, label: str) -> Button:
        """The first button that says `label`; raises `LookupError`."""
        for button in self.buttons():
            if button.text == label:
                return button
        raise LookupError(f"no button {label!r} among {self.labels}")


def _button(form: Json) -> Button:
    return Button(
        text=form["text"],
        data=form.get("callback_data", ""),
        url=form.get("url", ""),
        copy_text=form.get("copy_text", {}).get("text", ""),
        style=form.get("style", ""),
    )
