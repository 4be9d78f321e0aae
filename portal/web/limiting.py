"""How much one address may ask for what costs much: so that one program does not take the search from everybody.

Counted in this process, or in a Redis that all nodes share. When that does not answer, each process counts for itself
until it does: a site never goes down because of what counts its visitors. Wrong passwords, codes and requests for mails
are counted in the database and need none of this.
"""

import hashlib
import hmac
import logging
from datetime import datetime, timedelta
from ipaddress import ip_address
from threading import Lock
from typing import Any, cast

from flask import Flask, current_app, request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.errors import ConfigurationError, StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from portal import clock
from portal.errors import Refused
from portal.settings import Settings
from portal.words import say

log = logging.getLogger(__name__)

SEARCHES = {"public.search", "public.search_file", "public.search_feed", "public.api_publications"}
SIGN_INS_PER_MINUTE = (
    30  # an office behind one address in the morning; each name has a limit of its own beside
)
WITHOUT_SHARED = timedelta(seconds=30)  # until a Redis that did not answer is asked again
ANSWER_WITHIN = 0.25  # seconds for the Redis: a search waits for it
NETWORK_OF_ONE = 64  # bits of an IPv6 address that one household has to itself


class TooOften(Refused):
    """One address asked for too much in a minute.

    :ivar seconds: until it may ask again.
    """

    seconds = 60


class Counting:
    """Counts what addresses ask for; the numbers are forgotten after a minute.

    :raises RuntimeError: when the shared place can not be one.
    """

    def __init__(self, settings: Settings) -> None:
        self._key = settings.secret_key.encode()
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self._shared = FixedWindowRateLimiter(_shared(settings)) if settings.rate_limits_url else None
        self._own_until: datetime | None = None
        self._lock = Lock()

    def is_too_often(self, what: str, address: str, most: RateLimitItem) -> bool:
        """Count one more, and say whether that was too many."""
        who = hmac.new(self._key, f"{what} {address}".encode(), hashlib.sha256).hexdigest()[:32]
        if self._shared is not None and self._may_ask():
            try:
                allowed = self._shared.hit(most, what, who)
            except StorageError as error:
                self._lost(error)
            else:
                self._found()
                return not allowed
        return not self._own.hit(most, what, who)

    def _may_ask(self) -> bool:
        return self._own_until is None or clock.now() >= self._own_until

    def _lost(self, error: StorageError) -> None:
        with self._lock:
            if self._own_until is None:
                cause = type(error.storage_error).__name__
                log.warning(
                    "the shared place for limits does not answer (%s): each process counts alone", cause
                )
            self._own_until = clock.now() + WITHOUT_SHARED

    def _found(self) -> None:
        with self._lock:
            if self._own_until is not None:
                log.warning("the shared place for limits answers again")
            self._own_until = None


def _shared(settings: Settings) -> Storage:
    waits = {"socket_timeout": ANSWER_WITHIN, "socket_connect_timeout": ANSWER_WITHIN}
    try:
        return cast(Storage, storage_from_string(settings.rate_limits_url, wrap_exceptions=True, **waits))
    except (ConfigurationError, ValueError) as error:
        raise RuntimeError(
            "PORTAL_RATE_LIMITS_URL must be like redis://host:6379/0, and the package redis installed "
            "(pip install 'inspection-disclosure-portal[redis]')."
        ) from error


def prepare(app: Flask, settings: Settings) -> None:
    """Count every request to what is limited before it is answered."""
    app.extensions["portal_counting"] = Counting(settings)
    app.before_request(refuse_too_often)


def refuse_too_often() -> None:
    """Let a request through or not.

    Who comes from this machine is not counted: that is its own programs, or a proxy that ``PORTAL_PROXIES`` does not
    know of, and then all visitors would look like one.
    """
    most = _most(request.endpoint or "", request.method, current_app.extensions["portal_settings"])
    address = network(request.remote_addr or "")
    if most is None or not address:
        return
    what, limit = most
    counting: Counting = current_app.extensions["portal_counting"]
    if counting.is_too_often(what, address, limit):
        raise TooOften(
            say("从您的网络一分钟内来的请求太多，请等一分钟再试。要整批取用数据的，请用“批量下载”页的文件。")
        )


def _most(endpoint: str, method: str, settings: Settings) -> tuple[str, RateLimitItem] | None:
    if endpoint in SEARCHES and settings.searches_per_minute:
        return "search", RateLimitItemPerMinute(settings.searches_per_minute)
    if endpoint == "staff.sign_in_now" and method == "POST":
        return "sign-in", RateLimitItemPerMinute(SIGN_INS_PER_MINUTE)
    return None


def network(address: str) -> str:
    """What is counted as one visitor; empty for this machine itself and for what is no address.

    >>> network("203.0.113.7"), network("2001:db8:1:2:aaaa::1"), network("127.0.0.1"), network("unix")
    ('203.0.113.7', '2001:db8:1:2::', '', '')
    """
    try:
        ip: Any = ip_address(address)
    except ValueError:
        return ""
    ip = getattr(ip, "ipv4_mapped", None) or ip
    if ip.is_loopback:
        return ""
    return str(ip) if ip.version == 4 else str(ip_address(int(ip) >> NETWORK_OF_ONE << NETWORK_OF_ONE))
