"""Guessing is throttled, per thing that is guessed at and per visitor.

**The door commits the counters although the act is refused**; otherwise guessing would be free.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.objections.models import Guess
from portal.words import Sentence, say

FREE_GUESSES, PAUSE = 5, timedelta(minutes=15)


def of_visitor(visitor: str, what: str = "visitor") -> str:
    """The key under which a visitor's guesses are counted: a hash of what tells one from another."""
    return f"{what}:{hashlib.sha256(visitor.encode()).hexdigest()}"[:80]


def judge(session: Session, keys: Sequence[str], fitting: bool, wrong: Sentence, at: datetime) -> None:
    """Let a right guess through, count a wrong one; neither counts while a key is locked.

    :param keys: at most 80 characters each.
    :param wrong: said of every wrong guess, whatever is wrong with it.
    :raises Refused: with ``wrong``, or with how long to wait.
    """
    guesses = [session.get(Guess, each, with_for_update=True) for each in keys]
    locked = [each.locked_until for each in guesses if each and each.locked_until and at < each.locked_until]
    if locked:
        minutes = max(1, -(-int((max(locked) - at).total_seconds()) // 60))
        raise Refused(say("试错次数过多，请在{n}分钟后再试，或者拨打回执上的电话。", n=minutes))
    if not fitting:
        for key, guess in zip(keys, guesses, strict=True):
            _count(session, key, guess, at)
        raise Refused(wrong)
    for guess in guesses:
        if guess is not None:
            session.delete(guess)
    session.flush()


def _count(session: Session, key: str, guess: Guess | None, at: datetime) -> None:
    if guess is None or at - guess.first_at > PAUSE:
        if guess is not None:
            session.delete(guess)
            session.flush()
        guess = Guess(key=key, failures=0, first_at=at)
        session.add(guess)
    guess.failures += 1
    if guess.failures >= FREE_GUESSES:
        guess.failures, guess.first_at, guess.locked_until = 0, at, at + PAUSE
    session.flush()
