"""A bot's side of the Bot API for tests: plain calls, and errors that can be looked at."""

import http.client
import json
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

__all__ = ["CallFailed", "Caller"]


class CallFailed(Exception):
    """An answer that says no."""

    def __init__(self, status: int, description: str, parameters: dict[str, Any]) -> None:
        super().__init__(f"{status}: {description}")
        self.status = status
        self.description = description
        self.parameters = parameters


class Caller:
    """Calls the methods of one bot over one connection; a context manager."""

    def __init__(self, url: str, token: str) -> None:
        place = urlsplit(url)
        self._connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=20)
        self._token = token

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def call(self, method: str, **params: Any) -> Any:
        """The result; raises `CallFailed`, or an `OSError` or `HTTPException` without answer."""
        return self.post(f"/bot{self._token}/{method}", json.dumps(params).encode())

    def refused(self, method: str, **params: Any) -> str:
        """The description of the error that the call must end in, without the first words."""
        try:
            result = self.call(method, **params)
        except CallFailed as error:
            return error.description.partition(": ")[2] or error.description
        raise AssertionError(f"{method} went through: {result}")

    def post(self, path: str, body: bytes, content_type: str = "application/json") -> Any:
        """The same for a body that is ready."""
        try:
            self._connection.request("POST", path, body, {"Content-Type": content_type})
            answer = self._connection.getresponse()
            form = json.loads(answer.read())
        except BaseException:
            self._connection.close()
            raise
        assert form["ok"] == (answer.status == 200)
        if form["ok"]:
            return form["result"]
        assert form["error_code"] == answer.status
        raise CallFailed(answer.status, form["description"], form.get("parameters", {}))
