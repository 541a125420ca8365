"""One HTTP server of the process; the service stops all of them together."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn

__all__ = ["GRACE", "Server", "server_of"]

#: Seconds that running requests have to end when the service stops; a call that is being tried
#: again gives up sooner.
GRACE = 25


class Server(uvicorn.Server):
    """A server that leaves the signals to the service, which has more than one to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Captures none."""
        yield


def server_of(app: Callable[..., Any]) -> Server:
    """The server of `app`: it says nothing of itself, logs nothing, and trusts no proxy's word."""
    return Server(
        uvicorn.Config(
            app,
            access_log=False,
            log_config=None,
            log_level="critical",
            ws="none",
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            timeout_graceful_shutdown=GRACE,
        )
    )
