"""The log for programs: checkpoint, key, tiles and proofs at the addresses of c2sp.org/tlog-tiles."""

from flask import Response, abort

from portal.ledger import sealing, tile_files
from portal.ledger.models import SignedCheckpoint
from portal.ledger.tiles import parse_path
from portal.publications import queries
from portal.web.public.record import PLURALS, existing, found
from portal.web.public.room import keeps_ledger, public, reading

FOR_GOOD = "public, max-age=31536000, immutable"
TEXT = "text/plain; charset=utf-8"


@public.get("/log/checkpoint")
@keeps_ledger
def checkpoint() -> Response:
    """The newest signed head."""
    last = sealing.newest(reading())
    if last is None:
        abort(404)
    return _fresh(Response(last.note, content_type=TEXT))


@public.get("/log/checkpoints/<int:size>")
@keeps_ledger
def earlier_checkpoint(size: int) -> Response:
    """A checkpoint as it was published: the one over a change of keys carries both signatures."""
    signed = reading().get(SignedCheckpoint, size)
    if signed is None:
        abort(404)
    response = Response(signed.note, content_type=TEXT)
    response.headers["Cache-Control"] = FOR_GOOD
    return response


@public.get("/log/key")
@keeps_ledger
def log_key() -> Response:
    """The key that signs, as a ``vkey`` of signed notes."""
    last = sealing.newest(reading())
    if last is None:
        abort(404)
    return _fresh(Response(f"{last.key}\n", content_type=TEXT))


@public.get("/log/tile/<path:path>")
@keeps_ledger
def tile(path: str) -> Response:
    """Hashes or entries; a partial tile of every size that was signed, and any smaller one."""
    last = sealing.newest(reading())
    try:
        wanted = parse_path(path)
    except ValueError:
        abort(404)
    reach = (wanted.start + wanted.width) << 8 * max(wanted.level, 0)
    data = tile_files.tile_bytes(reading(), wanted) if last and reach <= last.size else None
    if data is None:
        abort(404)
    response = Response(data, content_type="application/octet-stream")
    response.headers["Cache-Control"] = FOR_GOOD
    return response


@public.get(f"/{PLURALS}/<number>/proof")
@keeps_ledger
def record_proof(plural: str, number: str) -> Response:
    """That the newest act on a publication stands in the log: kept, it can be checked without this site."""
    return _proof(number, found(plural, number).entry_index)


@public.get(f"/{PLURALS}/<number>/versions/<int:version>/proof")
@keeps_ledger
def version_proof(plural: str, number: str, version: int) -> Response:
    """The same for the act that made one version public."""
    found(plural, number)
    return _proof(f"{number}-{version}", existing(number, version).entry_index)


def _proof(name: str, index: int) -> Response:
    entry = queries.entry(reading(), index)
    proof = sealing.proof(reading(), entry) if entry else None
    if proof is None:
        abort(404)
    response = Response(str(proof), content_type=TEXT)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.tlog-proof"'
    return _fresh(response)


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-cache"
    return response
