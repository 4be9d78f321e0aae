"""A portal's log and records, checked from outside: offline after download, or at its address."""

from collections.abc import Sequence
from datetime import date

from portal.errors import Refused
from portal.ledger.checkpoints import Checkpoint
from portal.ledger.notes import Note, VerifierKey
from portal.verifying.keys import problems_of_keys
from portal.verifying.objections import check_objections
from portal.verifying.reading import LogReader, read_checkpoint
from portal.verifying.records import Records, in_order
from portal.verifying.report import Report
from portal.verifying.sources import Source
from portal.verifying.walking import Progress, Walk
from portal.words import Sentence, say

TRIES = 3  # a portal goes on publishing while it is read

Kept = tuple[Note, Checkpoint]


def verify(
    source: Source,
    *,
    today: date,
    key: str = "",
    earlier: str = "",
    records: bool = True,
    pages: bool = True,
    progress: Progress = lambda done, size: None,
) -> Report:
    """Check everything that can be checked without asking the office.

    :param today: by which objections are overdue; the date in China.
    :param key: the verifier key that is believed; else the one that the source itself gives, which proves no more
        than that the log agrees with itself.
    :param earlier: the text of a checkpoint that was kept.
    :param records: whether to hold the records against the log.
    :param pages: whether to hold the pages against the records.
    :raises Refused: when there is no log to check, or no key to check it with.
    """
    report, reader = Report(), LogReader(source)
    believed = _key(reader, key, report)
    kept = read_checkpoint(earlier) if earlier else None
    note, head = reader.checkpoint()
    walk = Walk(reader, report, (kept[1].size,) if kept else ())
    if walk.go_on(head.size, progress):
        _compare(walk, head, kept, report)
        for problem in problems_of_keys(believed, note, walk.register.rotations, kept):
            report.say_wrong(problem)
        if records and report.whole:
            _check_records(walk, believed, report, progress, pages=pages)
        check_objections(walk.register, report, today)
        for noted in walk.register.draws.noted:
            report.note(noted)
    report.counts["entries"], report.counts["numbers"] = walk.frontier.size, len(walk.register.numbers)
    return report


def _key(reader: LogReader, given: str, report: Report) -> VerifierKey:
    text = given or reader.key()
    if not given:
        report.note(say("没有指定密钥，用的是同一处的 /log/key：这只能说明存证自相一致。请向公示机关另行核实密钥，用 --key 指定。"))  # fmt: skip
    try:
        return VerifierKey.parse(text)
    except ValueError as error:
        raise Refused(
            say("没有可用的存证公钥。请用 --key 给出“名称+标识+公钥”一行，或者写有它的文件。")
        ) from error


def _compare(walk: Walk, head: Checkpoint, kept: Kept | None, report: Report) -> None:
    """The signed roots against the root over what was read."""
    if walk.roots[head.size] != head.root:
        report.say_wrong(say("全部{size}条存证算出的根哈希与签名的存证头不符。", size=head.size))
    if kept is None:
        return
    old = kept[1]
    if old.origin != head.origin:
        report.say_wrong(say("留存的存证头是另一份存证的：{origin}。", origin=old.origin))
    if old.size > head.size:
        report.say_wrong(
            say(
                "存证变短了：留存的存证头有{old}条，现在只有{new}条，最后{lost}条不见了。",
                old=old.size,
                new=head.size,
                lost=old.size - head.size,
            )
        )
    elif walk.roots[old.size] != old.root:
        report.say_wrong(
            say(
                "前{size}条存证与留存的存证头不符：存证被改写过，或者给不同的人看了不同的存证。",
                size=old.size,
            )
        )


def _check_records(walk: Walk, key: VerifierKey, report: Report, progress: Progress, *, pages: bool) -> None:
    """Each number; once more where the log went on meanwhile."""
    records = Records(walk.reader, walk.register, report, pages=pages)
    numbers: Sequence[str] = in_order(walk.register)
    wrong: dict[str, list[Sentence]] = {}
    for _ in range(TRIES):
        wrong = records.check(numbers, len(numbers), progress)
        note, head = walk.reader.checkpoint()
        if not wrong or head.size <= walk.frontier.size or not walk.go_on(head.size, progress):
            break
        _compare(walk, head, None, report)
        for problem in problems_of_keys(key, note, walk.register.rotations):
            report.say_wrong(problem)
        numbers = list(wrong)
    for problems in wrong.values():
        for problem in problems:
            report.say_wrong(problem)


def told(report: Report) -> list[Sentence]:
    """What was looked at, for the end of a report."""
    count = report.counts
    lines = [
        say("存证{entries}条，哈希块{tiles}个，公示编号{numbers}个，经办人员签名{signatures}个。", **_of(count, "entries", "tiles", "numbers", "signatures")),
        say("公示中的记录{records}条，以前的版本{versions}个，网页{pages}页，不再显示的{gone}个。", **_of(count, "records", "versions", "pages", "gone")),
        say("收到异议{objections}件，正在办理{running}件，逾期{late}件。", late=len(report.late), **_of(count, "objections", "running")),
    ]  # fmt: skip
    if report.unshown:
        lines.append(say("另有{count}处问题没有逐一列出。", count=report.unshown))
    if report.wrong:
        lines.append(say("核验没有通过。"))
    elif report.late:
        lines.append(say("存证完好；公示机关有异议逾期未复查。"))
    else:
        lines.append(say("核验通过：存证完好，所核对的内容与存证一致。"))
    return lines


def _of(counts: dict[str, int], *names: str) -> dict[str, int]:
    return {name: counts[name] for name in names}
