"""What goes out to a channel: a screen with its sealed buttons."""

from dataclasses import dataclass, field

from dialogs.conversation.effects import Effect
from dialogs.conversation.session import Session
from dialogs.conversation.speech import Speech
from dialogs.conversation.steps import Action, Step
from dialogs.conversation.view import Button, View

__all__ = ["Page"]


@dataclass(frozen=True, slots=True)
class Page:
    """A screen with a token for each of its buttons in their order, and one that draws it again.

    `many`: each screen is to come as a new message, where a channel has messages. `tapped` is what
    the pressed button asked for, if it opened, and `left` the step of its own screen. `errand` is
    what the page asks the outside to do for `session`. `way` is a link that leads with it to the
    web page, and `note` words of hers on it.
    """

    view: View
    sealed: tuple[str, ...]
    here: str
    speech: Speech
    erased: bool
    many: bool = False
    tapped: Action | None = field(default=None, compare=False)
    left: Step | None = field(default=None, compare=False)
    errand: Effect | None = None
    way: str | None = field(default=None, compare=False, repr=False)
    note: str = field(default="", compare=False, repr=False)
    session: Session = field(default_factory=Session, compare=False, repr=False)

    @property
    def tokens(self) -> dict[Button, str]:
        """The token of each button."""
        return dict(zip(self.view.buttons(), self.sealed, strict=True))

    @property
    def kept(self) -> bool:
        """Whether the screen of the pressed button has to stay: its words are nowhere else."""
        return self.left is Step.MESSAGE
