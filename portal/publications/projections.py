"""Internal tables worked out from what was published: items in force (D6) and draws per year (D16)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.publications.models import DrawnObject, ListedItem, Publication, Revision


def follow(session: Session, revision: Revision) -> None:
    """Bring the projections up to a revision that has just gone public."""
    if revision.kind == "list":
        _list_items(session, revision)
    elif revision.kind == "task":
        _drawn_objects(session, revision)


def forget(session: Session, publication: Publication) -> None:
    """A publication taken down no longer counts; a list's items end the day before."""
    session.execute(sa.delete(DrawnObject).where(DrawnObject.publication_id == publication.id))


def _list_items(session: Session, revision: Revision) -> None:
    """An adjusted list ends its earlier version on the day before it takes effect; a correction replaces it."""
    content = revision.content
    starts = date.fromisoformat(content["effective_from"])
    earlier = ListedItem.publication_id == revision.publication_id
    if revision.act == "adjust":
        session.execute(sa.delete(ListedItem).where(earlier, ListedItem.effective_from >= starts))
        session.execute(
            sa.update(ListedItem)
            .where(earlier, sa.or_(ListedItem.effective_to.is_(None), ListedItem.effective_to >= starts))
            .values(effective_to=starts - timedelta(days=1))
        )
    else:
        session.execute(sa.delete(ListedItem).where(earlier))
    session.add_all(
        _listed(revision, row, starts) for row in content["items"] if row.get("in_force") is not False
    )
    session.flush()


def _listed(revision: Revision, row: Mapping[str, Any], starts: date) -> ListedItem:
    ends = revision.content.get("effective_to")
    return ListedItem(
        publication_id=revision.publication_id,
        department_code=revision.department_code,
        joint=bool(revision.content.get("joint")),
        item_code=row.get("item_code") or "",
        item=row["item"],
        sub_item=row.get("sub_item") or "",
        item_class=(row.get("item_class") or {}).get("code", ""),
        effective_from=starts,
        effective_to=date.fromisoformat(ends) if ends else None,
    )


def _drawn_objects(session: Session, revision: Revision) -> None:
    session.execute(sa.delete(DrawnObject).where(DrawnObject.publication_id == revision.publication_id))
    year = int((revision.content.get("drawn_on") or revision.content.get("starts_on") or "0")[:4])
    session.add_all(
        DrawnObject(
            publication_id=revision.publication_id,
            entity_code=row.get("entity_code") or row["entity_name"],
            entity_name=row["entity_name"],
            year=year,
        )
        for row in revision.content.get("drawn") or []
    )
    session.flush()
