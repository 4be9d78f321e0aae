"""Signed on paper, with a key that is elsewhere, by the answer to an objection, by two at the same moment."""

import shutil
import subprocess
from base64 import b64encode
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal import clock
from portal.db import db
from portal.errors import Refused
from portal.files import Store
from portal.ledger.models import Entry
from portal.objections import deciding
from portal.people import signing_keys
from portal.people.models import Person, SigningKey
from portal.people.signing_keys import Elsewhere, Offered
from portal.publications import paper, pipeline, signing
from portal.publications.models import Publication, Revision
from portal.publications.signed import RevisionSignature, SignedSheet
from tests import evidence_files, objecting
from tests.cast import Cast
from tests.objecting import object_to
from tests.office import propose
from tests.officers import Keys, require_signatures, signatures_in, what_a_reader_finds_wrong
from tests.stories.test_acting_at_once import at_once, person

REASON = "检查日期录入有误。"
PHOTO = evidence_files.plain_photo("JPEG")


def submitted(session: Session, cast: Cast, result: Publication) -> Revision:
    revision = propose(session, cast, result, "correct", REASON, follow_up="责令改正")
    pipeline.submit(session, revision, by=cast.he)
    return revision


def newest(session: Session, publication: Publication) -> Entry:
    of_it = sa.select(Entry).where(Entry.number == publication.number).order_by(Entry.index.desc())
    return session.scalars(of_it.limit(1)).one()


def carried_out(session: Session, cast: Cast, revision: Revision) -> Entry:
    pipeline.approve(session, revision, by=cast.lin)
    entry = pipeline.carry_out(session, revision, by=cast.lin)
    assert entry is not None
    return entry


# ── on paper ─────────────────────────────────────────────────


def recorded(
    app: Flask, session: Session, revision: Revision, people: list[Person], by: Person
) -> SignedSheet:
    store = Store(app.extensions["portal_settings"].evidence_dir)
    sheet = paper.keep(store, "审批表.jpg", PHOTO)
    return paper.record(session, revision, sheet, people, by=by)


def test_one_sheet_signed_by_both_stands_for_both_once_it_was_confirmed(
    app: Flask, session: Session, cast: Cast, result: Publication
) -> None:
    require_signatures(session, cast)
    revision = submitted(session, cast, result)
    signing.begin(session, revision)
    sheet = recorded(app, session, revision, [cast.lin, cast.he], cast.song)
    assert signing.still_missing(session, revision) != []
    with pytest.raises(Refused, match="不能核对自己上传"):
        paper.confirm(session, revision, sheet, by=cast.song)
    paper.confirm(session, revision, sheet, by=cast.zhou)
    entry = carried_out(session, cast, revision)
    assert [(each["role"], each["sheet"]) for each in signatures_in(entry)] == [
        ("head", sheet.sha256),
        ("officer", sheet.sha256),
    ]
    assert what_a_reader_finds_wrong(session, entry) == []


def test_the_head_on_paper_and_the_officer_with_a_key(
    app: Flask, session: Session, cast: Cast, result: Publication
) -> None:
    keys = require_signatures(session, cast)
    revision = submitted(session, cast, result)
    signing.sign(session, revision, keys["he"], by=cast.he)
    sheet = recorded(app, session, revision, [cast.lin], cast.he)
    paper.confirm(session, revision, sheet, by=cast.song)
    assert {each["scheme"] for each in signatures_in(carried_out(session, cast, revision))} == {
        "paper",
        "ed25519",
    }


def test_a_sheet_for_other_words_does_not_count(
    app: Flask, session: Session, cast: Cast, result: Publication
) -> None:
    require_signatures(session, cast)
    revision = submitted(session, cast, result)
    signing.begin(session, revision)
    sheet = recorded(app, session, revision, [cast.lin, cast.he], cast.song)
    paper.confirm(session, revision, sheet, by=cast.zhou)
    sheet.statement = "0" * 64
    with pytest.raises(Refused, match="没有主要负责人的签名"):
        carried_out(session, cast, revision)


def test_the_scan_of_one_sheet_stands_for_no_other_act(
    app: Flask, session: Session, cast: Cast, result: Publication
) -> None:
    require_signatures(session, cast)
    down = to_be_signed(session, cast, result, "withdraw", "先行撤下。")
    paper.confirm(session, down, recorded(app, session, down, [cast.lin, cast.he], cast.song), by=cast.zhou)
    carried_out(session, cast, down)
    back = to_be_signed(session, cast, result, "restore", "核实无误。")
    with pytest.raises(Refused, match="以前登记在内容不同的另一份审批表上"):
        recorded(app, session, back, [cast.lin], cast.song)


def to_be_signed(session: Session, cast: Cast, result: Publication, act: str, reason: str) -> Revision:
    revision = propose(session, cast, result, act, reason)
    pipeline.submit(session, revision, by=cast.he)
    signing.begin(session, revision)
    return revision


def test_what_was_recorded_wrongly_is_taken_back_and_signed_otherwise(
    app: Flask, session: Session, cast: Cast, result: Publication
) -> None:
    keys = require_signatures(session, cast)
    revision = submitted(session, cast, result)
    with pytest.raises(Refused, match="先固定待签内容"):
        recorded(app, session, revision, [cast.lin], cast.he)
    signing.begin(session, revision)
    sheet = recorded(app, session, revision, [cast.lin], cast.he)
    with pytest.raises(Refused, match="已经签过名"):
        recorded(app, session, revision, [cast.lin], cast.he)
    paper.take_back(session, revision, sheet, by=cast.song)
    signing.sign(session, revision, keys["lin"], by=cast.lin)
    assert list(paper.sheets_of(session, revision)) == []


def test_a_sheet_is_a_picture_or_a_pdf_and_stays_in_the_store(
    app: Flask, session: Session, cast: Cast, result: Publication
) -> None:
    store = Store(app.extensions["portal_settings"].evidence_dir)
    with pytest.raises(Refused, match="做成PDF"):
        paper.keep(store, "审批表.txt", "同意".encode())
    revision = submitted(session, cast, result)
    signing.begin(session, revision)
    sheet = recorded(app, session, revision, [cast.lin], cast.he)
    assert paper.named(session, [sheet.stored, sheet.viewable, "0" * 32]) == {sheet.stored, sheet.viewable}


def test_a_reviewer_is_nobody_who_signs_on_paper_either(
    app: Flask, session: Session, cast: Cast, result: Publication
) -> None:
    revision = submitted(session, cast, result)
    signing.begin(session, revision)
    with pytest.raises(Refused, match="宋清和已经签过名，或者不能签这一稿"):
        recorded(app, session, revision, [cast.song], cast.he)


# ── elsewhere ────────────────────────────────────────────────


class OpenSsl:
    """What an officer does with a program that is not ours."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.key = folder, folder / "key.pem"
        self.run("genpkey", "-algorithm", "ed25519", "-out", str(self.key))

    def run(self, *arguments: str) -> bytes:
        return subprocess.run(["openssl", *arguments], check=True, capture_output=True).stdout  # noqa: S603, S607

    def public(self) -> str:
        return self.run("pkey", "-in", str(self.key), "-pubout").decode()

    def sign(self, statement: bytes) -> str:
        said = self.folder / "statement.json"
        said.write_bytes(statement)
        return b64encode(
            self.run("pkeyutl", "-sign", "-rawin", "-inkey", str(self.key), "-in", str(said))
        ).decode()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")
def test_a_key_made_elsewhere_signs_by_a_program_that_is_not_ours(
    tmp_path: Path, session: Session, cast: Cast, result: Publication
) -> None:
    keys, token = require_signatures(session, cast), OpenSsl(tmp_path)
    public = signing_keys.public_key(token.public())
    proof = Elsewhere(token.sign(signing_keys.possession(cast.he, "once")))
    signing_keys.announce(session, cast.he, Offered(public, proof, nonce="once"), by=cast.he)
    revision = submitted(session, cast, result)
    said = signing.begin(session, revision)
    signing.sign(session, revision, Elsewhere(token.sign(said) + "\n"), by=cast.he)
    signing.sign(session, revision, keys["lin"], by=cast.lin)
    assert what_a_reader_finds_wrong(session, carried_out(session, cast, revision)) == []


def test_nobody_registers_a_key_that_is_not_in_their_hands(session: Session, cast: Cast) -> None:
    opened, _offered = signing_keys.generated("签名口令 2026 不是密码")
    theirs = Elsewhere(opened.sign(signing_keys.possession(cast.he, "an earlier one")))
    for signer in (theirs, Elsewhere(""), Elsewhere("bm90IGEgc2lnbmF0dXJl")):
        with pytest.raises(Refused, match="不能证明私钥在您手里"):
            signing_keys.announce(session, cast.he, Offered(opened.key, signer, nonce="now"), by=cast.he)


@pytest.mark.parametrize("text", ["", "AAAA", "不是公钥", "A" * 44, "=" * 44])
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="这不是Ed25519公钥"):
        signing_keys.public_key(text)


def test_a_signature_over_something_else_is_not_taken(
    session: Session, cast: Cast, result: Publication
) -> None:
    keys = require_signatures(session, cast)
    revision = submitted(session, cast, result)
    with pytest.raises(Refused, match="对不上"):
        signing.sign(session, revision, Elsewhere(keys["he"].sign(b"something else")), by=cast.he)


# ── by the answer to an objection ────────────────────────────


def answered(session: Session, cast: Cast, result: Publication, keys: Keys, *, officer: bool) -> Entry:
    case = object_to(session, result)
    objecting.recheck(session, cast, case)
    revision = objecting.correction(session, cast, case)
    if officer:
        signing.sign(session, revision, keys["he"], by=cast.he)
    deciding.draft_decision(session, case, "corrected", "进货查验记录齐全。", by=cast.shen, revision=revision)
    deciding.sign(
        session, case, by=cast.lin, signed_in_at=clock.now(), terms=objecting.terms(session),
        signer=keys["lin"],
    )  # fmt: skip
    session.commit()
    return newest(session, result)


def test_the_head_signs_the_answer_and_the_correction_by_one_act(
    session: Session, cast: Cast, result: Publication
) -> None:
    keys = require_signatures(session, cast)
    answered(session, cast, result, keys, officer=True)
    corrected = session.scalars(sa.select(Entry).where(Entry.type == "correct")).one()
    assert [each["role"] for each in signatures_in(corrected)] == ["head", "officer"]
    assert what_a_reader_finds_wrong(session, corrected) == []


def test_an_answer_that_corrects_is_not_signed_before_an_officer_has(
    session: Session, cast: Cast, result: Publication
) -> None:
    keys = require_signatures(session, cast)
    with pytest.raises(Refused, match="没有另一名经办人的签名"):
        answered(session, cast, result, keys, officer=False)


# ── at the same moment ───────────────────────────────────────


def test_two_who_sign_at_the_same_moment_sign_the_same_words(
    app: Flask, session: Session, cast: Cast, result: Publication
) -> None:
    keys = require_signatures(session, cast)
    revision = submitted(session, cast, result)
    session.commit()

    def signs(name: str) -> None:
        signing.sign(db.session(), db.session.get_one(Revision, revision.id), keys[name], by=person(name))
        db.session.commit()

    at_once(app, lambda: signs("he"), lambda: signs("lin"))
    session.expire_all()
    assert session.scalar(sa.select(sa.func.count()).select_from(RevisionSignature)) == 2
    assert what_a_reader_finds_wrong(session, carried_out(session, cast, revision)) == []


def test_a_key_made_twice_at_the_same_moment_leaves_one_in_force(
    app: Flask, session: Session, cast: Cast
) -> None:
    session.commit()

    def makes() -> None:
        he = person("he")
        signing_keys.announce(db.session(), he, signing_keys.generated("签名口令 2026 不是密码")[1], by=he)
        db.session.commit()

    at_once(app, makes, makes)
    keys = session.scalars(sa.select(SigningKey)).all()
    assert [each.ended_at is None for each in sorted(keys, key=lambda key: key.entry_index)] == [False, True]
