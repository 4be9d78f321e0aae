"""The log for programs, and the proofs that readers and objectors keep."""

import json
from base64 import b64decode
from hashlib import sha256

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.ledger.checkpoints import Checkpoint
from portal.ledger.entry import read_entry
from portal.ledger.hashing import leaf_hash
from portal.ledger.notes import Note, VerifierKey, open_note
from portal.ledger.tiles import tiles_of, unpack_entries, unpack_hashes
from portal.ledger.tlog_proofs import TlogProof
from portal.ledger.trees import Tree
from portal.publications.models import Publication
from tests.cast import Cast
from tests.doors.objectors_room import SAID, Shopkeeper
from tests.doors.public_room import Page, words
from tests.office import correct, withdraw
from tests.signing import LOG_KEY


def key_of(visitor: FlaskClient) -> VerifierKey:
    return VerifierKey.parse(visitor.get("/log/key").text)


def checkpoint_of(visitor: FlaskClient) -> Checkpoint:
    note = Note.parse(visitor.get("/log/checkpoint").data)
    assert open_note(note, [key_of(visitor)])
    return Checkpoint.parse(note.text)


@pytest.mark.both_databases
def test_the_whole_log_can_be_fetched_and_worked_out_again(visitor: FlaskClient, result: Publication) -> None:
    checkpoint = checkpoint_of(visitor)
    got = {tile.path: visitor.get(f"/log/tile/{tile.path}") for tile in tiles_of(checkpoint.size)}
    assert {each.status_code for each in got.values()} == {200}
    assert {each.headers["Content-Type"] for each in got.values()} == {"application/octet-stream"}
    assert all("immutable" in each.headers["Cache-Control"] for each in got.values())
    width = f".p/{checkpoint.size}"
    hashes = unpack_hashes(got[f"0/000{width}"].data)
    assert [*map(leaf_hash, unpack_entries(got[f"entries/000{width}"].data))] == hashes
    assert Tree(checkpoint.size, lambda _level, _number: hashes).root() == checkpoint.root


def test_every_checkpoint_that_was_published_stays(visitor: FlaskClient, result: Publication) -> None:
    size = checkpoint_of(visitor).size
    assert visitor.get(f"/log/checkpoints/{size}").data == visitor.get("/log/checkpoint").data
    assert visitor.get(f"/log/checkpoints/{size + 1}").status_code == 404


def test_what_was_never_signed_is_not_there(visitor: FlaskClient, result: Publication) -> None:
    size = checkpoint_of(visitor).size
    for path in (
        f"0/000.p/{size + 1}",
        "0/000",
        "1/000.p/1",
        "entries/001.p/1",
        "0/x001/000",
        "x",
        "0/000.p/0",
    ):
        assert visitor.get(f"/log/tile/{path}").status_code == 404, path


def test_a_portal_without_a_key_says_so_and_offers_no_proof(visitor: FlaskClient, page: Page) -> None:
    assert visitor.get("/log/checkpoint").status_code == 404
    assert visitor.get("/log/key").status_code == 404
    assert "还没有签名密钥" in words(page("/log/"))


def test_every_record_offers_the_proof_of_its_newest_act(
    visitor: FlaskClient, page: Page, result: Publication
) -> None:
    soup = page(f"/results/{result.number}")
    link = soup.find("a", string="下载证明")
    assert link and link["href"] == f"/results/{result.number}/proof"
    answer = visitor.get(str(link["href"]))
    assert f"{result.number}.tlog-proof" in answer.headers["Content-Disposition"]
    proof = TlogProof.parse(answer.data)
    assert proof.check([LOG_KEY.verifier]).size == checkpoint_of(visitor).size
    record = visitor.get(f"/results/{result.number}/record.json").data
    said = read_entry(proof.entry)
    assert (said["number"], said["record"]) == (result.number, sha256(record).hexdigest())


def test_an_earlier_version_has_the_proof_of_its_own_act(
    session: Session, visitor: FlaskClient, cast: Cast, result: Publication
) -> None:
    correct(session, cast, result, "登记的门牌号码有误。")
    session.commit()
    first, second = (
        read_entry(TlogProof.parse(visitor.get(f"/results/{result.number}{path}").data).entry)
        for path in ("/versions/1/proof", "/proof")
    )
    assert (first["type"], first["version"], second["type"], second["version"]) == (
        "publish",
        1,
        "correct",
        2,
    )


def test_what_was_taken_down_can_still_be_shown_to_have_been_taken_down(
    session: Session, visitor: FlaskClient, cast: Cast, page: Page, result: Publication
) -> None:
    withdraw(session, cast, result, "检查对象有误。")
    session.commit()
    answer = visitor.get(f"/results/{result.number}")
    assert answer.status_code == 410 and f"/results/{result.number}/proof" in answer.text
    assert (
        read_entry(TlogProof.parse(visitor.get(f"/results/{result.number}/proof").data).entry)["type"]
        == "withdraw"
    )


def test_the_page_of_the_log_tells_the_key_and_how_to_check(
    visitor: FlaskClient, page: Page, result: Publication
) -> None:
    soup = page("/log/")
    assert str(LOG_KEY.verifier) in words(soup)
    assert soup.find("a", href="/log/checkpoint") and soup.select_one("#check li")


def test_a_line_of_the_log_has_an_address(page: Page, result: Publication) -> None:
    link = page(f"/results/{result.number}").select_one("a[href^='/log/?line=']")
    assert link
    address, _sharp, anchor = str(link["href"]).partition("#")
    assert result.number in words(page(address).find(id=anchor))  # type: ignore[arg-type]
    assert "没有第“9999”号" in words(page("/log/?line=9999", 400))


def test_a_receipt_is_a_proof_that_the_objector_keeps(
    visitor: FlaskClient, session: Session, result: Publication
) -> None:
    shopkeeper = Shopkeeper(visitor, session, result.number or "")
    receipt, _code = shopkeeper.file()
    page = visitor.get(f"/objections/{receipt}/receipt")
    assert f"/objections/{receipt}/proof" in page.text
    proof = TlogProof.parse(visitor.get(f"/objections/{receipt}/proof").data)
    assert proof.check([LOG_KEY.verifier])
    (disclosure,) = proof.disclosures
    said = read_entry(proof.entry)
    assert said["type"] == "objection_received"
    hashed = sha256(disclosure.encode()).digest()
    assert b64decode(f"{said['commitments'][0]}=", altchars=b"-_") == hashed
    _salt, name, facts = json.loads(b64decode(disclosure + "=" * (-len(disclosure) % 4), altchars=b"-_"))
    assert (name, facts["receipt"], facts["text"]) == ("filing", receipt, sha256(SAID.encode()).hexdigest())


def test_a_receipt_proof_is_shown_only_to_who_has_the_code(
    visitor: FlaskClient, session: Session, result: Publication
) -> None:
    receipt, _code = Shopkeeper(visitor, session, result.number or "").file()
    visitor.delete_cookie("portal_objection", path="/objections")
    answer = visitor.get(f"/objections/{receipt}/proof")
    assert "tlog-proof" not in answer.text and "查询码" in answer.text
