"""The commitment to codes that are told later: ``H^n(secret)``, one step back for each draw of a task. Pure.

``H`` is SHA-256 over 32 bytes. The end of the chain (the *commitment*) is public from a task's first draw on; the
code of its ``k``-th draw is ``H^(n-k)(secret)``. So every code of every later draw of a task was settled by the first
commitment, and a code that is told tells those of the earlier draws of the same task, never of a later one.
A chain belongs to one task: one task's code says nothing about another's.
"""

import hashlib
import secrets

LENGTH = 16  # draws that one task can have: a sixteenth redraw is past all reason


def new_secret() -> str:
    """The beginning of a chain, 32 random bytes in hex."""
    return secrets.token_hex(32)


def walked(value: str, steps: int) -> str:
    """``H`` applied so many times; hex in, hex out.

    :raises ValueError: when it is not 32 bytes in hex, or the steps are negative.
    """
    link = bytes.fromhex(value)
    if len(link) != 32 or steps < 0:
        raise ValueError("a link of the chain is 32 bytes, walked forwards")
    for _ in range(steps):
        link = hashlib.sha256(link).digest()
    return link.hex()


def commitment(secret: str) -> str:
    """The public end of the chain."""
    return walked(secret, LENGTH)


def code_of(secret: str, step: int) -> str:
    """The code of the ``step``-th draw of a task, counted from one.

    :raises ValueError: when the chain has no such step.
    """
    if not 1 <= step <= LENGTH:
        raise ValueError(f"a chain has the steps 1 to {LENGTH}")
    return walked(secret, LENGTH - step)


def leads_to(code: str, commitment: str, step: int) -> bool:
    """Whether a told code is the one that was committed to as the ``step``-th."""
    try:
        return 1 <= step <= LENGTH and walked(code, step) == commitment
    except ValueError:
        return False
