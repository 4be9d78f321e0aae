"""Files put beside a record, for tests: by the acts, without the doors."""

import io
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from portal.attachments import keeping
from portal.attachments.keeping import Stores
from portal.attachments.models import Attachment
from portal.people.models import Person
from portal.publications import attaching
from portal.publications.models import Revision
from portal.redaction.documents import copying, rendering
from portal.redaction.documents.bundle import pages_of
from portal.redaction.documents.taking_in import TakenIn
from tests.hidden_in_files import page, saved

LINES = {"mixed with": 75, "SECRET RECIPE": 50, "and water": 20}
NAME = "内部文件名.pdf"
BASIS = "《条例》第十五条"


def one_page(*more: str) -> bytes:
    """A page with the three lines of a recipe, and more to be drawn on it."""
    lines = [f"BT /F1 18 Tf 40 {at} Td ({text}) Tj ET" for text, at in LINES.items()]
    return saved(page(" ".join([*lines, *more])))


@cache
def taken(data: bytes) -> TakenIn:
    """As the process apart takes it in, here and once."""
    bundle = rendering.judge(data)
    return TakenIn("pdf", ".pdf", data, bundle, pages_of(bundle))


@cache
def copied(data: bytes, boxes: str, title: str) -> bytes:
    return copying.public_copy(data, taken(data).bundle, json.loads(boxes), title)


def stores_of(app: Flask) -> Stores:
    return Stores.of(app.extensions["portal_settings"])


def attach(
    session: Session, app: Flask, revision: Revision, *, by: Person, data: bytes = b"", title: str = "附件1"
) -> Revision:
    """Put a file beside a draft."""
    stores, data = stores_of(app), data or one_page()
    file = keeping.quarantine(stores, revision.publication_id, NAME, data, taken(data), by_id=by.id)
    copy = keeping.keep_copy(stores, file.row, copied(data, "[]", title))
    return attaching.attach(session, revision, file, copy, title, by=by)


def cover(
    session: Session, app: Flask, revision: Revision, *, by: Person, n: int = 1, **place: Any
) -> Revision:
    """Cover the middle line of the page, or another place."""
    stores, attached = stores_of(app), revision.attachments[n - 1]
    sides = {"page": 1, "x0": 0.05, "y0": 0.49, "x1": 0.6, "y1": 0.68} | place
    boxes = [*attached["boxes"], attaching.box(sides, "trade_secret", BASIS, by=by)]
    file = session.get_one(Attachment, attached["file"])
    data = stores.quarantine.read(file.stored)
    copy = keeping.keep_copy(stores, file, copied(data, json.dumps(boxes), attached["title"]))
    return attaching.mark(session, revision, n, boxes, copy, by=by)


def kept_in(folder: Path) -> set[str]:
    return {each.name for each in folder.glob("??/*")}


Upload = Callable[[str, bytes], tuple[io.BytesIO, str]]


def upload(name: str, data: bytes) -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name
