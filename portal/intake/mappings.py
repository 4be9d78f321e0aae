"""How sources name columns and items: saved once by staff, used by every later import."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.codes.book import fold
from portal.errors import Refused, refuse_if
from portal.intake.columns import known_fields
from portal.intake.models import ItemAlias, SourceMapping
from portal.people import roles
from portal.people.models import Person
from portal.words import Sentence, say


def columns_for(session: Session, source: str, kind: str) -> dict[str, str]:
    """The saved mapping of a source.

    :raises Refused: when a source is named that has none.
    """
    if not source:
        return {}
    found = session.scalar(_mapping(source, kind))
    if found is None:
        raise Refused(
            say("没有保存过来源“{source}”的列名对应关系；请先保存，或者不选来源直接导入。", source=source)
        )
    return dict(found.columns)


def why_not_save(kind: str, columns: Mapping[str, str]) -> list[Sentence]:
    """Why a mapping can not be saved."""
    fields = known_fields(kind)
    return [
        say(
            "没有名为“{field}”的字段；请从字段表中选择，或者留空表示不导入“{column}”列。",
            field=field,
            column=column,
        )
        for column, field in columns.items()
        if field and field not in fields
    ]


def save_mapping(
    session: Session, source: str, kind: str, columns: Mapping[str, str], *, by: Person
) -> SourceMapping:
    """Save, or replace, how a source names its columns; an empty field leaves a column out."""
    refuse_if(roles.why_not(by, "manage_mappings"))
    if not source.strip():
        raise Refused(say("请给这个来源起一个名称，例如“省平台导出”。"))
    refuse_if(why_not_save(kind, columns))
    found = session.scalar(_mapping(source, kind))
    if found is None:
        found = SourceMapping(source=source.strip()[:80], kind=kind)
        session.add(found)
    found.columns, found.by_id, found.at = dict(columns), by.id, clock.now()
    session.flush()
    return found


def save_alias(session: Session, alias: str, *, by: Person, item_code: str = "", item: str = "") -> ItemAlias:
    """Save which listed item a source means by another name."""
    refuse_if(roles.why_not(by, "manage_mappings"))
    if not alias.strip() or not (item_code.strip() or item.strip()):
        raise Refused(say("请写明来源的事项名称，以及它对应的清单事项编号或者名称。"))
    found = session.scalar(sa.select(ItemAlias).where(ItemAlias.folded == fold(alias)[:300]))
    if found is None:
        found = ItemAlias(folded=fold(alias)[:300])
        session.add(found)
    found.alias, found.item_code, found.item = alias.strip()[:300], item_code.strip(), item.strip()
    found.by_id, found.at = by.id, clock.now()
    session.flush()
    return found


def remove_alias(session: Session, alias: ItemAlias, *, by: Person) -> None:
    """Take an alias away; what was imported by it stays."""
    refuse_if(roles.why_not(by, "manage_mappings"))
    session.delete(alias)
    session.flush()


def _mapping(source: str, kind: str) -> sa.Select[SourceMapping]:
    return sa.select(SourceMapping).where(SourceMapping.source == source.strip(), SourceMapping.kind == kind)
