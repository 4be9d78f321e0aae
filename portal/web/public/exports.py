"""批量下载: the nightly files, how they are checked and kept current; and what catalogues read of them.

A file is given out only while nothing that it may hold has gone off: that is asked of the ledger at each request,
whether or not the worker has come to remove it.
"""

from typing import Any

from flask import Response, abort, json, redirect, render_template, send_file
from flask_babel import gettext as _

from portal.exports import catalogue, editions
from portal.exports.editions import Edition, File
from portal.exports.nightly import publisher_of
from portal.exports.package import SUMS, tables
from portal.publications.kinds import KINDS
from portal.web.public.room import follows, public, reading, settings
from portal.web.rendering import error_page, in_english

JSON_LD = "application/ld+json"
UNITS = ("B", "KB", "MB", "GB", "TB")


def _standing() -> list[Edition]:
    """The editions that may be given out, the newest first."""
    return [
        each for each in editions.standing(settings().exports_dir) if not editions.is_off(reading(), each)
    ]


@public.get("/exports/")
@follows(lambda: [each.name for each in editions.standing(settings().exports_dir)])
def exports() -> str:
    """The newest edition with counts, sizes, digests and schema, and the earlier ones that still stand."""
    found = _standing()
    return render_template(
        "public/exports.html",
        edition=found[0] if found else None,
        files=_in_order(found[0]) if found else [],
        earlier=found[1:],
        schema=[*tables()],
        size=size,
        sums=SUMS,
        dataset=catalogue.of_site(
            found[0] if found else None, publisher_of(settings()), english=in_english()
        ),
    )


@public.get("/exports/dcat.jsonld")
@follows(lambda: [each.name for each in editions.standing(settings().exports_dir)])
def exports_catalogue() -> Response:
    """The same as a DCAT catalogue."""
    newest = next(iter(_standing()), None)
    said = json.dumps(
        catalogue.dcat(newest, publisher_of(settings())), ensure_ascii=False, indent=1, sort_keys=False
    )
    return Response(said + "\n", content_type=f"{JSON_LD}; charset=utf-8")


@public.get("/exports/latest/<file>")
def newest_export(file: str) -> Any:
    """The file of that name in the newest edition, at an address that stays."""
    newest = next(iter(_standing()), None)
    if newest is None or newest.file(file) is None:
        abort(404)
    response = redirect(f"/exports/{newest.name}/{file}")
    response.headers["Cache-Control"] = "no-cache"
    return response


@public.get("/exports/<edition>/<file>")
def export_file(edition: str, file: str) -> Any:
    """One file of one edition, whole or in parts; 410 as soon as something in the edition went off."""
    found = editions.find(settings().exports_dir, edition)
    if found is None:
        abort(404)
    if editions.is_off(reading(), found):
        said = _("这一期文件里有此后停止公示的内容，不再提供下载。请到批量下载页取最新一期。")
        return error_page("error.html", 410, [said])
    kept = found.file(file) or abort(404)
    path = settings().exports_dir / found.name / kept.name
    if not path.is_file():
        abort(404)
    response = send_file(
        path.resolve(), mimetype=kept.media_type, etag=kept.sha256, last_modified=found.moment
    )
    response.headers["Cache-Control"] = "no-cache"  # a withdrawal must be felt at once
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _in_order(edition: Edition) -> list[File]:
    """Results first, which most come for; what belongs to no kind last."""
    order = ["", *KINDS]
    return sorted(edition.files, key=lambda each: -order.index(each.kind))


def size(count: int) -> str:
    """A number of bytes for a reader.

    >>> size(517), size(48_213), size(7_400_000)
    ('517 B', '47.1 KB', '7.1 MB')
    """
    number, unit = float(count), 0
    while number >= 1024 and unit < len(UNITS) - 1:
        number, unit = number / 1024, unit + 1
    return f"{number:.1f} {UNITS[unit]}" if unit else f"{count} B"
