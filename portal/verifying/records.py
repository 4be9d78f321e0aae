"""What the site answers for each number, against the newest entry of the number."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from portal.ledger.commitments import verify_record
from portal.ledger.entry import read_entry
from portal.ledger.tiles import WIDTH
from portal.verifying.page_text import main_of
from portal.verifying.pages import Logged, problems_of_page, problems_of_reason
from portal.verifying.reading import LogReader
from portal.verifying.register import Register, Standing, Version
from portal.verifying.report import Report
from portal.verifying.sources import DATA, GONE, OK, WITHHELD, Answer
from portal.verifying.walking import Progress
from portal.words import Sentence, say

Record = Mapping[str, Any]

PLURALS = {"QD": "lists", "JH": "plans", "RW": "tasks", "JG": "results"}
ANSWERS = {"live": OK, "held": WITHHELD, "withdrawn": GONE, "expired": GONE, "erased": GONE}


def address_of(number: str) -> str:
    """The path of a record; empty for a number of a kind that is not known.

    >>> address_of("JG-2026-000001")
    'results/JG-2026-000001'
    """
    plural = PLURALS.get(number.partition("-")[0], "")
    return f"{plural}/{number}" if plural and number.replace("-", "").isalnum() else ""


def data_of(number: str, version: int, newest: int) -> str:
    """Where the bytes of a version stand."""
    return (
        f"{address_of(number)}/{DATA}" if version == newest else f"{page_of(number, version, newest)}/{DATA}"
    )


def page_of(number: str, version: int, newest: int) -> str:
    """Where a version is shown."""
    return address_of(number) if version == newest else f"{address_of(number)}/versions/{version}"


def in_order(register: Register) -> list[str]:
    """Every number with a version, in the order of the newest ones, so that bundles are read in their order."""
    known = ((standing.versions[-1].at, number) for number, standing in register.numbers.items() if standing.versions)  # fmt: skip
    return [number for _at, number in sorted(known)]


class Records:
    """Holds records against the log that a walk has read.

    :param pages: whether to look at what the pages show as well.
    """

    def __init__(self, reader: LogReader, register: Register, report: Report, *, pages: bool) -> None:
        self.reader, self.register, self.report, self.pages = reader, register, report, pages

    def check(self, numbers: Iterable[str], size: int, progress: Progress) -> dict[str, list[Sentence]]:
        """What is wrong with each number; numbers with nothing wrong are left out."""
        wrong = {}
        for done, number in enumerate(numbers, start=1):
            if problems := list(self._record(number, self.register.numbers[number])):
                wrong[number] = problems
            progress(done, size)
        return wrong

    def _record(self, number: str, standing: Standing) -> list[Sentence]:
        if not address_of(number):
            return [say("编号{number}的种类不认识。请用新版程序核验。", number=number)]
        expected = ANSWERS[standing.face]
        answer = self.reader.source.get(data_of(number, 1, 1))
        if answer.status != expected:
            return [_answers(number, standing, answer.status)]
        if expected != OK:
            self.report.counts["gone"] += 1
            return self._gone(number, standing)
        count, before, problems = len(standing.versions), None, list[Sentence]()
        for version in range(1, count):
            found, before = self._earlier(number, standing, version, before)
            problems += found
        found, _record = self._version(number, standing, count, answer, before)
        return problems + found

    def _earlier(
        self, number: str, standing: Standing, version: int, before: Record | None
    ) -> tuple[list[Sentence], Record | None]:
        """An earlier version is shown as it was, or says that it is gone."""
        answer = self.reader.source.get(data_of(number, version, len(standing.versions)))
        if answer.status == GONE:
            self.report.counts["gone"] += 1
            return [], None
        if answer.status != OK:
            return [say("{number}的第{version}版应当能查到，或者说明不再显示，但是网站回答{status}。", number=number, version=version, status=answer.status)], None  # fmt: skip
        self.report.counts["versions"] += 1
        return self._version(number, standing, version, answer, before)

    def _version(
        self, number: str, standing: Standing, version: int, answer: Answer, before: Record | None
    ) -> tuple[list[Sentence], Record | None]:
        """The bytes against the entry, the commitments against the bytes, the page against the bytes."""
        made = standing.versions[version - 1]
        if hashlib.sha256(answer.body).digest() != made.record:
            return [say("{number}第{version}版的公示数据与第{index}条存证不符，公示后被改动过。", number=number, version=version, index=made.at)], None  # fmt: skip
        try:
            record: Record = json.loads(answer.body)
            problems = self._of_record(number, standing, version, record, before)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):  # signed, but no record
            return [say("{number}第{version}版的公示数据不合格式，无法核对。", number=number, version=version)], None  # fmt: skip
        self.report.counts["records"] += version == len(standing.versions)
        return [say("{number}第{version}版：{problem}", number=number, version=version, problem=each) for each in problems], record  # fmt: skip

    def _of_record(
        self, number: str, standing: Standing, version: int, record: Record, before: Record | None
    ) -> list[Sentence]:
        made = standing.versions[version - 1]
        entry = self._entry(made)
        commitments = entry.get("commitments")
        problems = verify_record(record, commitments if isinstance(commitments, list) else [])
        if self.pages:
            logged = Logged(number, made.at, made.record.hex(), entry.get("reason"))
            problems += self._page(page_of(number, version, len(standing.versions)), record, logged, before)
        return problems

    def _page(self, path: str, record: Record, logged: Logged, before: Record | None) -> list[Sentence]:
        status, body = self.reader.source.get(path)
        if status != OK:
            return [say("网页应当能看到，但是网站回答{status}。", status=status)]
        self.report.counts["pages"] += 1
        return problems_of_page(body.decode(errors="replace"), record, logged, before)

    def _gone(self, number: str, standing: Standing) -> list[Sentence]:
        """The page of what was taken down answers as its data does, with the reason that was logged."""
        if not self.pages:
            return []
        status, body = self.reader.source.get(address_of(number))
        if status != ANSWERS[standing.face]:
            return [_answers(number, standing, status)]
        reason = self._entry(Version(standing.act, b"")).get("reason")
        problems = problems_of_reason(main_of(body.decode(errors="replace")), ("理由",), reason)
        return [say("{number}：{problem}", number=number, problem=each) for each in problems]

    def _entry(self, made: Version) -> dict[str, Any]:
        bodies = self.reader.entries(made.at // WIDTH, min(WIDTH, self._size - made.at // WIDTH * WIDTH))
        return read_entry(bodies[made.at % WIDTH])

    @property
    def _size(self) -> int:
        return self.register.size


FACES = {
    "live": say("公示中"),
    "held": say("暂停公示"),
    "withdrawn": say("撤下公示"),
    "expired": say("公示期满"),
    "erased": say("依法删除"),
}


def _answers(number: str, standing: Standing, status: int) -> Sentence:
    return say(
        "{number}按第{index}条存证是“{face}”，网站应当回答{expected}，却回答{status}。",
        number=number, index=standing.act, face=FACES[standing.face], expected=ANSWERS[standing.face], status=status,
    )  # fmt: skip
