"""Canaries: a secret planted wherever something is withheld is in no byte that the public can reach."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import clock, work
from portal.db import PUBLIC_TABLES, Base, db, open_at
from portal.objections import deciding, following, handling
from portal.objections.models import Document, Objection, ObjectionFile
from portal.publications import duty, pipeline
from portal.publications.kinds import KINDS
from portal.settings import Settings
from tests import examples, objecting
from tests.cast import Cast
from tests.office import carry_through, disclose, withdraw

SECRET = "鸢尾蓝七四一九密"
START = [
    "/",
    "/lists/",
    "/plans/",
    "/tasks/",
    "/results/",
    "/search",
    f"/search?q={quote(SECRET)}",
    "/corrections/",
]
START += [
    "/withdrawals/",
    "/statistics/",
    "/log/",
    "/sitemap.xml",
    "/robots.txt",
    "/feeds/",
    "/healthz",
    "/readyz",
]
START += [
    f"/search?q={quote(SECRET[:2])}",
    f"/entities/{quote(SECRET)}",
    "/?lang=en",
    "/search.atom",
    "/search.rss",
]


def with_secrets(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """The content with the secret in every internal field and in every internal column of its rows."""
    filled = dict(content)
    for field in KINDS[kind].fields:
        if field.type == "rows":
            hidden = {each.name: SECRET for each in field.rows if not each.public}
            filled[field.name] = [row | hidden for row in filled.get(field.name) or []]
        elif not field.public:
            filled[field.name] = SECRET
    return filled


def marked(path: str, text: str) -> dict[str, Any]:
    start = text.index(SECRET)
    span = {"start": start, "end": start + len(SECRET)}
    return {"path": path, **span, "ground": "trade_secret", "basis": "条例第十五条", "by": 0, "note": SECRET}


@pytest.fixture
def planted(session: Session, cast: Cast) -> None:
    """A secret in internal fields, under marks, in drafts, in a whole record withheld, on hold and withdrawn."""
    for kind in KINDS:
        disclose(session, cast, kind, with_secrets(kind, getattr(examples, _maker(kind))()))
    problem = f"使用了{SECRET}配方，已责令改正。"
    content = examples.result(entity_name="示例南商店")
    content["items"] = [content["items"][0] | {"problem": problem}]
    live = disclose(session, cast, "result", content, marks=[marked("items/0/problem", problem)])
    _correct_again(session, cast, live)
    pipeline.draft(session, "result", examples.result(entity_name=SECRET), by=cast.he)
    whole = pipeline.draft(session, "result", examples.result(entity_name=SECRET), by=cast.he)
    whole = pipeline.revise(session, whole, by=cast.he, withheld_ground="state_secret", withheld_basis=SECRET)
    carry_through(session, cast, whole)
    held = disclose(session, cast, "result", examples.result(entity_name=SECRET))
    duty.hold(session, held, by=cast.zhou, reason=SECRET)
    gone = disclose(session, cast, "result", examples.result(entity_name=SECRET))
    withdraw(session, cast, gone, "对象有误。")
    _objections(session, cast, live)
    session.commit()


def _objections(session: Session, cast: Cast, live: Any) -> None:
    """Objections with the secret in everything that the objector and the office wrote, at every stage."""
    typed = {
        "text": SECRET, "objector_name": SECRET, "phone": f"{SECRET}15400000000", "email": f"{SECRET}@example.org",
        "postal_address": SECRET, "entity_name": SECRET, "entity_code": SECRET, "party": "agent",
    }  # fmt: skip
    cases = [
        objecting.object_to(session, live, key=f"{SECRET}{at}", shows_mark=at != 1, **typed)
        for at in range(6)
    ]
    asked, _unmarked, maintained, corrected, withdrawn, refused = cases
    session.add(
        ObjectionFile(
            objection_id=asked.id, purpose="evidence", name=f"{SECRET}.jpg", kind="photo", media_type="image/jpeg",
            size=1, sha256="0" * 64, stored=SECRET, viewable=SECRET, at=asked.filed_at,
        )
    )  # fmt: skip
    handling.ask_supplement(session, asked, [SECRET], by=cast.shen, terms=objecting.terms(session))
    following.add(session, asked, SECRET, [], terms=objecting.terms(session))
    following.withdraw(session, withdrawn, SECRET)
    handling.not_accept(session, refused, "other_body", SECRET, by=cast.lin, passed_to=SECRET)
    for case in (maintained, corrected):
        _answer(session, cast, case, case is corrected)


def _answer(session: Session, cast: Cast, case: Objection, is_wrong: bool) -> None:
    handling.assign(session, case, [cast.shen, cast.lu], by=cast.lin)
    handling.record(session, case, SECRET, by=cast.shen, done_on=clock.today())
    marks, revision = case.publication.revisions[-1].marks, None
    if is_wrong:
        content = case.publication.revisions[-1].content | {"phone": SECRET, "follow_up_note": "复查核实。"}
        revision = pipeline.draft(
            session, "result", content, by=cast.shen, act="correct", publication=case.publication,
            reason="经复查更正。", marks=marks,
        )  # fmt: skip
        pipeline.submit(session, revision, by=cast.shen)
    outcome = "corrected" if is_wrong else "maintained"
    deciding.draft_decision(session, case, outcome, SECRET, by=cast.shen, revision=revision)
    deciding.opine(session, case, SECRET, by=cast.song)
    deciding.sign(session, case, by=cast.lin, signed_in_at=clock.now(), terms=objecting.terms(session))
    deciding.send(session, case, "post", by=cast.shen, evidence=SECRET)
    deciding.deliver(session, case, by=cast.shen, evidence=SECRET)


def _maker(kind: str) -> str:
    return "item_list" if kind == "list" else kind


def _correct_again(session: Session, cast: Cast, live: Any) -> None:
    marks = live.revisions[-1].marks
    content = live.revisions[-1].content | {"phone": SECRET, "follow_up_note": "已经核实。"}
    revision = pipeline.draft(
        session, "result", content, by=cast.he, act="correct", publication=live, reason="漏记", marks=marks
    )
    carry_through(session, cast, revision)


def crawl(visitor: FlaskClient) -> Iterator[tuple[str, int, bytes]]:
    """Every address that a reader can reach by following links from the start."""
    waiting, seen = list(START), set(START)
    while waiting:
        address = waiting.pop()
        answer = visitor.get(address)
        yield address, answer.status_code, str(answer.headers).encode() + answer.data
        for link in _links(answer.data, answer.content_type or ""):
            if _worth_following(link) and link not in seen:
                seen.add(link)
                waiting.append(link)


def _worth_following(link: str) -> bool:
    """Filters can be combined without end: one at a time is enough, and each mode once from the start."""
    path, _, query = link.partition("?")
    foreign = not path.startswith("/") or path.startswith(("/static", "/bootstrap"))
    return not foreign and "display=" not in query and "lang=" not in query and query.count("=") < 2


def _links(body: bytes, content_type: str) -> list[str]:
    if not content_type.startswith("text/html"):
        return []
    page = BeautifulSoup(body, "html.parser")
    return [str(a.get("href")).split("#")[0] for a in page.select("a[href], link[href]")]


def forms(secret: str) -> list[bytes]:
    """The secret as it might travel."""
    full_width = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in secret)
    plain = [secret.encode(code) for code in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")]
    escaped = [json.dumps(secret)[1:-1].encode(), quote(secret).encode(), full_width.encode()]
    return plain + escaped + [base64.b64encode(secret.encode())[:-4]]


def test_no_secret_is_in_any_public_byte(
    app: Flask, settings: Settings, planted: None, session: Session, visitor: FlaskClient
) -> None:
    session.commit()
    work.once(app)
    wanted, pages = forms(SECRET), 0
    receipts = [each.encode() for each in _receipts_and_codes(session)]
    session.commit()
    for address, status, data in crawl(visitor):
        pages += 1
        assert status < 500, address
        said_by_the_reader = quote(SECRET[:2]) in address or SECRET[:2] in address
        found = [form for form in wanted if form in data]
        assert not found or said_by_the_reader, address
        assert not [each for each in receipts if each in data], address
        if said_by_the_reader:
            assert "JG-" not in _hits(data), address
    assert pages > 60
    for file in Path(settings.index_dir).rglob("*"):
        if file.is_file():
            assert not [form for form in wanted if form in file.read_bytes()], file.name


def _receipts_and_codes(session: Session) -> list[str]:
    """What opens a case: the receipt's number beside the code, and each file's own 文号 but that of a 更正公告."""
    receipts = list(session.scalars(sa.select(Objection.receipt)))
    codes = [following.code_for(objecting.SECRET, f"{SECRET}{at}") for at in range(len(receipts))]
    papers = session.scalars(sa.select(Document.number).where(Document.kind != "correction"))
    assert len(receipts) == 6
    return [*receipts, *codes, *papers]


def _hits(data: bytes) -> str:
    page = BeautifulSoup(data, "html.parser")
    return " ".join(hit.get_text() for hit in page.select(".hit"))


def test_the_public_connection_can_read_public_tables_and_no_others(
    app: Flask, planted: None, session: Session
) -> None:
    session.commit()
    with app.app_context():
        open_at("public")
        for name, table in Base.metadata.tables.items():
            if name in PUBLIC_TABLES:
                db.session.execute(sa.select(table).limit(1))
                continue
            with pytest.raises(sa.exc.DBAPIError):
                db.session.execute(sa.select(table).limit(1))
            db.session.rollback()


def test_the_public_connection_can_not_write(app: Flask) -> None:
    with app.app_context():
        open_at("public")
        with pytest.raises(sa.exc.DBAPIError):
            db.session.execute(sa.text("UPDATE faces SET title = 'x'"))


def test_no_secret_is_in_any_table_that_the_public_connection_reads(
    app: Flask, planted: None, session: Session
) -> None:
    session.commit()
    with app.app_context():
        open_at("public")
        for name in PUBLIC_TABLES:
            for row in db.session.execute(sa.select(Base.metadata.tables[name])):
                assert SECRET not in repr(tuple(row)), name
