"""A record with a file whose secret line is covered, and records that were erased: whole, and in part."""

import json

from sqlalchemy.orm import Session

from portal.attachments import keeping
from portal.attachments.keeping import Stores
from portal.erasing import deciding
from portal.erasing.requirements import Proposed
from portal.publications import attaching, pipeline
from portal.settings import Settings
from tests import examples
from tests.attaching import BASIS, copied, taken
from tests.cast import Cast
from tests.hidden_in_files import page, saved
from tests.office import carry_through, disclose
from tests.secrets.secret import Secrets

REASON = "误公开了个人信息，已从各个版本中删除。"
COVERING = {"page": 1, "x0": 0.05, "y0": 0.49, "x1": 0.98, "y1": 0.68}


def disclose_with_a_file(session: Session, cast: Cast, secrets: Secrets, settings: Settings) -> None:
    """The line is in the file as it came, and in its name; the public copy has a box there."""
    stores, line, title = Stores.of(settings), secrets.in_a_file, "附件1"
    data = saved(page(f"BT /F1 18 Tf 40 75 Td (mixed with) Tj ET BT /F1 18 Tf 40 50 Td ({line}) Tj ET"))
    revision = pipeline.draft(session, "result", examples.result(entity_name="示例有附件商店"), by=cast.he)
    name = f"{secrets['attachments.name']}.pdf"
    file = keeping.quarantine(stores, revision.publication_id, name, data, taken(data), by_id=cast.he.id)
    boxes = [attaching.box(COVERING, "trade_secret", BASIS, by=cast.he)]
    bare = keeping.keep_copy(stores, file.row, copied(data, "[]", title))
    revision = attaching.attach(session, revision, file, bare, title, by=cast.he)
    copy = keeping.keep_copy(stores, file.row, copied(data, json.dumps(boxes), title))
    revision = attaching.mark(session, revision, 1, boxes, copy, by=cast.he)
    carry_through(session, cast, revision)
    for unused in [file.row.stored, bare.stored] if bare.stored != copy.stored else []:
        if unused == bare.stored:
            stores.public.delete(unused)  # as the worker does with what no version has


def erase_what_was_shown(session: Session, cast: Cast, secrets: Secrets) -> None:
    """One record erased whole, one in one part of it."""
    place = "the words that an erasure took away"
    whole = disclose(
        session, cast, "result", examples.result(entity_name=secrets[place], entity_code=secrets[place])
    )
    content = examples.result(entity_name="示例已删除部分内容商店")
    content["items"] = [content["items"][0] | {"problem": secrets.around(place)}]
    span = {"start": 2, "end": 2 + len(secrets[place]), "ground": "trade_secret", "basis": BASIS, "by": 0}
    part = disclose(session, cast, "result", content, marks=[{"path": "items/0/problem", **span}])
    for publication, paths in ((whole, []), (part, ["items/0/problem"])):
        proposed = Proposed("personal_info", BASIS, REASON, paths)
        erasure = deciding.propose(session, publication, proposed, by=cast.he)
        deciding.agree(session, erasure, by=cast.lin)
        session.commit()
