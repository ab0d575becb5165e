"""Connections that end: of visitors who send half a request, or do not read the answer."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_SECONDS = 10.0
"""In which a request must have come whole."""
READ_SECONDS = 60.0
"""In which a visitor must have read on."""
MOST_WAITING = 200
"""Connections that may wait for the rest of a request; of more, those that wait longest end."""


class PatientProtocol(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, with limits to its patience.

    Attributes:
        waiting: the timer that runs while the rest of a request is awaited.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.waiting: asyncio.TimerHandle | None = None
        self._reading: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A visitor has come; the request must follow."""
        super().connection_made(transport)
        self._wait()
        incomplete = [
            other
            for other in self.connections
            if isinstance(other, PatientProtocol) and other.waiting is not None
        ]
        if len(incomplete) > MOST_WAITING:
            min(incomplete, key=_since).give_up()

    def data_received(self, data: bytes) -> None:
        """Some more of a request."""
        super().data_received(data)
        if self.conn.their_state in {h11.IDLE, h11.SEND_BODY}:
            self._wait()
        else:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """The visitor has gone."""
        self._stop_waiting()
        self.resume_writing()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The visitor reads more slowly than we send."""
        super().pause_writing()
        if self._reading is None:
            self._reading = self.loop.call_later(READ_SECONDS, self.give_up)

    def resume_writing(self) -> None:
        """The visitor has read on."""
        super().resume_writing()
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _wait(self) -> None:
        if self.waiting is None:  # more bytes do not give more time
            self.waiting = self.loop.call_later(REQUEST_SECONDS, self.give_up)

    def _stop_waiting(self) -> None:
        if self.waiting is not None:
            self.waiting.cancel()
            self.waiting = None

    def give_up(self) -> None:
        """Drop the connection."""
        self._stop_waiting()
        self.transport.abort()


def _since(protocol: PatientProtocol) -> float:
    waiting = protocol.waiting
    return waiting.when() if waiting else float("inf")
