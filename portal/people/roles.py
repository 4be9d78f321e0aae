"""Who may do what: one table of acts by role, and the sentences that say no.

The three administrators (系统管理员, 安全管理员, 审计管理员) exclude each other and every business role:
who gives rights does no business with them, and who looks on has neither.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from portal.clock import now
from portal.people.models import Person
from portal.words import Sentence, listed, say


@dataclass(frozen=True)
class Role:
    """One role of the office; ``alone`` means that it excludes every other role."""

    name: str
    label: Sentence
    label_en: str
    alone: bool = False


@dataclass(frozen=True)
class Act:
    """One thing a person may do, and the roles that may do it."""

    name: str
    label: Sentence
    roles: frozenset[str]


def _by_name(*roles: Role) -> dict[str, Role]:
    return {role.name: role for role in roles}


ROLES: dict[str, Role] = _by_name(
    Role("drafter", say("拟稿人"), "Drafter"),
    Role("reviewer", say("审核人"), "Reviewer"),
    Role("head", say("主要负责人"), "Head of the unit"),
    Role("recheck", say("复查人员"), "Re-check officer"),
    Role("duty", say("值班人员"), "Duty officer"),
    Role("coordinator", say("联席会议办公室"), "Coordinator (joint-conference office)"),
    Role("sysadmin", say("系统管理员"), "System administrator", alone=True),
    Role("secadmin", say("安全管理员"), "Security administrator", alone=True),
    Role("auditor", say("审计管理员"), "Audit administrator", alone=True),
)

AND, OR = say("{one}、{next}"), say("{one}或{next}")

BUSINESS = frozenset(role.name for role in ROLES.values() if not role.alone)


def _table(*rows: tuple[str, Sentence, str]) -> dict[str, Act]:
    return {name: Act(name, label, frozenset(roles.split())) for name, label, roles in rows}


ACTS: dict[str, Act] = _table(
    # a publication's life
    ("draft", say("拟稿"), "drafter"),
    ("import", say("导入数据"), "drafter"),
    ("submit", say("提交审核"), "drafter"),
    ("abandon", say("作废稿件"), "drafter"),
    ("mark", say("标注隐去内容"), "drafter reviewer"),
    ("approve", say("同意公示"), "reviewer"),
    ("approve_scope", say("同意调整公示范围"), "reviewer head"),  # W1
    ("send_back", say("退回稿件"), "reviewer head"),
    ("publish", say("办理公示"), "drafter reviewer head"),
    ("stop_job", say("让整批办理或者导入停下"), "drafter reviewer head duty"),
    ("sign", say("签署更正、撤下和恢复公示"), "head"),  # O2
    ("co_sign", say("作为经办人签名"), "drafter recheck"),
    ("record_sheet", say("登记纸质签署的审批表"), "drafter reviewer head recheck duty"),
    ("hold", say("立即暂停公示"), "duty"),
    ("confirm_hold", say("确认暂停公示"), "head"),
    ("propose_erasure", say("提出依法删除"), "drafter duty"),
    ("agree_erasure", say("同意依法删除"), "head"),
    ("see_erasures", say("查看依法删除"), "drafter duty head coordinator auditor"),
    ("admit", say("决定清单外事项的记录可否公示"), "head"),  # D6
    # our own draw, for offices without a unified platform (D10)
    ("draw", say("办理抽查抽取"), "drafter"),
    ("reveal_draw", say("公布抽取的口令"), "drafter reviewer head"),
    ("check_draw", say("核对抽取"), "coordinator"),
    # reading
    ("see_work", say("查看公示工作"), " ".join(sorted(BUSINESS))),
    ("see_all_departments", say("查看各部门的公示工作"), "coordinator auditor"),
    ("see_audit", say("查看操作记录"), "auditor"),
    ("see_circular", say("查看通报"), "head coordinator auditor"),  # T2
    ("take_figures", say("重新统计公示数据"), "coordinator"),
    # what people are told
    ("see_outbox", say("查看发出的通知"), " ".join(sorted(BUSINESS | {"auditor", "sysadmin"}))),
    ("see_all_outbox", say("查看各部门发出的通知"), "coordinator auditor sysadmin"),
    ("resend", say("重新发送通知"), " ".join(sorted(BUSINESS | {"sysadmin"}))),
    # the office's own arrangements
    ("manage_mappings", say("管理列名对应和事项别名"), "drafter sysadmin"),
    ("keep_signing_key", say("使用签名密钥"), "drafter recheck head"),
    ("see_signing_keys", say("查看签名密钥"), "secadmin coordinator auditor"),
    ("require_signatures", say("决定更正、撤下和恢复公示须有签名"), "coordinator"),
    ("manage_people", say("管理人员和角色"), "secadmin"),
    # registries of inspected objects and inspectors (D10, D20)
    ("see_registries", say("查看名录库"), " ".join(sorted(BUSINESS | {"auditor"}))),
    ("keep_registries", say("维护名录库"), "drafter"),
    (
        "see_risk_class",
        say("查看信用风险分类"),
        "drafter reviewer head coordinator",
    ),  # never public (W2, A25)
    ("manage_system", say("管理系统设置"), "sysadmin"),
    ("manage_clients", say("管理推送数据的系统"), "sysadmin"),
    ("see_clients", say("查看推送数据的系统"), "sysadmin secadmin auditor drafter"),
    # objections (G29)
    ("see_objections", say("查看异议案件"), "drafter reviewer head recheck duty coordinator auditor"),
    ("take_objection", say("登记窗口和邮寄的异议申请"), "drafter reviewer head recheck duty"),
    ("handle_objection", say("办理异议申请"), "head recheck"),
    ("refuse_objection", say("决定不予受理或者转送"), "head"),
    ("recheck", say("复查异议"), "recheck"),
    ("draft_correction", say("起草更正稿"), "drafter recheck"),
    ("give_legal_opinion", say("出具法制意见"), "reviewer"),
    ("sign_decision", say("签署异议复查结果"), "head"),
    ("sign_maintained", say("经授权签署维持原结果的复查结果"), "head reviewer"),
    ("dispense", say("记录复查人员的例外安排"), "head"),
    ("deliver_objection", say("登记送达和办结"), "drafter reviewer head recheck duty"),
    ("issue_notice_codes", say("发放核验码"), "drafter reviewer duty"),
    # told before disclosure, trade secrets declared, opinions sought (W1)
    ("tell_beforehand", say("办理公示前告知和征求意见"), "drafter reviewer duty"),
    ("decide_prior_answer", say("决定检查对象对公示前告知的意见"), "reviewer head"),
    ("take_declaration", say("登记商业秘密事先声明"), "drafter reviewer duty"),
    ("review_declaration", say("审查商业秘密事先声明"), "reviewer head"),
    ("decide_opinion", say("决定征求意见的内容是否公开"), "drafter reviewer"),
    ("load_calendar", say("载入放假安排"), "sysadmin coordinator"),
    # concerns voiced in joint inspections (GA47)
    ("record_concern", say("登记诉求"), "drafter reviewer recheck duty"),
    ("answer_concern", say("办理诉求"), "drafter reviewer recheck head"),
)


def may(person: Person, act: str, at: datetime | None = None, department: str | None = None) -> bool:
    """Whether a person may do an act now, or at a moment; see :func:`why_not`."""
    return not why_not(person, act, at, department)


def why_not(
    person: Person, act: str, at: datetime | None = None, department: str | None = None
) -> list[Sentence]:
    """Why a person may not do an act; empty means yes.

    :param department: the code of the department for which it would be done. Who inspects, enters; who
        enters, discloses (G28.4): nobody acts for another department.
    """
    at = at or now()
    if not person.active:
        return [say("您的账号已停用，请联系安全管理员。")]
    reasons = []
    if not any(person.has(role, at) for role in ACTS[act].roles):
        reasons.append(
            say(
                "您没有“{act}”的权限，请交由{roles}办理。", act=ACTS[act].label, roles=labels(ACTS[act].roles)
            )
        )
    if department is not None and department != person.department_code:
        reasons.append(say("这条记录属于其他部门，只能由该部门的人员办理。"))
    return reasons


def sees(person: Person, department: str, at: datetime | None = None) -> bool:
    """Whether a person may read a department's unpublished work."""
    if may(person, "see_all_departments", at):
        return True
    return department == person.department_code and may(person, "see_work", at)


def roles_of(person: Person, at: datetime | None = None) -> list[Role]:
    """The roles a person holds, in the order of the table."""
    moment = at or now()
    return [role for role in ROLES.values() if person.has(role.name, moment)]


def excluded(held: Iterable[str], role: str) -> list[Sentence]:
    """Why a role can not be added to the roles that somebody holds already."""
    others = [ROLES[name] for name in held if name != role]
    if ROLES[role].alone and others:
        return [
            say(
                "{role}不得兼任其他角色。请先结束此人的{others}角色，或者另行指定人员。",
                role=ROLES[role].label,
                others=labels((other.name for other in others), AND),
            )
        ]
    if any(other.alone for other in others):
        return [
            say(
                "此人是{others}，不得兼任{role}。请另行指定人员。",
                role=ROLES[role].label,
                others=labels(other.name for other in others if other.alone),
            )
        ]
    return []


def labels(names: Iterable[str], joined: Sentence = OR) -> Sentence:
    """Role labels as one would say them.

    >>> str(labels({"head", "reviewer"}))
    '审核人或主要负责人'
    """
    wanted = set(names)
    return listed((role.label for role in ROLES.values() if role.name in wanted), joined)
