"""Which room an address belongs to, and each room's cookie: one per room, none in public."""

from dataclasses import dataclass

from flask import Flask, Request, Response, request
from flask.sessions import NullSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer


@dataclass(frozen=True)
class Room:
    """A part of the site with a path of its own, where more than reading is done.

    :param cookie: by which a browser is remembered there; empty where no browser comes.
    """

    path: str
    cookie: str
    blueprint: str

    def holds(self, path: str) -> bool:
        return path == self.path or path.startswith(self.path + "/")


STAFF = Room("/staff", "portal_staff", "staff")
ENTITY = Room("/objections", "portal_objection", "entity")
PUSH = Room("/push", "", "push")
ROOMS = (STAFF, ENTITY, PUSH)


def room_of(asked: Request) -> Room | None:
    """The room that a request is for; None is the public."""
    return next((each for each in ROOMS if each.holds(asked.path)), None)


class RoomSessions(SecureCookieSessionInterface):
    """One cookie per room and none in public: a signed-in officer on a public page costs nothing.

    Each room signs with a salt of its own, so that one room's cookie says nothing in another.
    """

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:  # type: ignore[override]
        room = room_of(request)
        if room is None or not room.cookie:
            return NullSession()
        return super().open_session(app, request)

    def get_cookie_name(self, app: Flask) -> str:
        return _here().cookie

    def get_cookie_path(self, app: Flask) -> str:
        return _here().path

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        serializer = super().get_signing_serializer(app)
        if serializer is not None and _here() is not STAFF:
            serializer.salt = f"{self.salt}-{_here().cookie}".encode()
        return serializer

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not self.is_null_session(session):
            super().save_session(app, session, response)


def _here() -> Room:
    return room_of(request) or STAFF
