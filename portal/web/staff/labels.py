"""The staff's words for states and acts, and values as they are read and typed."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from portal.publications.fields import Field
from portal.publications.models import Step
from portal.words import Sentence, say

STATES: Mapping[str, Sentence] = {
    "draft": say("草稿"),
    "submitted": say("待审核"),
    "approved": say("待公示"),
    "sent_back": say("已退回"),
    "done": say("已办结"),
    "abandoned": say("已作废"),
}

ACTS: Mapping[str, Sentence] = {
    "publish": say("公示"),
    "adjust": say("调整"),
    "rescope": say("调整公示范围"),
    "correct": say("更正"),
    "withdraw": say("撤下公示"),
    "restore": say("恢复公示"),
}

PROGRESS: Mapping[str, Sentence] = {
    "draft": say("{name}拟稿"),
    "submitted": say("{name}提交审核"),
    "approved": say("{name}同意"),
    "sent_back": say("{name}退回"),
    "done": say("{name}办结公示"),
    "abandoned": say("{name}作废这一稿"),
}


def progress(step: Step, act: str) -> str:
    """What somebody did, in the reader's language: 何知远提交审核（更正）."""
    words = say(PROGRESS[step.state].template, name=step.by.name)
    if act != "publish":
        words = say("{name}（{act}）", name=words, act=ACTS[act])
    return words.in_language(gettext)


def titled(title: str) -> str:
    """A record's title, or what stands for one that has none yet."""
    return title or gettext("（未命名）")


YES, NO = say("是"), say("否")
BETWEEN = "；"


def as_text(field: Field, value: Any) -> str:
    """A value as an office would write it in one cell: read on pages, edited in forms.

    >>> as_text(Field("m", "方式", "", "codes"), [{"code": "1", "label": "现场检查"}, {"code": "6", "label": "网络监测"}])
    '现场检查；网络监测'
    """
    if value in (None, "", []):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, Mapping):
        return str(value.get("label") or value.get("code") or "")
    if isinstance(value, list):
        return BETWEEN.join(as_text(field, each) for each in value)
    return str(value)
