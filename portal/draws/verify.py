"""Checking a draw from its bundle alone, offline: what is wrong, in sentences. Pure.

A bundle (``portal.draw-bundle/1``) holds the ledger's lines of a draw as they were written, and whatever they commit
to. That the lines stand in the log, and when, is for ``portal log verify`` and the proofs of the log to say.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from portal.draws import chain, order, pool, randomness, strata
from portal.draws.strata import Stratum
from portal.ledger.entry import read_entry, reason_hash
from portal.words import Sentence, say

FORMAT = "portal.draw-bundle/1"
UNREADABLE = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    IndexError,
    OverflowError,
    AssertionError,
    RecursionError,
)


@dataclass(frozen=True)
class Bundle:
    """A draw as it can be checked. Each of the lines is the ledger's: its index and its members.

    :param salt: with which the digests of pool, exclusions and strata were made, and that of a list not to be shown.
    :param evidence: the round's signature or the winning numbers; empty when the draw was given up before.
    :param code: empty when it has not been told.
    :param record: the announcement's released fields, where they came along.
    """

    commit: tuple[int, Mapping[str, Any]]
    result: tuple[int, Mapping[str, Any]] | None
    reveal: tuple[int, Mapping[str, Any]] | None
    strata: Sequence[Stratum]
    excluded: Mapping[str, str]
    evidence: str
    code: str
    drawn: Sequence[str]
    salt: str
    reason: str
    earlier: "Sequence[Bundle]"

    @property
    def terms(self) -> Mapping[str, Any]:
        """What was committed to."""
        return self.commit[1]


def read_bundle(text: str | bytes) -> Bundle:
    """A bundle out of its JSON.

    :raises ValueError: when it is none.
    """
    try:
        given = json.loads(text)
        if given["format"] != FORMAT:
            raise ValueError(f"this is no bundle of the format {FORMAT}")
        return _bundle(given)
    except UNREADABLE as error:
        raise ValueError("this is no whole bundle of a draw") from error


def problems(bundle: Bundle, released: Mapping[str, Any] | None = None) -> list[Sentence]:
    """Everything that is wrong with a draw; empty means that it was drawn as it was committed to.

    :param released: ``fields`` of the announcement's ``record.json``, to compare the list with.
    """
    try:
        return _problems(bundle, released)
    except UNREADABLE:  # whatever a forger may think of
        return [say("这份核对数据里有写法不对的内容，不能核对；请重新下载，还是这样的，这次抽取不可信。")]


def _problems(bundle: Bundle, released: Mapping[str, Any] | None) -> list[Sentence]:
    found = [*_of_commit(bundle), *_of_time(bundle), *_of_attempts(bundle)]
    if bundle.result is None:
        return [*found, say("这次抽取还没有锁定名单，没有可以核对的名单。")]
    found += [*_of_lines(bundle), *_of_code(bundle), *_of_draw(bundle)]
    return found + list(_of_announcement(bundle, released) if released is not None else ())


def drawn_again(bundle: Bundle) -> tuple[list[list[str]], list[Sentence]]:
    """Whom the draw draws, stratum by stratum, worked out anew; or why it can not be worked out."""
    value, problem = randomness.value(str(bundle.terms.get("randomness")), bundle.evidence)
    if problem is not None:
        return [], [problem]
    if not chain.leads_to(bundle.code, str(bundle.terms.get("commitment")), int(bundle.terms.get("step", 0))):
        return [], [say("公布的口令不是事先承诺的那一个：按承诺的步数求摘要，得不到承诺的值。")]
    return strata.selection(bundle.strata, bundle.excluded, bundle.code, value), []


# ── reading ──────────────────────────────────────────────────


def _bundle(given: Mapping[str, Any]) -> Bundle:
    commit = _line(given["commit"])
    assert commit is not None
    return Bundle(
        commit=commit,
        result=_line(given.get("result")),
        reveal=_line(given.get("reveal")),
        strata=[Stratum(each["name"], each["pool"], each["rule"]) for each in given["strata"]],
        excluded=pool.read_exclusions(given["exclusions"]),
        evidence=str(given.get("evidence") or ""),
        code=str(given.get("code") or ""),
        drawn=pool.read_pool(given.get("drawn") or ""),
        salt=str(given.get("salt") or ""),
        reason=str(given.get("reason") or ""),
        earlier=[_bundle(each) for each in given.get("earlier") or []],
    )


def _line(given: Mapping[str, Any] | None) -> tuple[int, Mapping[str, Any]] | None:
    return (int(given["index"]), read_entry(given["body"].encode())) if given else None


# ── what was committed to ────────────────────────────────────


def _of_commit(bundle: Bundle) -> Iterator[Sentence]:
    said = bundle.terms
    if said["type"] != "draw_commit" or said.get("draw") != "own" or said.get("algorithm") != order.ALGORITHM:
        yield say("第{index}行存证不是本办法的抽取承诺，不能用本程序核对。", index=bundle.commit[0])
        return
    try:
        codes = strata.whole_pool(bundle.strata)
    except ValueError:
        yield say("名录库不完整，或者有对象同时在两个分组里，不能核对。")
        return
    if _digest(bundle, pool.pool_text(codes)) != said["pool"] or said["size"] not in (None, len(codes)):
        yield say("名录库不是抽取前承诺的那一份：对象有增减，或者有改动。")
    yield from _of_exclusions(bundle, codes)
    if _digest(bundle, strata.strata_text(bundle.strata, bundle.excluded)) != said["strata"]:
        yield say("分组或者各组的比例、数量不是抽取前承诺的那一份。")


def _of_exclusions(bundle: Bundle, codes: Sequence[str]) -> Iterator[Sentence]:
    said, text = bundle.terms, pool.exclusions_text(bundle.excluded)
    if _digest(bundle, text) != said["excluded"] or said["excluded_count"] not in (
        None,
        len(bundle.excluded),
    ):
        yield say("排除名单不是抽取前承诺的那一份。")
    if strangers := {*bundle.excluded} - {*codes}:
        yield say("排除名单里有{count}个对象不在名录库中。", count=len(strangers))


def _of_time(bundle: Bundle) -> Iterator[Sentence]:
    source, committed = str(bundle.terms.get("randomness")), _moment(bundle.terms["time"])
    if (problem := randomness.why_not_source(source)) is not None:
        yield problem
        return
    appears = randomness.appears(source)
    if appears is None:
        appears = _moment(str(bundle.terms.get("decides")))
    if committed >= appears:
        yield say("承诺写入存证时，决定结果的随机数已经产生：可以先看结果再选轮次，这次抽取不可信。")
    if bundle.result is not None and _moment(bundle.result[1]["time"]) < appears:
        yield say("名单锁定时，决定结果的随机数还没有产生：名单不是按它抽出来的。")


def _of_attempts(bundle: Bundle) -> Iterator[Sentence]:
    """A second draw of one task is one more step of the same chain, says which it replaces, and why."""
    said = bundle.terms
    if bundle.reason and reason_hash(bundle.reason) != said["reason"]:
        yield say("重新抽取的理由不是当时写入存证的那一句。")
    if said.get("step") != len(bundle.earlier) + 1:
        yield say(
            "存证写明这是第{step}次抽取，但以前的抽取只附了{count}次。",
            step=said.get("step"),
            count=len(bundle.earlier),
        )
    before = bundle.earlier[-1] if bundle.earlier else None
    if said.get("replaces") != (before.commit[0] if before else None):
        yield say("这次抽取没有写明它替代的是哪一次。")
    for each in bundle.earlier:
        yield from _of_commit(each)
        if any(each.terms.get(name) != said.get(name) for name in ("commitment", "task")):
            yield say("以前的一次抽取不属于同一任务，或者用的是另一组口令。")


# ── what was drawn ───────────────────────────────────────────


def _of_lines(bundle: Bundle) -> Iterator[Sentence]:
    assert bundle.result is not None
    index, said = bundle.result
    if (
        said["type"] != "draw_result"
        or said.get("draw") != "own"
        or said.get("commit") != bundle.commit[0]
        or index <= bundle.commit[0]
    ):
        yield say("锁定名单的第{index}行存证说的不是这次抽取。", index=index)
    if said.get("sample") != len(bundle.drawn) or said.get("list") != pool.digest(
        pool.pool_text(bundle.drawn), "" if bundle.terms.get("checked_by") == "public" else bundle.salt
    ):
        yield say("抽取名单不是锁定时写入存证的那一份。")
    if bundle.reveal is not None:
        index, said = bundle.reveal
        if said["type"] != "draw_result" or said.get("commit") != bundle.commit[0]:
            yield say("公布口令的第{index}行存证说的不是这次抽取。", index=index)
        elif said.get("code") not in (None, bundle.code):
            yield say("口令不是写入存证的那一个。")


def _of_code(bundle: Bundle) -> Iterator[Sentence]:
    if not bundle.code:
        yield say("口令还没有公布，现在不能重算名单；检查全部结束后公布。")


def _of_draw(bundle: Bundle) -> Iterator[Sentence]:
    if not bundle.code:
        return
    try:
        chosen, wrong = drawn_again(bundle)
    except ValueError:
        yield say("分组或者口令的写法不对，不能重算名单。")
        return
    yield from wrong
    if wrong:
        return
    again, locked = {code for part in chosen for code in part}, {*bundle.drawn}
    if again - locked:
        yield say("按承诺重算应当抽中、但名单里没有的对象有{count}个。", count=len(again - locked))
    if locked - again:
        yield say("名单里有、但按承诺重算抽不中的对象有{count}个。", count=len(locked - again))


def _of_announcement(bundle: Bundle, released: Mapping[str, Any]) -> Iterator[Sentence]:
    rows = released.get("drawn")
    if rows is None:
        return
    if sorted(str(row.get("entity_code")) for row in rows) != sorted(bundle.drawn):
        yield say("公告里的抽取名单与这次抽取的名单不一致。")


def _digest(bundle: Bundle, text: str) -> str:
    return pool.digest(text, bundle.salt)


def _moment(text: str) -> datetime:
    """A moment as the ledger writes it."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
