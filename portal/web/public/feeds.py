"""What changed, for feed readers: per kind, everything, corrections, one entity."""

from collections.abc import Sequence
from datetime import datetime, time

from flask import Response, abort, render_template, url_for
from flask_babel import gettext as _

from portal.clock import SHANGHAI
from portal.ledger.models import Entry
from portal.publications import facing, queries
from portal.publications.kinds import BY_PLURAL, KINDS
from portal.publications.models import Face
from portal.web.public.room import follows_ledger, public, reading, words
from portal.web.public.syndication import Item, feed
from portal.web.rendering import named, permalink

LENGTH = 50
FORM = "<any(rss, atom):form>"
NAMES = "<any(lists, plans, tasks, results, corrections, all):name>"


@public.get("/feeds/")
@follows_ledger
def feeds() -> str:
    """Which feeds there are, and how to follow one."""
    return render_template("public/feeds.html")


@public.get(f"/feeds/{NAMES}.{FORM}", endpoint="feed")
def of_name(name: str, form: str) -> Response:
    """One of the site's feeds."""
    if name == "corrections":
        return feed(form, _("更正与撤下"), url_for("public.corrections"), _of_acts())
    kinds = [BY_PLURAL[name].name] if name in BY_PLURAL else []
    title = named(BY_PLURAL[name]) if kinds else _("全部公示")
    page = url_for("public.browse", plural=name) if kinds else url_for("public.home")
    return feed(form, title, page, items(queries.newest(reading(), limit=LENGTH, kinds=kinds)))


@public.get(f"/entities/<code>.{FORM}")
def entity_feed(code: str, form: str) -> Response:
    """What is disclosed about one entity: its results and the tasks that drew it, newest first."""
    session, code = reading(), code.upper()
    about = [*queries.of_entity(session, code, limit=LENGTH), *queries.tasks_that_drew(session, code)]
    faces = sorted(about, key=lambda face: (face.published_on, face.number), reverse=True)[:LENGTH]
    if not faces:
        abort(404)
    names = [face.entity_name for face in faces if face.entity_name]
    title = _("%(name)s的公示", name=next(iter([*names, *queries.names_drawn(session, code)]), code))
    return feed(form, title, url_for("public.entity", code=code), items(faces))


def items(faces: Sequence[Face]) -> list[Item]:
    """Publications as items; what was taken down says so, with its reason."""
    entries = queries.entries_at(reading(), [face.entry_index for face in faces])
    return [_item(face, entries.get(face.entry_index)) for face in faces]


def _item(face: Face, entry: Entry | None) -> Item:
    flag = _flag(face)
    title = face.title or face.number
    lines = [_line(face), _("理由：%(reason)s", reason=entry.reason) if entry and entry.reason else ""]
    return Item(
        path=permalink(face.number),
        title=_flagged(title, flag),
        summary="\n".join(line for line in (flag, *lines) if line) or face.number,
        category=named(KINDS[face.kind]),
        author=words().department(face.department_code),
        erased=face.face == "erased",
        published=datetime.combine(face.published_on, time(), SHANGHAI),
        updated=face.changed_at,
    )


def _flagged(title: str, flag: str) -> str:
    return _("%(title)s（%(flag)s）", title=title, flag=flag) if flag else title


def _flag(face: Face) -> str:
    hidden = {
        "held": _("暂停公示"),
        "withdrawn": _("已撤下"),
        "expired": _("公示期满"),
        "erased": _("依法删除"),
    }
    return hidden.get(face.face, "") or (_("更正") if face.corrected else "")


def _line(face: Face) -> str:
    outcomes = words().outcomes(face.outcomes)
    return "；".join(outcomes) if outcomes else face.summary


def _of_acts() -> list[Item]:
    """Each correction, withdrawal, hold, restoration and erasure as an item of its own."""
    entries = queries.ledger(
        reading(), types=["correct", "withdraw", "hold", "restore", "erase"], limit=LENGTH
    )
    faces = queries.faces(reading(), {entry.number for entry in entries if entry.number})
    return [_act(entry, faces[entry.number]) for entry in entries if entry.number in faces]


def _act(entry: Entry, face: Face) -> Item:
    word = {
        "correct": _("更正"), "withdraw": _("已撤下"), "hold": _("暂停公示"), "restore": _("恢复公示"),
        "erase": _("依法删除"),
    }[entry.type]  # fmt: skip
    said = facing.reason_of(entry, face)
    reason = _("理由：%(reason)s", reason=said) if said else ""
    path = permalink(face.number)
    notice = f"{path}/corrections/{entry.version}"
    return Item(
        path=notice if entry.type == "correct" and face.live else path,
        key=f"{path}#{entry.index}",
        title=_flagged(face.title or face.number, word),
        summary="\n".join(line for line in (word, reason) if line),
        category=word,
        author=words().department(entry.department_code or face.department_code),
        published=entry.at,
        updated=entry.at,
    )
