"""更正公告 as a page that prints: what was corrected, why, who signed; from released fields only."""

from flask import abort, render_template

from portal.objections import public_reading
from portal.publications import queries
from portal.web.public.reading import Reading
from portal.web.public.record import PLURALS, existing, files_changed, found, gone, what_changed
from portal.web.public.room import follows_ledger, public, reading, words


@public.get(f"/{PLURALS}/<number>/corrections/<int:version>")
@follows_ledger
def correction(plural: str, number: str, version: int) -> str | tuple[str, int]:
    """The notice of one correction. Where what it replaced may not be shown, it shows no difference."""
    face = found(plural, number)
    if not face.live:
        return gone(face)
    release = existing(number, version)
    entry = queries.entry(reading(), release.entry_index)
    if release.act != "correct" or entry is None:
        abort(404)
    read = Reading(release, words())
    before, changes = what_changed(read, release) if release.body else (None, None)
    return render_template(
        "public/correction.html",
        face=face,
        release=release,
        entry=entry,
        read=read,
        before=before,
        changes=changes,
        files_changed=files_changed(read, before),
        contest=public_reading.led_to(reading(), number, version),
    )
