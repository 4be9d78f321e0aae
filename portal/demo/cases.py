"""One invented objection on its way: who files it, and each act of its life by whoever does that act."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from portal import clock
from portal.demo import signing
from portal.demo.afterwards import changed
from portal.demo.pictures import receipt
from portal.demo.results import Sheet
from portal.demo.world import World
from portal.files import Store
from portal.objections import deciding, filing, following, handling, keeping
from portal.objections.filing import Filing
from portal.objections.models import Objection, ObjectionFile
from portal.people.models import Person
from portal.publications import duty, pipeline


def key_of(name: str) -> str:
    """The form's key of a case of the demo. Anybody may know it: nothing here is anybody's."""
    return f"demo objection {name}"


class Case:
    """A row of ``objections.csv`` on a result of the demo."""

    def __init__(self, world: World, row: Mapping[str, str], sheet: Sheet) -> None:
        self._world = world
        self.row = row
        self.sheet = sheet
        self._problem = next((each["problem"] for each in sheet.raw["items"] if each["problem"]), "")

    # ── who and what ─────────────────────────────────────────────

    @property
    def objection(self) -> Objection:
        found = filing.received(self._world.session, key_of(self.row["key"]))
        if found is None:
            raise LookupError(f"the demo's case {self.row['key']} was not filed")
        return found

    def _person(self, role: str) -> Person:
        return self._world.staff.person(self.sheet.department, role)

    def _officer(self) -> Person:
        """Who writes down the re-check: the first of those who do it."""
        return min(self.objection.rechecking, key=lambda each: each.id)

    def _own_officer(self) -> Person:
        """Who may write a correction: the neighbour's people re-check, the department's own drafter writes."""
        officer = self._officer()
        return officer if officer.department_code == self.sheet.department else self._person("drafter")

    def _says(self, name: str) -> str:
        return self.row[name].replace("{problem}", self._problem.rstrip("。"))

    def _flag(self, name: str) -> bool:
        return name in self.row["flags"].split()

    # ── filing ───────────────────────────────────────────────────

    def file(self) -> None:
        """Online by the objector; at the counter, by post and orally it is entered by staff."""
        world, key = self._world, key_of(self.row["key"])
        by = None if self.row["channel"] == "online" else self._person("drafter")
        code = following.code_for(world.settings.secret_key, key)
        filing.file(
            world.session, self._filing(), list(self._papers(by)), key=key, code_hash=following.seal(code),
            terms=world.terms, by=by,
        )  # fmt: skip

    def _filing(self) -> Filing:
        row = self.row
        return Filing(
            result_number=self._world.publication(self.sheet.key).number or "",
            grounds=tuple(row["grounds"].split()),
            text=self._says("text"),
            party=row["party"],
            entity_code=self.sheet.raw["entity_code"],
            objector_name=row["objector"],
            phone=row["phone"],
            email=row["email"],
            postal_address=row["address"],
            channel=row["channel"],
            received_on=None if row["channel"] == "online" else self.filed_on,
            read_back=self._flag("read_back"),
            shows_mark=not self._flag("no_mark"),
            electronic=self._flag("electronic"),
            language="en" if self._flag("english") else "zh",
        )

    @property
    def filed_on(self) -> date:
        return self._world.days.ago(int(self.row["ago"]))

    def _papers(self, by: Person | None) -> Iterator[ObjectionFile]:
        if self._flag("photo"):
            yield from self._kept("照片.jpg", "evidence", by)
        if self._flag("authority"):
            yield from self._kept("授权委托书.jpg", "authority", by)

    def _kept(self, name: str, purpose: str, by: Person | None = None) -> list[ObjectionFile]:
        store = Store(self._world.settings.evidence_dir)
        drawn = receipt(f"{self.row['key']} {purpose}")
        return keeping.keep(store, [(name, drawn)], purpose=purpose, by=by)

    # ── the office ───────────────────────────────────────────────

    def identify(self, _: str, note: str) -> None:
        handling.identify(self._world.session, self.objection, by=self._person("drafter"), note=note)

    def ask(self, _: str, __: str) -> None:
        wanted = self.row["wanted"].split("|")
        by, terms = self._person("recheck"), self._world.terms
        handling.ask_supplement(self._world.session, self.objection, wanted, by=by, terms=terms)

    def go_on(self, _: str, __: str) -> None:
        handling.go_on(self._world.session, self.objection, by=self._person("recheck"))

    def not_accept(self, ground: str, note: str) -> None:
        handling.not_accept(
            self._world.session, self.objection, ground, self.row["reasons"], by=self._person("head"),
            passed_to=note,
        )  # fmt: skip

    def dispense(self, kind: str, note: str) -> None:
        handling.dispense(self._world.session, self.objection, kind, note, by=self._person("head"))

    def assign(self, usernames: str, _: str) -> None:
        people = [self._world.staff.named(each) for each in usernames.split("+")]
        handling.assign(self._world.session, self.objection, people, by=self._person("head"))

    def aside(self, username: str, note: str) -> None:
        by = self._world.staff.named(username)
        handling.step_aside(self._world.session, self.objection, note, by=by)

    def record(self, where: str, _: str) -> None:
        case = self.objection
        handling.record(
            self._world.session, case, self._says("found"), by=self._officer(), done_on=clock.today(),
            present=case.rechecking, on_the_spot=where == "spot",
        )  # fmt: skip

    def amend(self, _: str, __: str) -> None:
        """The correction that the decision will carry out, written and handed over to the head."""
        world, by = self._world, self._own_officer()
        newest = world.newest(self.sheet.key)
        draft = pipeline.draft(
            world.session, "result", self._amended(newest.content), by=by, act="correct",
            publication=newest.publication, marks=newest.marks, dismissed=newest.dismissed, reason=f"经异议复查：{self.row['reasons']}",
        )  # fmt: skip
        pipeline.submit(world.session, draft, by=by)

    def _amended(self, content: dict[str, Any]) -> dict[str, Any]:
        at = next(at for at, each in enumerate(content["items"]) if each["problem"])
        for each in self.row["changes"].split("|"):
            path, words = each.replace("{at}", str(at)).split("=", 1)
            content = changed(self._world, content, path, words)
        return content

    def draft(self, outcome: str, _: str) -> None:
        revision = None if outcome == "maintained" else self._world.newest(self.sheet.key)
        deciding.draft_decision(
            self._world.session, self.objection, outcome, self.row["reasons"], by=self._officer(),
            revision=revision,
        )  # fmt: skip

    def opine(self, _: str, __: str) -> None:
        opinion = "程序合法，认定清楚，理由充分，同意拟办意见。"
        deciding.opine(self._world.session, self.objection, opinion, by=self._person("reviewer"))

    def send_back(self, _: str, note: str) -> None:
        deciding.send_back(self._world.session, self.objection, note, by=self._person("head"))

    def sign(self, _: str, __: str) -> None:
        world, case, by = self._world, self.objection, self._person("head")
        if case.decision is not None and case.decision.revision is not None:
            signing.sign(world.session, case.decision.revision, world.staff, world.keys, "drafter")
        deciding.sign(
            world.session, case, by=by, signed_in_at=clock.now(), terms=world.terms,
            signer=world.keys[by.username],
        )  # fmt: skip

    def send(self, method: str, _: str) -> None:
        deciding.send(self._world.session, self.objection, method, by=self._person("drafter"))

    def deliver(self, _: str, note: str) -> None:
        deciding.deliver(self._world.session, self.objection, by=self._person("drafter"), evidence=note)

    def close(self, _: str, __: str) -> None:
        deciding.close(self._world.session, self.objection, by=self._person("drafter"))

    # ── the duty officer's night ─────────────────────────────────

    def hold(self, _: str, note: str) -> None:
        publication = self._world.publication(self.sheet.key)
        duty.hold(self._world.session, publication, by=self._person("duty"), reason=note)

    def confirm_hold(self, _: str, __: str) -> None:
        publication = self._world.publication(self.sheet.key)
        waiting = duty.unconfirmed(self._world.session, self.sheet.department)
        held = next(each for each in waiting if each.publication_id == publication.id)
        duty.confirm_hold(self._world.session, held, by=self._person("head"))

    # ── the objector ─────────────────────────────────────────────

    def supplement(self, _: str, __: str) -> None:
        files = self._kept("补充材料.jpg", "supplement")
        following.add(self._world.session, self.objection, self.row["reply"], files, terms=self._world.terms)

    add = supplement

    def withdraw(self, _: str, __: str) -> None:
        following.withdraw(self._world.session, self.objection, self.row["reply"])

    def acknowledge(self, _: str, __: str) -> None:
        following.acknowledge(self._world.session, self.objection)
