"""The public randomness that decides a draw, named beforehand, and how anybody checks it. Pure, offline.

Two sources, each named by one word of the ledger:

* ``drand-quicknet:657413``, a round of the League of Entropy's *quicknet* beacon, known by number long before it
  exists. Its signature is checked against the public key pinned here (BLS12-381, signature on G1, key on G2), and the
  randomness is the SHA-256 of the signature: nobody, the office included, can choose or know it beforehand.
* ``lottery:ssq:2026131``, the winning numbers of a named drawing of a national lottery, for places without a network.
  They can be looked up by anybody, but they carry no proof of their own.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from portal.clock import SHANGHAI
from portal.draws.curves import (
    FQ12,
    G2,
    G1Compressed,
    G2Compressed,
    curve_order,
    decompress_G1,
    decompress_G2,
    final_exponentiate,
    hash_to_G1,
    is_inf,
    multiply,
    neg,
    pairing,
)
from portal.words import Sentence, say

SOURCE = re.compile(
    r"(?P<kind>drand-quicknet):(?P<round>[1-9][0-9]{0,9})|lottery:(?P<lottery>[a-z0-9]+):(?P<issue>[0-9]{5,8})"
)


@dataclass(frozen=True)
class Beacon:
    """A drand chain as it is pinned: what its ``/info`` says, and what its scheme means.

    :param genesis: Unix seconds of round 1.
    :param period: seconds between rounds.
    """

    name: str
    chain_hash: str
    public_key: str
    scheme: str
    separation: bytes
    genesis: int
    period: int

    def round_at(self, moment: datetime) -> int:
        """The first round that appears at a moment or after it."""
        return max(1, -(-(int(moment.timestamp()) - self.genesis) // self.period) + 1)

    def appears(self, number: int) -> datetime:
        """When a round appears: not a second before."""
        return datetime.fromtimestamp(self.genesis, UTC) + timedelta(seconds=(number - 1) * self.period)


QUICKNET = Beacon(
    name="drand-quicknet",
    chain_hash="52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    public_key=(
        "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c"
        "8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb"
        "5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
    ),
    scheme="bls-unchained-g1-rfc9380",
    separation=b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_",
    genesis=1692803367,
    period=3,
)


@dataclass(frozen=True)
class Lottery:
    """A lottery: how many numbers, out of how many, in each of its two areas.

    Only those with more than 2^24 outcomes: with fewer, an office could try secrets until most outcomes please it.
    """

    label: Sentence
    areas: tuple[tuple[int, int], ...]


LOTTERIES = {
    "ssq": Lottery(say("双色球"), ((6, 33), (1, 16))),
    "dlt": Lottery(say("超级大乐透"), ((5, 35), (2, 12))),
}


def why_not_source(source: str) -> Sentence | None:
    """Why this names no public randomness; None when it does."""
    found = SOURCE.fullmatch(source)
    if found is None or (found["lottery"] and found["lottery"] not in LOTTERIES):
        return say(
            "“{source}”不是可以用的公开随机源；请写明 drand quicknet 的轮次，或者双色球、大乐透的期号。",
            source=source,
        )
    return None


def appears(source: str) -> datetime | None:
    """When a round appears; None for a lottery, whose day is told beside it."""
    number = drand_round(source)
    return QUICKNET.appears(number) if number else None


def drand_round(source: str) -> int:
    """The round that a source names; 0 when it is a lottery."""
    found = SOURCE.fullmatch(source)
    return int(found["round"]) if found and found["round"] else 0


def lottery_of(source: str) -> Lottery | None:
    found = SOURCE.fullmatch(source)
    return LOTTERIES.get(found["lottery"] or "") if found else None


def next_round(after: datetime) -> tuple[str, datetime]:
    """The first round that appears at a moment or after it: its name, and when it appears."""
    number = QUICKNET.round_at(after)
    return f"{QUICKNET.name}:{number}", QUICKNET.appears(number)


def drawing_of(lottery: str, issue: str, on: date) -> tuple[str, datetime]:
    """A drawing of a lottery: its name, and the moment before which nobody can know its numbers: eight in the evening
    of its day in China, when its sale ends."""
    return f"lottery:{lottery}:{issue}", datetime.combine(on, time(20), SHANGHAI).astimezone(UTC)


def read_evidence(source: str, text: str) -> tuple[str, Sentence | None]:
    """The signature or the numbers out of what somebody pasted or uploaded, or what is wrong with it.

    A round may come as a relay gives it (``{"round": …, "signature": …}``) or as its signature alone.
    """
    given = text.strip()
    if not given.startswith("{"):
        return given, None
    try:
        told = json.loads(given)
        number, signature = told["round"], str(told["signature"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return "", say("这不是 drand 一轮的 JSON，其中要有 round 和 signature。请重新取得后再试。")
    if number != drand_round(source):
        return "", say(
            "这是第{given}轮，承诺的是第{wanted}轮。请取得承诺的那一轮。",
            given=number,
            wanted=drand_round(source),
        )
    return signature, None


def value(source: str, evidence: str) -> tuple[str, Sentence | None]:
    """The randomness (32 bytes in hex) that a source gave, or why the evidence does not show it.

    :param evidence: the round's signature in hex, or the winning numbers (``03,08,14,22,27,31+09``).
    """
    if (problem := why_not_source(source)) is not None:
        return "", problem
    number = drand_round(source)
    if not number:
        return _of_lottery(source, evidence)
    if not is_signed(number, evidence):
        return "", say(
            "这个签名不是 drand quicknet 第{round}轮的签名，用公布的公钥核对不通过。请核对轮次，重新取得这一轮。",
            round=number,
        )
    return hashlib.sha256(bytes.fromhex(evidence)).hexdigest(), None


@lru_cache(maxsize=256)
def is_signed(number: int, signature: str, beacon: Beacon = QUICKNET) -> bool:
    """Whether a signature (48 bytes in hex) is the beacon's of a round; it takes half a second."""
    try:
        signed = decompress_G1(G1Compressed(int.from_bytes(_bytes(signature, 48))))
        key = _bytes(beacon.public_key, 96)
        public = decompress_G2(G2Compressed((int.from_bytes(key[:48]), int.from_bytes(key[48:]))))
    except ValueError:
        return False
    if is_inf(signed) or not is_inf(multiply(signed, curve_order)):
        return False
    sha256: Any = hashlib.sha256  # the package's annotation names the object, where it calls the function
    message = hash_to_G1(sha256(number.to_bytes(8, "big")).digest(), beacon.separation, sha256)
    both = pairing(G2, signed, final_exponentiate=False) * pairing(
        public, neg(message), final_exponentiate=False
    )
    return bool(final_exponentiate(both) == FQ12.one())


def numbers_text(source: str, numbers: str) -> str:
    """The bytes (ASCII) that a drawing of a lottery gives: the source's name, a line feed, the winning numbers, a line
    feed. The numbers have two digits, ascending in each area, a comma between them, a plus between the areas.

    :raises ValueError: when they are not the numbers of such a drawing.

    >>> numbers_text("lottery:ssq:2026131", "8 3 14 22 31 27 + 9")
    'lottery:ssq:2026131\\n03,08,14,22,27,31+09\\n'
    """
    lottery = lottery_of(source)
    parts = numbers.split("+")
    if lottery is None or len(parts) != len(lottery.areas):
        raise ValueError("not the numbers of such a drawing")
    areas = [_area(part, *area) for part, area in zip(parts, lottery.areas, strict=True)]
    return f"{source}\n{'+'.join(areas)}\n"


def _of_lottery(source: str, numbers: str) -> tuple[str, Sentence | None]:
    try:
        return hashlib.sha256(numbers_text(source, numbers).encode("ascii")).hexdigest(), None
    except ValueError:
        return "", say(
            "开奖号码“{numbers}”不是这种彩票的号码；请写成03,08,14,22,27,31+09的样子，前后区之间用加号。",
            numbers=numbers,
        )


def _area(text: str, count: int, most: int) -> str:
    drawn = sorted({int(each) for each in re.findall(r"\d+", text)})
    written = re.findall(r"\d+", text)
    if len(drawn) != count or len(written) != count or not 1 <= drawn[0] <= drawn[-1] <= most:
        raise ValueError("not the numbers of such a drawing")
    return ",".join(f"{each:02d}" for each in drawn)


def _bytes(text: str, length: int) -> bytes:
    given = bytes.fromhex(text)
    if len(given) != length:
        raise ValueError("not of this length")
    return given
