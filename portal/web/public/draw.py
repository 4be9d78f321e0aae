"""What is needed to work the digest of a drawn list out again."""

from typing import Any

from flask import abort, jsonify

from portal.publications import locking, queries
from portal.publications.models import Face, Release
from portal.web.public.locks import locks
from portal.web.public.record import PLURALS, existing, found, gone
from portal.web.public.room import keeps_ledger, public


@public.get(f"/{PLURALS}/<number>/drawn.json")
@keeps_ledger
def drawn_json(plural: str, number: str) -> Any:
    """List, salt and digest; 404 while the list is not shown whole."""
    face = found(plural, number)
    if face.kind != "task":
        abort(404)
    if not face.live:
        return gone(face)
    response = jsonify(_drawn(face, existing(number, face.version)))
    response.headers["Cache-Control"] = "no-cache"
    return response


def _drawn(face: Face, release: Release) -> dict[str, Any]:
    known = locks(face.number, face.version)
    rows = queries.fields_of(release).get("drawn")
    if not isinstance(rows, list) or not any(each.list.salt for each in known):
        abort(404)
    return {
        "schema": "portal.drawn/1",
        "number": face.number,
        "name": locking.NAME,
        "text": locking.list_text(rows),
        "lists": [
            {
                "entry": each.list.entry_index,
                "version": each.list.version,
                "digest": each.list.digest,
                "salt": each.list.salt,
            }
            for each in known
        ],
    }
