"""The Bot API over HTTP: from a request to an answer, with the faults in between."""

import asyncio
import re
from collections import deque
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import msgspec

from tests.fakes import account, methods
from tests.fakes.api import Api, Method
from tests.fakes.delivery import Delivery
from tests.fakes.faults import Fault
from tests.fakes.http import Answer, Request
from tests.fakes.model import Json, Room
from tests.fakes.params import Refused, canonical, decode
from tests.fakes.world import World

__all__ = ["Call", "Handler"]

_METHODS = methods.METHODS | account.METHODS

_JSON = ("Content-Type", "application/json")


@dataclass(slots=True)
class Call:
    """A call as it came in: decoded parameters, and the description of its error if it failed.

    `status` is 0 while it runs and when the connection was closed instead of an answer.
    """

    method: str
    params: Json
    via: str
    at: float
    error: str | None = None
    status: int = 0
    result: Any = None


class Handler:
    """Answers all requests to the bot named by `token`."""

    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.token = token
        self.calls: list[Call] = []
        self.delivery = Delivery(world, self._replied)
        self.api = Api(world, self.delivery)
        self._sent: deque[tuple[float, int]] = deque()

    def handle(self, request: Request) -> Answer | Awaitable[Answer]:
        """The answer to one request."""
        path, _, query = request.path.partition("?")
        match = re.fullmatch(r"/bot([^/]+)/([^/]*)", unquote(path))
        if match is None:
            return _failure(404, "Not Found")
        if match[1] != self.token:
            if re.fullmatch(r"\d{1,16}:[\w-]{30,}", match[1]):
                return _failure(401, "Unauthorized")
            return _failure(404, "Not Found")
        try:
            raw = decode(request.headers.get("content-type", ""), request.body, query)
        except Refused as error:
            call = self._call(match[2], {}, "http")
            return self._refuse(call, error)
        return self._execute(match[2] or str(raw.pop("method", "")), raw, "http")

    async def _replied(self, name: str, raw: Json) -> None:
        """Run what a webhook answered; nobody hears how it went."""
        before = len(self.calls)
        answer = self._execute(name, raw, "webhook reply")
        if not isinstance(answer, Answer):
            await answer
        call = self.calls[before]
        if call.error is not None or call.status != 200:
            reason = call.error or "connection dropped"
            self.world.problems.append(f"webhook reply: {call.method}: {reason}")

    def _call(self, name: str, values: Json, via: str) -> Call:
        known = _METHODS.get(name.lower())
        call = Call(known.name if known else name, values, via, self.world.now())
        self.calls.append(call)
        return call

    def _execute(self, name: str, raw: Json, via: str) -> Answer | Awaitable[Answer]:
        values, refusal = canonical(raw)
        call = self._call(name, values, via)
        known = _METHODS.get(name.lower())
        if known is None or not self.world.faults.knows(name):
            if known is None:
                self.world.problems.append(f"no method {name!r} in this fake")
            return self._refuse(call, Refused(404, "Not Found: method not found"))
        late = self.world.faults.late(known.name, after_effect=False)
        if late > 0:
            return self._held(late, call, known, raw, refusal)
        return self._act(call, known, raw, refusal)

    async def _held(
        self, late: float, call: Call, known: Method, raw: Json, refusal: Refused | None
    ) -> Answer:
        await asyncio.sleep(late)
        answer = self._act(call, known, raw, refusal)
        return answer if isinstance(answer, Answer) else await answer

    def _act(
        self, call: Call, known: Method, raw: Json, refusal: Refused | None
    ) -> Answer | Awaitable[Answer]:
        fault = self.world.faults.drawn(known.name)
        if fault is not None and not fault.after_effect:
            return self._spoil(call, fault)
        unknown = raw.keys() - known.parameters
        if unknown:
            self.world.problems.append(f"{known.name}: unknown parameters {sorted(unknown)}")
        try:
            if refusal is not None:
                raise refusal
            self._check_limits(call)
            result = known.run(self.api, call.params)
        except Refused as error:
            return self._refuse(call, error)
        if isinstance(result, asyncio.Future):
            return self._later(call, result, fault)
        return self._finish(call, result, fault)

    async def _later(
        self, call: Call, waited: "asyncio.Future[Any]", fault: Fault | None
    ) -> Answer:
        try:
            return self._finish(call, await waited, fault)
        except Refused as error:
            return self._refuse(call, error)

    def _finish(self, call: Call, result: Any, fault: Fault | None) -> Answer:
        if fault is not None:
            return self._spoil(call, fault)
        call.status, call.result = 200, result
        body = msgspec.json.encode({"ok": True, "result": result})
        return Answer(200, body, (_JSON,), self.world.faults.late(call.method, after_effect=True))

    def _refuse(self, call: Call, error: Refused) -> Answer:
        call.status, call.error = error.status, error.description
        late = self.world.faults.late(call.method, after_effect=True)
        return _failure(error.status, error.description, error.parameters, late)

    def _spoil(self, call: Call, fault: Fault) -> Answer:
        if fault.drop:
            call.error = "connection dropped"
            return Answer(drop=True, delay=self.world.faults.late(call.method, after_effect=True))
        wait = {} if fault.retry_after is None else {"retry_after": fault.retry_after}
        return self._refuse(call, Refused(fault.status, fault.description, wait))

    def _check_limits(self, call: Call) -> None:
        if not self.world.faults.limits or not call.method.startswith(("send", "edit")):
            return
        room = self.world.room(call.params.get("chat_id", 0))
        if room is None:
            return
        now = self.world.now()
        while self._sent and self._sent[0][0] <= now - 60:
            self._sent.popleft()
        wait = max(self._wait(room, now, *rule) for rule in _rules(room))
        if wait > 0:
            seconds = int(wait) + 1
            description = f"Too Many Requests: retry after {seconds}"
            raise Refused(429, description, {"retry_after": seconds})
        self._sent.append((now, room.id))

    def _wait(self, room: Room, now: float, most: int, span: float, everywhere: bool) -> float:
        times = [
            at for at, chat in self._sent if at > now - span and (everywhere or chat == room.id)
        ]
        return times[-most] + span - now if len(times) >= most else 0.0


def _rules(room: Room) -> tuple[tuple[int, float, bool], ...]:
    """How many messages in how many seconds, and whether all chats count together."""
    own = (3, 3.0, False) if room.kind == "private" else (20, 60.0, False)
    return own, (30, 1.0, True)


def _failure(
    status: int, description: str, parameters: Json | None = None, late: float = 0.0
) -> Answer:
    form: Json = {"ok": False, "error_code": status, "description": description}
    headers: tuple[tuple[str, str], ...] = (_JSON,)
    if parameters:
        form["parameters"] = parameters
        if "retry_after" in parameters:
            headers += (("Retry-After", str(parameters["retry_after"])),)
    return Answer(status, msgspec.json.encode(form), headers, late)
