"""Where clients' events come in: limits, shapes, handlers, and the ack that answers them."""

import secrets
from typing import Any

import structlog
from pydantic import ValidationError

from thespace.core.errors import DomainError, FieldError, Internal, Invalid, field_errors, problem_of
from thespace.core.limits import Limit, Limits
from thespace.realtime.connection import Connection
from thespace.realtime.wire import ClientEvent, Wire

EVENTS = Limit("socket", 120, 60)
QUIET_EVENTS = {"typing": Limit("typing", 60, 60), "heartbeat": Limit("heartbeat", 20, 60)}
"""Events that come by themselves have limits of their own, and take nothing from what a person does."""

_log = structlog.get_logger()


class UnknownEvent(DomainError):
    status, code, title = 404, "unknown_event", "There is no such event"


class Entry:
    """Answers every event a client sends with `{ok: true, data}` or `{ok: false, problem}`."""

    def __init__(self, wire: Wire, limits: Limits) -> None:
        self._wire = wire
        self._limits = limits

    async def answer(self, connection: Connection, name: str, arguments: list[Any]) -> dict[str, Any]:
        """Handle one event and return its ack; an exception never leaves it."""
        request_id = secrets.token_hex(8)
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                return {"ok": True, "data": await self._handle(connection, name, arguments)}
            except DomainError as error:
                return {"ok": False, "problem": problem_of(error, request_id)}
            except Exception:
                _log.exception("socket_event_failed", event_name=name)
                return {"ok": False, "problem": problem_of(Internal(), request_id)}

    async def _handle(self, connection: Connection, name: str, arguments: list[Any]) -> Any:
        self._limits.hit(QUIET_EVENTS.get(name, EVENTS), connection.actor.user_id)
        event = self._wire.client_events.get(name)
        if event is None:
            raise UnknownEvent
        answer = await event.handler(connection, _parse(event, arguments))
        return None if answer is None else answer.model_dump(mode="json")


def _parse(event: ClientEvent, arguments: list[Any]) -> Any:
    if len(arguments) != 1:
        raise Invalid("Send one object.", errors=[FieldError("", "one_object")])
    try:
        return event.body.model_validate(arguments[0])
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        raise Invalid(errors=field_errors(details)) from None
