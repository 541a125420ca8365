"""What a turn asks the outside to do; each may safely be done twice."""

from enum import Enum, IntEnum

__all__ = ["Effect", "Settled"]


class Effect(Enum):
    """A request to the channel."""

    ERASE = "erase"  # forget, as far as the channel can, what it shows of this conversation
    ASK = "ask"  # send the request to the centre in focus
    END = "end"  # end the request to the centre in focus
    WRITE = "write"  # send her text to the centre in focus
    PAPER = "paper"  # bring the summary as a file


class Settled(IntEnum):
    """What came of an effect; see `outcome` for how a tap carries it."""

    DONE = 0
    UNSENT = 1  # nothing happened: it can be tried again
    FULL = 2  # no more requests to this centre today
    OVER = 3  # the request was ended, closed, or is too old
    UNSURE = 4  # nobody knows whether it happened; trying again stays one request
