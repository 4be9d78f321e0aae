"""One line of the ledger in words: what was done, and what its members say."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from portal.ledger.entry import read_entry
from portal.ledger.models import Entry
from portal.ledger.officer_signatures import HEAD, announces
from portal.web.public.room import public, words
from portal.web.rendering import day, in_english, thousands


@public.app_template_filter("act_word")
def act_word(entry: Entry) -> str:
    """What was done, in two to six characters; the code of an act that has no word yet."""
    if entry.type == "draw_result" and _is_told(read_entry(entry.body)):
        return _("公布抽取口令")
    if entry.type == "adjust" and entry.basis == "W1":
        return _("调整公示范围")
    if entry.type == "key_rotate" and announces(said := read_entry(entry.body)):
        return _("公布签名密钥") if "key" in said else _("停用签名密钥")
    return {
        "publish": _("公示"), "adjust": _("调整"), "correct": _("更正"), "withdraw": _("撤下公示"),
        "hold": _("暂停公示"), "restore": _("恢复公示"), "expire": _("公示期满"), "erase": _("依法删除"),
        "objection_received": _("收到异议申请"), "objection_redated": _("期限重新计算"),
        "objection_ended": _("异议办结"), "calendar_update": _("载入放假安排"),
        "signatures_required": _("自此须有签名"), "key_rotate": _("更换存证密钥"),
        "draw_commit": _("承诺抽取"), "draw_result": _("抽取名单锁定"),
    }.get(entry.type, entry.type)  # fmt: skip


@public.app_template_filter("act_details")
def act_details(entry: Entry, members: Mapping[str, Any]) -> Markup:
    """The day that is due, the outcome, the year: empty for acts that say it all in their word."""
    if entry.type in ("objection_received", "objection_redated"):
        return _due(members)
    if entry.type == "objection_ended":
        return Markup(_("%(outcome)s；收到的一行是第%(index)s号")) % {
            "outcome": outcome_word(members["outcome"]),
            "index": thousands(members["received"]),
        }
    if entry.type == "calendar_update":
        return Markup(_("%(year)s年，调休上班%(working)s天，放假%(off)s天")) % members
    if entry.type == "signatures_required":
        return Markup(_("更正、撤下和恢复公示自此须有两个人的签名"))
    if announces(members):
        return _key(members)
    if entry.type == "erase" and members.get("scope") == "part":
        return Markup(_("部分内容，共%(fields)s处，涉及以前%(versions)s个版本")) % members
    if entry.type == "erase":
        return Markup(_("整条记录，共%(versions)s个版本")) % members
    if members.get("draw") == "own":
        return _of_draw(entry, members)
    if entry.type == "draw_result":
        return _drawn(members)
    if "objection" in members:
        return Markup(_("异议复查的结果；收到异议的一行是第%(index)s号")) % {
            "index": thousands(members["objection"])
        }
    return Markup("")


def _key(members: Mapping[str, Any]) -> Markup:
    """Whose key, by department and role: the ledger names nobody."""
    said = Markup("")
    if "key" in members:
        office = words().department(members["department"])
        whose = _("%(office)s主要负责人的公钥") if members["role"] == HEAD else _("%(office)s经办人的公钥")
        said = Markup(whose) % {"office": office}
    if "ends" in members:
        said += Markup(_("；") if said else "") + Markup(_("停用 %(key)s")) % {"key": members["ends"]}
    return said


def _is_told(members: Mapping[str, Any]) -> bool:
    """Whether a line ends our own draw: its code is told, or that it never will be."""
    return members.get("draw") == "own" and "list" not in members


def _of_draw(entry: Entry, members: Mapping[str, Any]) -> Markup:
    if entry.type == "draw_commit":
        words = _("任务%(task)s，由%(randomness)s决定")
        again = _("；第%(step)s次抽取，替代第%(replaces)s行") if "replaces" in members else ""
        return Markup(words + again) % members
    return Markup(_("承诺在第%(commit)s行")) % {"commit": thousands(members["commit"])}


def outcome_word(outcome: str) -> str:
    """How an objection ended."""
    return {
        "corrected": _("复查结果：更正"),
        "partly_corrected": _("复查结果：部分更正"),
        "maintained": _("复查结果：原结果无误，不予更正"),
        "withdrawn": _("申请人撤回"),
        "not_accepted": _("不予受理"),
        "passed_on": _("转送有权处理的单位"),
    }.get(outcome, outcome)


def _drawn(members: Mapping[str, Any]) -> Markup:
    """What a line says of a draw; nothing of what it does not say."""
    words = {
        "pool": _("名录库%(n)s户"),
        "sample": _("抽取%(n)s户"),
        "attempts": _("抽取次数%(n)s"),
        "replaces": _("代替第%(n)s号一行"),
    }
    told = [
        Markup(text) % {"n": thousands(members[name])}
        for name, text in words.items()
        if isinstance(members.get(name), int)
    ]
    return Markup("; " if in_english() else "，").join(told)


def _due(members: Mapping[str, Any]) -> Markup:
    words = {
        "recheck": _("最迟%(day)s作出复查结果"),
        "feedback": _("最迟%(day)s送达复查结果"),
        "supplement_reply": _("最迟%(day)s补正材料"),
    }.get(members.get("term", "recheck"), _("最迟%(day)s"))
    end = _("（暂定）") if members.get("provisional") else ""
    return Markup(words) % {"day": day(members["due"])} + end
