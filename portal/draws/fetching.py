"""A round from a drand relay, for an office whose network reaches one; whatever comes is checked before it decides."""

import requests

from portal.draws.randomness import QUICKNET
from portal.errors import Refused
from portal.words import say

PATIENCE = 10  # seconds
LONGEST_ANSWER = 10_000  # bytes


def fetched(relay: str, number: int) -> str:
    """A round as a relay gives it, unread.

    :param relay: the address of a drand relay, without the chain.
    :raises Refused: when nothing comes.
    """
    address = f"{relay.rstrip('/')}/{QUICKNET.chain_hash}/public/{number}"
    try:
        answer = requests.get(address, timeout=PATIENCE, allow_redirects=False)
        answer.raise_for_status()
    except requests.RequestException as error:
        raise Refused(
            say("没有取到第{number}轮。请在能上网的地方取得这一轮，粘贴或者上传。", number=number)
        ) from error
    return str(answer.text[:LONGEST_ANSWER])
