"""Where a case stands, in the objector's words: one sentence, the clocks, what has happened so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal import clock
from portal.codes.profiles import Profile
from portal.deadlines.working_days import between
from portal.objections import papers
from portal.objections.models import Objection, ObjectionTerm
from portal.objections.papers import Counting
from portal.publications.dating import Terms
from portal.words import Label, Sentence, say

STANDS: Mapping[str, Sentence] = {
    "received": say("您的申请已经收到，正在安排复查。"),
    "supplement_asked": say("需要您补充材料，请看下面的清单。"),
    "supplemented": say("您补充的材料已经收到，正在安排复查。"),
    "not_supplemented": say("没有收到补充材料，按现有材料复查。"),
    "rechecking": say("正在复查，由没有参加过这次检查的人员进行。"),
    "decision_drafted": say("复查已经做完，结果正在等主要负责人签署。"),
    "signed": say("复查结果已经签署，正在送给您。"),
    "delivered": say("复查结果已经送到。"),
    "closed": say("复查结果已经送到，这件已办结。"),
    "not_accepted": say("这件不予受理，理由写在告知书里。"),
    "passed_on": say("这件已转送有权处理的机关，请看告知书。"),
    "withdrawn": say("您已经撤回这件申请。有新的情况，可以重新提出。"),
}

# what the objector is told of; who re-checks, drafts and sends back is the office's own
HAPPENED: Mapping[str, Sentence] = {
    "file": say("收到您的申请"),
    "identify": say("确认了您的身份"),
    "ask_supplement": say("请您补充材料"),
    "supplement": say("收到您补充的材料"),
    "add": say("收到您后来交的材料"),
    "go_on": say("没有收到补充材料，继续办理"),
    "assign": say("安排了复查人员"),
    "record": say("复查人员作了复查"),
    "sign": say("复查结果签署"),
    "send": say("复查结果已送出"),
    "deliver": say("复查结果送达"),
    "close": say("这件已办结"),
    "not_accept": say("不予受理"),
    "pass_on": say("转送有权机关"),
    "withdraw": say("您撤回了申请"),
    "consent": say("您同意电子送达"),
    "redate": say("期限重新计算"),
}

# what an act of the objector led to, told once on the page after it
DONE: Mapping[str, Sentence] = {
    "add": say("您补充的内容已经收到，放入了案卷。"),
    "consent": say("您已同意电子送达，复查结果会在本页通知您查看。"),
}

TERMS = ("supplement_reply", "recheck", "feedback")


@dataclass(frozen=True)
class Clock:
    """One term as it stands today.

    :param elapsed: working days since day zero, up to today or to the day it was met.
    :param shape: the ending of its ``.ck-…`` class.
    """

    term: ObjectionTerm
    label: Label
    counting: Counting
    elapsed: int
    left: int
    shape: str

    @property
    def met(self) -> date | None:
        return self.term.met_on


@dataclass(frozen=True)
class Happened:
    """One thing that happened."""

    on: date
    what: Sentence


def clocks(objection: Objection, terms: Terms) -> list[Clock]:
    """The terms that count, those that were met with their day; none that became void."""
    found = (objection.term(name) for name in TERMS)
    return [_clock(each, terms) for each in found if each is not None and each.void_on is None]


def trail(objection: Objection) -> list[Happened]:
    """What happened, oldest first; the same thing twice in a row on one day is told once."""
    told: list[Happened] = []
    for step in objection.steps:
        if step.act in HAPPENED:
            one = Happened(clock.shanghai_date(step.at), HAPPENED[step.act])
            if not told or told[-1] != one:
                told.append(one)
    return told


def earlier_countings(objection: Objection) -> list[ObjectionTerm]:
    """Countings that another took the place of: a supplement or a new calendar."""
    return [each for each in objection.terms if each.replaced_at is not None]


def term_label(name: str, profile: Profile) -> Label:
    """What is due by then."""
    rule = profile.terms.get(name)
    return Label(rule.label, rule.label_en) if rule else Label(name, name)


def _clock(term: ObjectionTerm, terms: Terms) -> Clock:
    until = term.met_on or clock.today()
    elapsed = max(between(term.starts_on, until, terms.calendar), 0)
    left = between(clock.today(), term.due, terms.calendar)
    late = term.due < until
    if late:
        elapsed = max(elapsed, term.days + 1)
    label = term_label(term.name, terms.profile)
    return Clock(term, label, papers.of_term(term, terms), elapsed, left, _shape(term, left, late, terms))


def _shape(term: ObjectionTerm, left: int, late: bool, terms: Terms) -> str:
    if late:
        return "over"
    if term.met_on is not None:
        return "ok"
    if term.due == clock.today():
        return "today"
    if term.provisional:
        return "prov"
    return "soon" if left <= terms.profile.reminder_days else "run"
