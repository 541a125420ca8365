"""What a turn asks the outside to do; each may safely be done twice."""

from enum import Enum

__all__ = ["Effect"]


class Effect(Enum):
    """A request to the channel."""

    ERASE = "erase"  # forget, as far as the channel can, what it shows of this conversation
