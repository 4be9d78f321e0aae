"""The walk: from each rule of the URL map to a page that somebody in the demo has before them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from portal.db import db, open_at
from portal.demo import objections, prior_notices
from portal.demo.office import PASSWORD
from portal.publications.kinds import KINDS
from portal.publications.models import Face
from portal.settings import Settings
from portal.web.rendering import permalink
from tests.conftest import csrf_token
from tests.walking.examples import values_of

NOBODY, OBJECTOR = "", "objector"
# one for each thing that somebody may be, in the order in which a page is tried
STAFF = (
    "hezhiyuan",  # drafter
    "songqinghe",  # reviewer
    "linwangshu",  # head
    "shenyiheng",  # re-checks
    "zhouyining",  # on duty
    "gunanxing",  # coordinator
    "jiangyingxue",  # system administrator
    "zhongmingyuan",  # security administrator
    "qiaoanran",  # auditor
    "qimubai",  # reviewer of another department
)
STATIC = {"static", "bootstrap.static"}
ROOMS = {"staff": STAFF, "entity": (OBJECTOR, NOBODY), "public": (NOBODY,)}

# pages of a rule beside its first, and pages that no rule has: (address, who has it before them)
BESIDE = (
    ("/search?q=示例", NOBODY), ("/search?q=没有这样的企业名称", NOBODY), ("/search?kind=result&outcome=5", NOBODY),
    ("/search?outcome=x", NOBODY), ("/results/?outcome=x", NOBODY), ("/results/?year=1999", NOBODY), ("/results/?page=3", NOBODY),
    ("/no/such", NOBODY), ("/results/JG-2026-999999", NOBODY), ("/entities/91339900ZZZZZZZZZ9", NOBODY),
    ("/calendar/?start=2026-11-23&days=20", NOBODY), ("/calendar/?start=x&days=1", NOBODY),
    ("/objections/", NOBODY), ("/objections/YY-2026-9999", NOBODY), ("/staff/no/such", "hezhiyuan"), ("/staff/people/", "hezhiyuan"),
    ("/staff/sign-in", NOBODY),
    *((f"/staff/revisions/new?kind={kind}", "hezhiyuan") for kind in KINDS), *(("/staff/", each) for each in STAFF),
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    """One page as somebody has it before them."""

    rule: str
    path: str
    who: str
    status: int = 200
    html: bytes = field(default=b"", repr=False)

    def __str__(self) -> str:
        return f"{self.path} ({self.who or 'a reader'})"

    def shown(self, **choices: str) -> str:
        """Its address in another language or display."""
        more = "&".join(f"{name}={value}" for name, value in choices.items() if value)
        return f"{self.path}{'&' if '?' in self.path else '?'}{more}" if more else self.path


@dataclass
class Walk:
    """A demo, the people in it, and every page that the URL map leads to."""

    app: Flask
    settings: Settings
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    without_example: dict[str, str] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)

    def go(self) -> "Walk":
        """Sign everybody in and find every page, once."""
        with self.app.app_context():
            open_at("reads")
            session = db.session()
            told = self.let_everybody_in(session)
            by_path = {(page.path, page.who): page for page in self._found(session, told)}
            for path, who in (*BESIDE, *_in_every_state(session)):
                by_path.setdefault((path, who), self._page(path, who))
            session.rollback()
        self.pages = [replace(page, rule=self._rule(page.path)) for page in by_path.values() if page.html]
        for page in self.pages:
            self.without_example.pop(page.rule, None)
        return self

    def room(self, page: Page) -> str:
        """Whose it is: public, entity, staff."""
        room = page.rule.partition(".")[0]
        return room if room in ROOMS else "public"

    def in_english(self, page: Page) -> Page:
        """The same page for a reader of English."""
        path = page.shown(lang="en")
        return replace(self._page(path, page.who), rule=page.rule)

    def cookies(self, who: str) -> list[dict[str, str]]:
        """What the browser of somebody holds who has these pages before them."""
        held = self.clients[who]._cookies.values() if who in self.clients else ()
        return [{"name": each.key, "value": each.value, "path": each.path} for each in held]

    def let_everybody_in(self, session: Session) -> Mapping[str, Sequence[str]]:
        """Sign in whoever works here, open what objectors were told of; gives receipts and handles."""
        self.clients = {who: self.app.test_client() for who in (NOBODY, OBJECTOR, *STAFF)}
        for who in STAFF:
            _sign_in(self.clients[who], who)
        follow = objections.to_follow(session, self.settings)
        links = prior_notices.told(session, self.settings)
        for each in follow:
            _open_case(self.clients[OBJECTOR], each.receipt, each.code)
        for link in links:
            self.clients[OBJECTOR].get(link.removeprefix(self.settings.base_url))
        return {
            "receipt": [each.receipt for each in follow],
            "handle": [link.rsplit("/", 1)[1] for link in links],
        }

    def _found(self, session: Session, told: Mapping[str, Sequence[str]]) -> Iterator[Page]:
        for rule in self.app.url_map.iter_rules():
            if rule.endpoint in STATIC or "GET" not in (rule.methods or ()):
                continue
            found = list(self._pages_of(session, rule, told))
            if not found:
                self.without_example[rule.endpoint] = rule.rule
            yield from (page for page in found if page.html)

    def _pages_of(self, session: Session, rule: Rule, told: Mapping[str, Sequence[str]]) -> Iterator[Page]:
        """One page for each word that the address itself names; an empty one stands for something that is no page."""
        seen: set[object] = set()
        people = ROOMS.get(rule.endpoint.partition(".")[0], (NOBODY,))
        for parts in values_of(session, rule, told):
            kind = tuple(parts[name] for name, any_of in rule._converters.items() if hasattr(any_of, "items"))
            if kind in seen:
                continue
            built = rule.build(parts, append_unknown=False)
            assert built is not None, f"{rule} is not built by {parts}"
            page = next((page for who in people if (page := self._page(built[1], who)).status == 200), None)
            if page is not None:
                seen.add(kind)
                yield page

    def _page(self, path: str, who: str) -> Page:
        came = self.clients[who].get(path)
        is_page = (
            came.mimetype == "text/html" and came.status_code not in (301, 302, 303) and came.data.strip()
        )
        return Page("", path, who, came.status_code, came.data if is_page else b"")

    def _rule(self, path: str) -> str:
        with self.app.test_request_context(path) as here:
            return here.request.endpoint or "none"


def _in_every_state(session: Session) -> Iterator[tuple[str, str]]:
    """One record of each kind in each state that it may show."""
    states = sa.select(sa.func.max(Face.number)).group_by(Face.kind, Face.face, Face.corrected, Face.outcomes)
    for number in session.scalars(states):
        yield permalink(number), NOBODY


def _sign_in(client: FlaskClient, username: str) -> None:
    token = csrf_token(client.get("/staff/sign-in").text)
    form = {"username": username, "password": PASSWORD, "csrf_token": token}
    answer = client.post("/staff/sign-in", data=form)
    assert answer.status_code in (302, 303), f"{username} is not let in"


def _open_case(client: FlaskClient, receipt: str, code: str) -> None:
    token = csrf_token(client.get("/objections/").text)
    client.post("/objections/", data={"receipt": receipt, "code": code, "csrf_token": token})
