"""What changed, for feed readers: per kind, everything, corrections, one department, one entity."""

from collections.abc import Iterable
from datetime import datetime, time

from flask import Response, abort, render_template, url_for
from flask_babel import gettext as _

from portal.clock import SHANGHAI
from portal.ledger.models import Entry
from portal.publications import facing, lasting, queries
from portal.publications.kinds import BY_PLURAL, KINDS
from portal.publications.lasting import TAKEN_BACK, Lasting
from portal.publications.models import Face
from portal.web.public.paging import asked_page
from portal.web.public.room import follows_ledger, keeps_ledger, public, reading, words
from portal.web.public.syndication import Feed, Item, feed
from portal.web.rendering import named, permalink

LENGTH = 50
FORM = "<any(rss, atom, json):form>"
NAMES = "<any(lists, plans, tasks, results, corrections, all):name>"


@public.get("/feeds/")
@follows_ledger
def feeds() -> str:
    """Which feeds there are, and how to follow one."""
    offices = [each for each in words().departments.values() if each.valid_to is None]
    return render_template("public/feeds.html", offices=offices)


@public.get(f"/feeds/{NAMES}.{FORM}", endpoint="feed")
@keeps_ledger
def of_name(name: str, form: str) -> Response:
    """One of the site's feeds, a page of it."""
    if name == "corrections":
        acts, more = _of_acts((asked_page() - 1) * LENGTH)
        return feed(
            form, Feed(_("更正与撤下"), url_for("public.corrections"), acts, pings=True, earlier=more)
        )
    kind = BY_PLURAL.get(name)
    title = named(kind) if kind else _("全部公示")
    page = url_for("public.browse", plural=name) if kind else url_for("public.home")
    return of_lasting(form, title, page, Lasting(kind=kind.name if kind else ""), pings=True)


@public.get(f"/feeds/departments/<code>.{FORM}")
@keeps_ledger
def department_feed(code: str, form: str) -> Response:
    """What one department answers for; what was taken down is among it."""
    office = words().departments.get(code)
    if office is None:
        abort(404)
    page = url_for("public.search", department=code)
    return of_lasting(
        form, _("%(name)s的公示", name=named(office)), page, Lasting(department=code), pings=True
    )


def of_lasting(form: str, title: str, page: str, within: Lasting, *, pings: bool = False) -> Response:
    """A feed whose conditions hold whatever becomes of a record: what is taken down stands in it and says so."""
    start = (asked_page() - 1) * LENGTH
    faces = lasting.changed(reading(), within, limit=LENGTH + 1, offset=start)
    return feed(form, Feed(title, page, items(faces[:LENGTH]), pings=pings, earlier=len(faces) > LENGTH))


@public.get(f"/entities/<code>.{FORM}")
@keeps_ledger
def entity_feed(code: str, form: str) -> Response:
    """What is disclosed about one entity: its results and the tasks that drew it, what changed last first."""
    session, code = reading(), code.upper()
    about = [
        *lasting.changed_of_entity(session, code, limit=LENGTH),
        *queries.tasks_that_drew(session, code),
    ]
    faces = sorted(about, key=lambda face: face.entry_index, reverse=True)[:LENGTH]
    if not faces:
        abort(404)
    title = _("%(name)s的公示", name=next(iter(queries.names_of_entity(session, code, faces)), code))
    page = url_for("public.entity", code=code)
    return feed(form, Feed(title, page, items(faces), dropped=dropped(Lasting()), pings=True))


def dropped(within: Lasting) -> list[Item]:
    """What was last taken down, by id alone, for feeds of which nobody can say any more that it stood in them."""
    return [_item(face, None) for face in lasting.taken_down(reading(), within, limit=LENGTH)]


def items(faces: Iterable[Face]) -> list[Item]:
    """Publications as items; what was taken down says so, with its reason."""
    faces = list(faces)
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


def _of_acts(start: int) -> tuple[list[Item], bool]:
    """Each correction, withdrawal, hold, restoration and erasure as an item of its own; whether there are more."""
    entries = queries.ledger(reading(), types=TAKEN_BACK, limit=LENGTH + 1, offset=start)
    faces = queries.faces(reading(), {entry.number for entry in entries if entry.number})
    acts = [_act(entry, faces[entry.number]) for entry in entries[:LENGTH] if entry.number in faces]
    return acts, len(entries) > LENGTH


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
