"""Attachments of a publication, each a PDF of our own making. What may be fetched, the record's face and release say."""

from pathlib import PurePosixPath
from typing import Any

from flask import Response, abort, render_template, request

from portal.attachments.keeping import Stores
from portal.attachments.listing import MEDIA_TYPE
from portal.attachments.models import PublicFile
from portal.attachments.showing import public_file
from portal.publications.models import Face
from portal.web.public.reading import Reading
from portal.web.public.record import PLURALS, existing, found, gone
from portal.web.public.room import public, reading, settings, words
from portal.web.saving import saved_as


@public.get(f"/{PLURALS}/<number>/files/<int:n>.pdf")
def file(plural: str, number: str, n: int) -> Any:
    """An attachment of the version that stands now."""
    face = found(plural, number)
    return _file(face, face.version, n)


@public.get(f"/{PLURALS}/<number>/versions/<int:version>/files/<int:n>.pdf")
def version_file(plural: str, number: str, version: int, n: int) -> Any:
    """An attachment of one version."""
    return _file(found(plural, number), version, n)


def _file(face: Face, version: int, n: int) -> Any:
    if not face.live:
        return gone(face)
    release = existing(face.number, version)
    if release.body is None:
        return render_template("public/version_gone.html", face=face, release=release), 410
    shown = {each.n: each for each in Reading(release, words()).files if not each.withheld}
    if n not in shown:
        abort(404)
    kept = public_file(reading(), face.number, version, n) or abort(404)
    return _answer(kept, f"{face.number}-{shown[n].title}.pdf")


def _answer(kept: PublicFile, name: str) -> Any:
    """To be saved under a name of ours; never run, framed or taken for something else."""
    try:
        data = Stores.of(settings()).public.read(kept.stored)
    except FileNotFoundError:
        abort(404)
    response = Response(data, content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = saved_as(f"{kept.number}-{kept.n}.pdf", _flat(name))
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "no-cache"  # a hold must be felt at once
    response.set_etag(kept.sha256)
    return response.make_conditional(request)


def _flat(name: str) -> str:
    """A title as the name of a file, in no folder."""
    return PurePosixPath(name.replace("/", "_").replace("\\", "_")).name
