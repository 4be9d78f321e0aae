"""四、后来怎样: what happened after the inspection, in order, from entries and released fields."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape

from portal.clock import shanghai_date
from portal.ledger.models import Entry
from portal.objections.models import Contest
from portal.publications.models import Face, Release
from portal.web.public.reading import Reading
from portal.web.rendering import address


@dataclass(frozen=True)
class Step:
    """One line of the trail; ``mark`` is the shape beside it."""

    on: date
    text: Markup
    mark: str = "done"


def steps(
    read: Reading,
    release: Release,
    acts: Sequence[Entry],
    seconds: Sequence[Face],
    contests: Sequence[Contest] = (),
    objections: Sequence[tuple[int, Step]] = (),
) -> list[Step]:
    """Everything after the inspection up to the version that is read.

    :param contests: the public objections to it; a correction that one of them led to says so.
    :param objections: their own lines, by ledger index.
    """
    led: dict[int | None, str] = {each.version: each.outcome for each in contests if each.version}
    told = [each for each in acts if each.index <= release.entry_index or each.version == release.version]
    lines = [(each.index, _act(each, led.get(each.version))) for each in told]
    in_ledger = [step for _index, step in sorted([*lines, *objections], key=lambda line: line[0])]
    found = [*_follow_up(read), *in_ledger, *(_second(each) for each in seconds)]
    return sorted(found, key=lambda step: step.on)


def _act(entry: Entry, outcome: str | None) -> Step:
    reason = _("理由：%(reason)s", reason=entry.reason) if entry.reason else ""
    mark = "zhu" if entry.type in ("correct", "hold", "withdraw", "erase") else "done"
    return Step(shanghai_date(entry.at), escape(f"{_words(entry, outcome)}{reason}"), mark)


def _words(entry: Entry, outcome: str | None) -> str:
    if entry.type == "correct" and outcome == "partly_corrected":
        return _("复查结果：部分更正。主要负责人签署，公示第%(version)s版。", version=entry.version)
    if entry.type == "correct" and outcome:
        return _("复查结果：更正。主要负责人签署，公示第%(version)s版。", version=entry.version)
    if entry.type == "adjust" and entry.basis == "W1":
        return _("依法调整公示范围，公示第%(version)s版。", version=entry.version)
    match entry.type:
        case "publish":
            return _("公示（第1版）。")
        case "adjust":
            return _("调整，公示第%(version)s版。", version=entry.version)
        case "correct":
            return _("主要负责人签署更正，公示第%(version)s版。", version=entry.version)
        case "hold":
            return _("暂停公示。")
        case "withdraw":
            return _("撤下公示。")
        case "restore":
            return _("恢复公示。")
        case "expire":
            return _("公示期满。")
        case "erase":
            return _("从以前各版依法删除部分内容。")
    raise KeyError(entry.type)


def _follow_up(read: Reading) -> Iterator[Step]:
    if read.kind.name != "result":
        return
    closed = _date(read["follow_up_closed_on"])
    if closed and read["follow_up_closed"]:
        yield Step(closed, escape(_("后续处置办结：")) + (read.show("follow_up") or escape(_("未写明方式"))))


def _second(face: Face) -> Step:
    link = Markup('<a href="{}">{}</a>').format(address(face.number), _("第二次录入的结果"))
    return Step(face.published_on, escape(_("整改后再次录入：")) + link)


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
