"""依法删除: proposed on a publication, decided by the head with the password given again, reported place by place."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.db import db
from portal.erasing import deciding, places, queries, requirements
from portal.erasing.models import Erasure, ErasureStep
from portal.erasing.requirements import ERASING_GROUNDS, Proposed
from portal.erasing.taking import erasable, named_place
from portal.errors import Refused
from portal.nodes import queries as nodes
from portal.people import roles
from portal.publications import queries as released
from portal.publications.kinds import KINDS
from portal.publications.models import Publication
from portal.web.staff.grounds import grounds
from portal.web.staff.known import why_not_known
from portal.web.staff.revisions import seen
from portal.web.staff.room import NotAllowed, attempt, done, for_act, person, publication_here, staff
from portal.words import Sentence, say

STATES: Mapping[str, Sentence] = {
    "proposed": say("待主要负责人决定"),
    "refused": say("不同意"),
    "agreed": say("正在删除"),
    "done": say("已全部删除"),
}
PROGRESS: Mapping[str, Sentence] = {
    "proposed": say("{name}提出"),
    "refused": say("{name}不同意"),
    "agreed": say("{name}同意，公开的文本随即删除"),
    "done": say("各处全部删除"),
}


@dataclass(frozen=True)
class Told:
    """A place that no function over the tables clears: what staff read about it."""

    label: Sentence
    note: Sentence


OUTSIDE: Mapping[str, Told] = {
    "public": Told(say("公开的各版文本"), say("在同意的同时删除。")),
    "files": Told(
        say("附件"), say("原文件、页面图像和公开副本。删除部分的，附件照留；附件里也有这些文字的，请先遮盖。")
    ),
    "index": Told(say("检索索引"), say("每个节点各有一份，都跟上以后才算完成。")),
    "exports": Told(
        say("批量下载的文件"), say("删除以前做的各期一并删除；已经被下载的副本不在本系统内。这里是期数。")
    ),
    "database": Told(
        say("数据库文件中的残留"),
        say("SQLite 已覆写并清空预写日志；PostgreSQL 已清理表，其日志和备份到各自的保存期满为止。"),
    ),
}


@staff.get("/erasures")
@for_act("see_erasures")
def erasures() -> str:
    found = queries.erasures(db.session(), person())
    return render_template("staff/erasures.html", found=found, grounds=grounds(), erasure_states=STATES)


@staff.get("/publications/<number>/erasure")
def new_erasure(number: str) -> str:
    found = publication_here(number)  # first: another department's is not there, whoever asks
    if reasons := roles.why_not(person(), "see_erasures"):
        raise NotAllowed(*reasons)
    return _form(found)


@staff.post("/publications/<number>/erasure")
def propose_erasure(number: str) -> ResponseReturnValue:
    made: list[Erasure] = []
    reasons = attempt(
        lambda: made.append(
            deciding.propose(db.session(), publication_here(number), _proposed(), by=person())
        )
    )
    if reasons:
        return _form(publication_here(number), reasons), 422
    done(_("已提出，等待主要负责人决定。需要公众马上看不到的，请值班人员先暂停公示。"))
    return redirect(url_for("staff.erasure", erasure_id=made[0].id))


def _proposed() -> Proposed:
    form = request.form
    if form.get("scope") not in ("whole", "part"):
        raise Refused(say("请选择删除整条记录，还是删除其中的部分文字。"))
    paths = form.getlist("path") if form["scope"] == "part" else []
    if form["scope"] == "part" and not paths:
        raise Refused(say("请勾选要删除的栏目；整条都要删除的，请选择整条记录。"))
    return Proposed(form.get("ground", ""), form.get("basis", ""), form.get("reason", ""), paths)


@staff.get("/erasures/<int:erasure_id>")
@staff.get("/erasures/<int:erasure_id>/agreement", endpoint="erasure_agreement")
@staff.get("/erasures/<int:erasure_id>/refusal", endpoint="erasure_refusal")
@for_act("see_erasures")
def erasure(erasure_id: int) -> str:
    return _page(_here(erasure_id))


@staff.post("/erasures/<int:erasure_id>/agreement")
def agree_to_erasure(erasure_id: int) -> ResponseReturnValue:
    """Erase. The password is checked while only reading; a wrong one counts towards the account's lock."""
    reasons = requirements.why_not_agree(db.session(), _here(erasure_id), person())
    reasons = reasons or why_not_known(request.form.get("password", ""))
    reasons = reasons or attempt(
        lambda: deciding.agree(db.session(), _here(erasure_id), by=person(), seen=_seen())
    )
    if reasons:
        return _page(_here(erasure_id), reasons), 422
    done(_("已同意。公开的文本已经删除，其余各处正在逐处删除，进度见下表。"))
    return redirect(url_for("staff.erasure", erasure_id=erasure_id))


@staff.post("/erasures/<int:erasure_id>/refusal")
def refuse_erasure(erasure_id: int) -> ResponseReturnValue:
    note = request.form.get("note", "")
    reasons = attempt(
        lambda: deciding.refuse(db.session(), _here(erasure_id), by=person(), note=note, seen=_seen())
    )
    if reasons:
        return _page(_here(erasure_id), reasons), 422
    done(_("已决定不同意，没有删除任何内容。"))
    return redirect(url_for("staff.erasure", erasure_id=erasure_id))


def _seen() -> int:
    step = seen()
    if step is None:
        raise Refused(say("请刷新页面，看过现在的内容后再决定。"))
    return step


def _here(erasure_id: int) -> Erasure:
    """An erasure that this person may read; 404 otherwise, as if it were not there."""
    found = db.session.get(Erasure, erasure_id)
    if found is None or not roles.sees(person(), found.department_code):
        abort(404)
    return found


def _form(publication: Publication, refused: list[Sentence] | None = None) -> str:
    labels = grounds()
    return render_template(
        "staff/erasure_new.html",
        publication=publication,
        kind=KINDS[publication.kind],
        versions=len(released.versions(db.session(), publication.number or "")),
        choices=erasable(db.session(), publication),
        grounds=[(code, labels[code]) for code in ERASING_GROUNDS],
        why_not=requirements.why_not_propose(db.session(), publication, person()),
        refused=refused or [],
        typed=request.form,
    )


def _page(found: Erasure, refused: list[Sentence] | None = None) -> str:
    session, me = db.session(), person()
    return render_template(
        "staff/erasure.html",
        erasure=found,
        kind=KINDS[found.publication.kind],
        ground=grounds().get(found.ground, found.ground),
        public_words=deciding.public_words(found),
        versions=len(released.versions(session, found.number)),
        texts=[named_place(KINDS[found.publication.kind], path) for path in found.paths],
        erasure_states=STATES,
        steps=[(each, _progress(each)) for each in found.steps],
        known_places={**places.PLACES, **OUTSIDE},
        awaited_nodes=nodes.behind(session, found.entry_index or 0) if found.state == "agreed" else (),
        why_not_agree=requirements.why_not_agree(session, found, me),
        why_not_refuse=requirements.why_not_refuse(found, me),
        refused=refused or [],
        typed=request.form,
    )


def _progress(step: ErasureStep) -> Sentence:
    return say(PROGRESS[step.state].template, name=step.by.name if step.by else "")
