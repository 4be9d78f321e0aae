"""The heads of a file's sheets, and what is said when a file is not what it should be."""

from collections.abc import Callable, Mapping
from typing import Any

from portal.errors import Refused, refuse_if
from portal.intake.columns import NEEDED, READABLE, known_fields
from portal.intake.heading import Head, find_head
from portal.intake.report import Options
from portal.intake.staging import Staged
from portal.words import Sentence, label_of, listed, say


def heads_of(options: Options, staged: Staged, columns: Mapping[str, str]) -> dict[str, Head]:
    """The head of each sheet that has one.

    :raises Refused: when none has, or one lacks what a file of this kind must say.
    """
    kind, given = options.kind, options.given
    heads = {sheet: find_head(kind, staged.rows(sheet), columns) for sheet in staged.sheets}
    found = {sheet: head for sheet, head in heads.items() if head is not None}
    if not found:
        raise Refused(_no_head(kind))
    for head in found.values():
        refuse_if(_lacking(kind, head, given))
    return found


def _lacking(kind: str, head: Head, given: Mapping[str, Any]) -> list[Sentence]:
    """What a file of this kind must have and this one has not: most likely it is of another kind."""
    there = {*head.columns.fields.values(), *head.labelled, *given}
    known = known_fields(kind)
    lacking = [
        say("“{label}”", label=label_of(known[paths[0]]))
        for paths in NEEDED.get(kind, ())
        if not there & set(paths)
    ]
    if not lacking:
        return []
    return [
        say(
            "表头里缺少{columns}，不像是{kind}，没有导入；请确认选对了文件和种类，列名不同的请先保存列名对应关系。",
            columns=listed(lacking, say("{one}、{next}")),
            kind=label_of(READABLE[kind]),
        )
    ]


def _no_head(kind: str) -> Sentence:
    wanted = {
        "result": say("检查对象名称、统一社会信用代码、抽查任务编号、检查事项、检查日期、检查结果"),
        "task": say("检查对象名称、统一社会信用代码、登记机关、检查单位"),
        "list": say("事项编号、抽查事项、检查依据、检查主体、检查对象"),
        "object": say("检查对象名称、统一社会信用代码、登记机关、地区、标签"),
        "inspector": say("姓名、身份证件号码、所在部门、资质、可查事项"),
        "plan": say("抽查事项、抽查对象范围、抽查比例、抽查数量、抽查时间"),
    }[kind]
    return say(
        "前30行里没有认出{kind}的表头，没有导入。表头一般写作：{wanted}；列名不同的，请先保存列名对应关系。",
        kind=label_of(READABLE[kind]),
        wanted=wanted,
    )


def say_what_is_left_out(warn: Callable[[Sentence], None], staged: Staged, heads: Mapping[str, Head]) -> None:
    """Sheets without a head, and columns that are no field."""
    for sheet in staged.sheets:
        if sheet not in heads:
            warn(say("工作表“{sheet}”没有认出表头，没有读取。", sheet=sheet))
    for head in heads.values():
        for name in head.columns.unknown:
            warn(say("“{column}”列没有对应的字段，没有导入；需要的请保存列名对应关系。", column=name))
