"""Why something can not be done about a draw, in sentences; empty means that it can."""

import re
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.draws import assigning, chain, randomness, strata
from portal.draws.models import CHANGES, Draw, DrawChain
from portal.draws.wanted import Wanted
from portal.people import roles
from portal.people.models import Person
from portal.publications.models import Publication, Revision
from portal.publications.requirements import open_revision
from portal.publications.scope import standing
from portal.redaction.recognising.proposing import propose
from portal.words import Sentence, say

Reasons = list[Sentence]
_ABOUT_RISK = re.compile("风险|信用|[ABCDＡＢＣＤ]\\s*类")

MARGIN = timedelta(minutes=1)  # between a commitment and the randomness that decides
LEAST_INSPECTORS = 2  # per object and department (G19, A15)
PLAIN_NUMBER = "A-Za-z0-9._:@/+=-"
MOST_CODES = 500_000


def why_not_commit(
    session: Session, wanted: Wanted, by: Person, replaces: Draw | None, reason: str
) -> Reasons:
    """Why nobody may commit to this draw, or not this person."""
    reasons = list(roles.why_not(by, "draw"))
    reasons += _why_not_task(wanted) + _why_not_pool(wanted) + _why_not_inspectors(wanted)
    reasons += _why_not_said(wanted, reason) + _why_not_named(wanted)
    return reasons + why_not_now(session, wanted, by, replaces, reason)


def why_not_now(session: Session, wanted: Wanted, by: Person, replaces: Draw | None, reason: str) -> Reasons:
    """Of that, what time and other people change: to be asked again when the ledger's head is held."""
    reasons = _why_not_decided_by(wanted)
    before = newest_of(session, by.department_code, wanted.task.number)
    if replaces is None:
        return reasons + ([_drawn_already(before)] if before else [])
    return reasons + why_not_redraw(replaces, by) + _why_not_in_its_place(wanted, replaces, before, reason)


def newest_of(session: Session, department: str, task_no: str) -> Draw | None:
    """The newest draw of a task; all others it replaced."""
    wanted = (
        sa.select(Draw)
        .join(DrawChain, Draw.chain_id == DrawChain.id)
        .where(DrawChain.department_code == department, DrawChain.task_no == task_no)
        .order_by(Draw.attempt.desc())
        .limit(1)
    )
    return session.scalars(wanted, execution_options={"populate_existing": True}).one_or_none()


def why_not_redraw(draw: Draw, by: Person) -> Reasons:
    """Why a draw may not be replaced by another one of the same task."""
    reasons = list(roles.why_not(by, "draw", department=draw.department_code))
    if draw.state in ("locked", "revealed"):
        reasons.append(say("名单已经锁定并公告，不能重新抽取；名单有误的，请由主要负责人签署更正。"))  # D9
    elif draw.state == "replaced":
        reasons.append(say("这次抽取已经被后一次替代，请在最近的一次上办理。"))
    if draw.attempt >= chain.LENGTH:
        reasons.append(say("同一任务最多抽取{n}次，已经用完。请另立任务。", n=chain.LENGTH))
    return reasons


def why_not_run(draw: Draw, by: Person) -> Reasons:
    """Why a draw can not be carried out now."""
    reasons = list(roles.why_not(by, "draw", department=draw.department_code))
    if draw.state != "committed":
        reasons.append(say("这次抽取已经有结果，不能再抽一次；确需重新抽取的，要公开说明理由。"))
    elif clock.now() < draw.decides_at:
        reasons.append(
            say("决定结果的随机数还没有产生，最早{at}以后才能抽取。", at=_shanghai(draw.decides_at))
        )
    return reasons


def why_not_announce(session: Session, draw: Draw, by: Person) -> Reasons:
    """Why no announcement can be drafted anew from a draw."""
    reasons = list(roles.why_not(by, "draft", department=draw.department_code))
    if draw.state != "run":
        reasons.append(say("只有已抽取、还没有锁定名单的抽取可以拟公告。"))
    elif (open_ := revision_of(session, draw)) is not None and open_.state != "abandoned":
        reasons.append(say("这次抽取的公告已有一份在办的稿件，请在那一份上办理。"))
    return reasons


def why_not_lock(session: Session, draw: Draw, revision: Revision) -> Reasons:
    """Why an announcement can not go out and lock the list: it must say what was drawn."""
    if draw.state != "run":
        return [say("这份公告所依据的抽取已经锁定或者被替代，不能公示；请作废这一稿。")]
    if revision.withheld_ground:
        return [say("整条不公开的任务不能锁定本系统抽取的名单；名单不宜公开的，抽取时请选择不公示名单。")]
    if draw.is_public and any(_hides_the_list(str(each["path"])) for each in revision.marks):
        return [
            say(
                "公告稿隐去了抽取名单或者其中的代码，而这次抽取公布口令时要连同名单一起公开。"
                "请撤销这些隐去；确需隐去的，请重新抽取，并选择不公示名单。"
            )
        ]
    content = revision.content
    named = sorted(str(row.get("entity_code")) for row in content.get("drawn") or [])
    same = named == draw.codes and content.get("source_number") == draw.task_no
    same = same and content.get("sample_size") == len(draw.codes)
    same = same and content.get("names_shown") is draw.names_shown
    same = same and bool(content.get("risk_filter")) == (draw.by_risk == "pool")
    if not same or content.get("draw_attempts") != draw.attempt:
        return [
            say(
                "公告稿里的名单、数量、任务编号或者抽取次数与抽取的结果不一致。请退回，按抽取的结果重新拟稿。"
            )
        ]
    return []


def _hides_the_list(path: str) -> bool:
    return path == "drawn" or (path.startswith("drawn/") and path.endswith("/entity_code"))


def why_not_change(draw: Draw, object_code: str, leaving: str, kind: str, reason: str, by: Person) -> Reasons:
    """Why an inspector can not be replaced by the next one."""
    reasons = list(roles.why_not(by, "draw", department=draw.department_code))
    if draw.state not in ("run", "locked"):
        reasons.append(say("现在不能更换检查人员：还没有抽取，或者口令已经公布。"))
    if kind not in CHANGES:
        reasons.append(say("请选择是回避还是更换。"))
    if leaving not in draw.assigned(object_code):
        reasons.append(say("这名检查人员没有被抽到这个对象，请刷新页面后再办理。"))
    if not reason.strip():
        reasons.append(say("请写明回避或者更换的理由；理由不公开，次数公开。"))
    return reasons


def why_not_reveal(draw: Draw, by: Person, ends_on: date | None = None) -> Reasons:
    """Why the code can not be told yet.

    :param ends_on: the announced last day of the inspections.
    """
    reasons = list(roles.why_not(by, "reveal_draw", department=draw.department_code))
    if draw.state != "locked":
        reasons.append(say("只有名单已经锁定、口令还没有公布的抽取可以公布口令。"))
    elif ends_on is not None and clock.today() <= ends_on:
        reasons.append(
            say("公告的检查期限到{day}为止，口令要在检查全部结束以后公布，以免有人事先知道。", day=ends_on)
        )
    return reasons


def revision_of(session: Session, draw: Draw) -> Revision | None:
    """The newest revision of a draw's announcement."""
    wanted = sa.select(Revision).where(Revision.publication_id == draw.publication_id)
    return session.scalars(wanted.order_by(Revision.id.desc()).limit(1)).one_or_none()


def ends_on(session: Session, draw: Draw) -> date | None:
    """The announced last day of the inspections: what is public counts, not what somebody drafts."""
    publication = session.get(Publication, draw.publication_id) if draw.publication_id else None
    announced = standing(session, publication) if publication else None
    text = announced.content.get("ends_on") if announced else None
    return date.fromisoformat(text) if text else None


def under_way(session: Session, draw: Draw) -> Revision | None:
    """The announcement that somebody still works on."""
    newest = revision_of(session, draw)
    return open_revision(session, newest.publication) if newest else None


def _why_not_task(wanted: Wanted) -> Reasons:
    reasons = []
    number = wanted.task.number
    if (
        not number
        or len(number) > 60
        or not all(each.isascii() and (each.isalnum() or each in "._:@/+=-") for each in number)
    ):
        reasons.append(say("请填写任务编号：只用字母、数字和._:@/+=-，最多60个字，它要写入存证。"))
    if not wanted.task.title.strip():
        reasons.append(say("请填写抽查任务名称。"))
    if not wanted.task.items:
        reasons.append(say("请填写抽查事项，每行一项：事项编号、空格、事项名称。"))
    return reasons


def _why_not_pool(wanted: Wanted) -> Reasons:
    rules = [problem for each in wanted.parts if (problem := strata.why_not_rule(each.rule))]
    if rules:
        return rules
    try:
        codes = wanted.codes
    except ValueError:
        return [say("名录库里有同一个对象同时在两个分组里，或者有写法不对的代码，请核对后再承诺。")]
    if not codes:
        return [say("没有符合条件的对象，或者没有一组写明比例、数量；请改条件后再承诺。")]
    reasons = []
    if len(codes) > MOST_CODES:
        reasons.append(say("一次抽取最多{most}个对象，请分成几个任务。", most=MOST_CODES))
    if {*wanted.excluded} - {*codes}:
        reasons.append(say("排除名单里有不在名录库中的对象，请核对后再承诺。"))
    for each in strata.described(wanted.parts, wanted.excluded):
        left = int(each["size"]) - int(each["excluded"])
        if str(each["rule"]).isdecimal() and int(str(each["rule"])) > left:
            reasons.append(
                say(
                    "“{name}”除去排除的只有{left}个对象，抽不出{n}个。",
                    name=each["name"],
                    left=left,
                    n=each["rule"],
                )
            )
        elif not left:
            reasons.append(say("“{name}”的对象全部被排除了，没有可以抽的。", name=each["name"]))
    return reasons


def _why_not_inspectors(wanted: Wanted) -> Reasons:
    if wanted.per_object < LEAST_INSPECTORS:
        return [say("每个对象至少抽取2名检查人员。")]
    by_department = assigning.read_inspectors(assigning.inspectors_text(wanted.inspectors))
    if not by_department:
        return [say("检查人员名录库里没有符合条件的检查人员，请先导入检查人员。")]
    return [
        say("检查人员不够：每个对象要{n}名，一个部门只有{have}名。", n=wanted.per_object, have=len(keys))
        for keys in by_department.values()
        if len(keys) < wanted.per_object
    ]


def _why_not_said(wanted: Wanted, reason: str) -> Reasons:
    """The reason is public at once, unmasked, and nobody agrees to it before: it may give nothing away (W1, W2)."""
    if any(each.sure for each in propose(reason)) or (wanted.by_risk and _ABOUT_RISK.search(reason)):
        return [
            say("重新抽取的理由会原样公开，不能写个人信息，也不能写信用风险分类；请先改写，换成概括的说法。")
        ]
    return []


def _why_not_named(wanted: Wanted) -> Reasons:
    """A tag may be called after a credit-risk class: its name is public with the commitment, or the announcement (W2)."""
    named = [wanted.task.conditions, *(each.name for each in wanted.parts if wanted.is_public)]
    if not any("信用" in name for name in named):
        return []
    return [
        say(
            "抽取的条件或者分组的名称里写着信用分类，会随承诺和公告公开；请不用这样的标签，改用“信用风险分类”来筛选或者分组。"
        )
    ]


def _why_not_decided_by(wanted: Wanted) -> Reasons:
    if (problem := randomness.why_not_source(wanted.source)) is not None:
        return [problem]
    appears = randomness.appears(wanted.source) or wanted.decides_at
    if min(appears, wanted.decides_at) < clock.now() + MARGIN:
        return [say("决定结果的随机数必须在承诺以后产生，至少相隔1分钟。请选择更晚的一轮或者一期。")]
    return []


def _drawn_already(before: Draw) -> Sentence:
    if before.state in ("locked", "revealed"):
        return say("这个任务的名单已经锁定并公告，不能再抽取。")
    return say("这个任务已经承诺过一次抽取。确需重新抽取的，请在那一次的页面上写明理由，重新抽取是公开的。")


def _why_not_in_its_place(wanted: Wanted, replaces: Draw, before: Draw | None, reason: str) -> Reasons:
    reasons = []
    if not reason.strip():
        reasons.append(say("请写明重新抽取的理由，理由会公开。"))
    if before is None or before.id != replaces.id or wanted.task.number != replaces.task_no:
        reasons.append(say("重新抽取的必须是同一任务最近的一次抽取，任务编号不能改。"))
    if replaces.by_risk and not wanted.by_risk or not replaces.names_shown and not wanted.names_withheld:
        reasons.append(say("以前的抽取只能由联席会议办公室核对，重新抽取也必须如此，否则会透露以前的分组。"))
    return reasons


def _shanghai(moment: object) -> str:
    assert hasattr(moment, "astimezone")
    return str(moment.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"))
