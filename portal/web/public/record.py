"""One publication: as it stands, as data, and as it stood before."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, abort, render_template, request, url_for

from portal.deadlines.terms import disclosure
from portal.draws import queries as draw_queries
from portal.ledger.entry import read_entry
from portal.ledger.models import Entry
from portal.publications import beside, queries
from portal.publications.beside import Beside
from portal.publications.changes import Changes, compare
from portal.publications.kinds import BY_PLURAL
from portal.publications.models import Face, Release
from portal.publications.scope import RESCOPE
from portal.web.public import contesting, trail
from portal.web.public.contesting import Contesting
from portal.web.public.locks import locks
from portal.web.public.reading import Reading
from portal.web.public.room import calendar, follows_ledger, keeps_ledger, profile, public, reading, words

PLURALS = "<any(lists, plans, tasks, results):plural>"
GONE = {"held": 451, "withdrawn": 410, "expired": 410, "erased": 410}


def found(plural: str, number: str) -> Face:
    """The face at an address, or 404."""
    return at_its_address(plural, queries.face(reading(), number))


def at_its_address(plural: str, face: Face | None) -> Face:
    """A face that is of the kind that its address says; else 404."""
    if face is None or face.kind != BY_PLURAL[plural].name:
        abort(404)
    return face


def gone(face: Face) -> tuple[str, int]:
    """What is left of a publication whose words are off: number, office, day and reason."""
    entry = queries.entry(reading(), face.entry_index)
    said = read_entry(entry.body) if entry else {}
    page = render_template(
        "public/gone.html", face=face, entry=entry, said=said, rechecked="objection" in said
    )
    return page, GONE[face.face]


@public.get(f"/{PLURALS}/<number>")
@follows_ledger
def record(plural: str, number: str) -> Any:
    """A publication as it stands now."""
    known, release = queries.standing(reading(), number)
    face = at_its_address(plural, known)
    if not face.live:
        return gone(face)
    return _page(face, release or abort(404))


@public.get(f"/{PLURALS}/<number>/record.json")
@keeps_ledger
def record_json(plural: str, number: str) -> Any:
    """The exact bytes whose SHA-256 the ledger holds."""
    face = found(plural, number)
    if not face.live:
        return gone(face)
    return _bytes_of(existing(number, face.version))


def _bytes_of(release: Release) -> Any:
    response = Response(release.body or "", content_type="application/json")
    response.set_etag(release.record_hash)
    response.last_modified = release.published_at
    response.headers["Cache-Control"] = "no-cache"
    return response.make_conditional(request)


@public.get(f"/{PLURALS}/<number>/versions/")
@follows_ledger
def versions(plural: str, number: str) -> Any:
    """Every version that was ever public."""
    face = found(plural, number)
    if not face.live:
        return gone(face)
    releases = queries.versions(reading(), number)
    entries = queries.entries_at(reading(), [each.entry_index for each in releases])
    known = contesting.contesting(face)
    return render_template("public/versions.html", face=face, releases=releases, entries=entries, known=known)


@public.get(f"/{PLURALS}/<number>/versions/<int:version>")
@follows_ledger
def version(plural: str, number: str, version: int) -> Any:
    """One version; an earlier one is marked as superseded."""
    face = found(plural, number)
    if not face.live:
        return gone(face)
    release = existing(number, version)
    return _page(face, release) if release.body is not None else version_gone(face, release)


@public.get(f"/{PLURALS}/<number>/versions/<int:version>/record.json")
@keeps_ledger
def version_json(plural: str, number: str, version: int) -> Any:
    """The exact bytes of one version, as long as it is shown."""
    face = found(plural, number)
    if not face.live:
        return gone(face)
    release = existing(number, version)
    return _bytes_of(release) if release.body is not None else version_gone(face, release)


def version_gone(face: Face, release: Release) -> tuple[str, int]:
    """What is left of a version whose words are off for good."""
    erasure = queries.erasure(reading(), face.number, release.entry_index)
    return render_template("public/version_gone.html", face=face, release=release, erasure=erasure), 410


def existing(number: str, version: int) -> Release:
    """One version of a publication, or 404."""
    release = queries.release(reading(), number, version)
    if release is None:
        abort(404)
    return release


def _page(face: Face, release: Release) -> str:
    read = Reading(release, words())
    acts = queries.acts(reading(), face.number)
    around = _around(face, read)
    before, changes = what_changed(read, release)
    superseded = release.version != face.version
    known = Contesting() if superseded else contesting.contesting(face)
    return render_template(
        f"public/{face.kind}.html",
        face=face,
        release=release,
        entry=next((each for each in acts if each.index == release.entry_index), None),
        superseded=superseded,
        known=known,
        read=read,
        before=before,
        changes=changes,
        files_changed=files_changed(read, before),
        trail=trail.steps(read, release, acts, around.seconds, known.contests, contesting.steps(known)),
        seconds=around.seconds,
        sheets=around.sheets,
        task=around.task,
        plan=around.plan,
        **_related(face, read, acts),
    )


def _around(face: Face, read: Reading) -> Beside:
    plan_no = read["plan_no"] or ""
    if face.kind == "result":
        return beside.of_result(reading(), face, plan_no)
    return Beside(plan=beside.by_source_number(reading(), "plan", plan_no))


def what_changed(read: Reading, release: Release) -> tuple[Release | None, Changes | None]:
    """The version before and what differs from it; nothing when that one may not be shown."""
    if release.version == 1 or release.act == RESCOPE:
        return None, None
    before = queries.release(reading(), release.number, release.version - 1)
    if before is None or before.body is None:
        return before, None
    return before, compare(read.kind, queries.fields_of(before), read.fields)


def files_changed(read: Reading, before: Release | None) -> bool:
    """Whether the attachments differ from those of the version before, as far as that one may be shown."""
    if before is None or before.body is None:
        return False
    return Reading(before, read.words).files != read.files


def _related(face: Face, read: Reading, acts: Sequence[Entry]) -> Mapping[str, Any]:
    session = reading()
    related: dict[str, Any] = {}
    if face.kind == "result":
        related["first"] = queries.face(session, face.rectifies) if face.rectifies else None
        related["kept"] = disclosure(read.fields, face.published_on, profile(), calendar())
        related["of_entity"] = queries.count_of_entity(session, face.entity_code) if face.entity_code else 0
    elif face.kind == "task":
        related["results"] = queries.results_of(session, face.source_number)
        related["own_draw"] = draw_queries.face(session, face.number)
        codes = [row.get("entity_code") or "" for row in read.rows("drawn")]
        related["locks"] = locks(face.number, read.version)
        known = queries.known_entities(session, codes)
        related["links"] = {code: url_for("public.entity", code=code) for code in codes if code in known}
    elif face.kind == "plan":
        related["tasks"] = queries.tasks_of(session, face.source_number)
    return related
