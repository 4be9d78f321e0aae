"""No order of acts breaks the life of an objection: whoever tries whatever, whenever, again and again.

What must hold is written here a second time, from the rules and not from the code: who may sign, which act
ends which clock, which state follows which. Each example is one case in one transaction that is rolled back.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Refused
from portal.ledger import book
from portal.ledger.models import Entry
from portal.objections import deciding, filing, following, handling
from portal.objections.models import Contest
from portal.publications import pipeline
from portal.publications.models import Face, Publication, Revision
from tests import objecting
from tests.cast import Cast

WHO = st.sampled_from("he song lin shen lu bai zhou fang qin tang gu".split())
PAIR = st.lists(WHO, min_size=1, max_size=3, unique=True)

# state → the states that may come next, by the design's life of an objection
FOLLOWS = {
    "received": {"supplement_asked", "rechecking", "not_accepted", "passed_on", "withdrawn"},
    "supplement_asked": {"supplemented", "not_supplemented", "rechecking", "not_accepted", "passed_on", "withdrawn"},
    "supplemented": {"rechecking", "not_accepted", "passed_on", "withdrawn"},
    "not_supplemented": {"rechecking", "not_accepted", "passed_on", "withdrawn"},
    "rechecking": {"decision_drafted", "withdrawn"},
    "decision_drafted": {"rechecking", "signed", "withdrawn"},
    "signed": {"delivered"},
    "delivered": {"closed"},
    "closed": set(),
    "not_accepted": set(),
    "passed_on": set(),
    "withdrawn": set(),
}  # fmt: skip

SIGNED, ELSE = {"signed", "delivered", "closed"}, {"not_accepted", "passed_on", "withdrawn"}


class Case(RuleBasedStateMachine):
    """One objection, and everybody who might do something about it."""

    reached: Counter[str] = Counter()  # how many examples got to each state or outcome

    def __init__(self, session: Session, cast: Cast, result: Publication) -> None:
        super().__init__()
        self.session, self.cast, self.result = session, cast, result
        self.now = clock.now() + timedelta(minutes=1)
        self.known = 0
        self.state = ""
        self.version = session.get_one(Face, result.number).version
        self.proposed = 0

    @initialize(
        marked=st.booleans(),
        electronic=st.booleans(),
        outcome=st.sampled_from(["maintained", "corrected"]),
        acts=st.integers(0, 9),
    )
    def file(self, marked: bool, electronic: bool, outcome: str, acts: int) -> None:
        """An objection, and some acts as they should be: trouble begins at any point of its life."""
        with clock.at(self.now):
            said = objecting.filed(self.result, shows_mark=marked, electronic=electronic)
            self.case = filing.file(
                self.session, said, key=f"{id(self)}", code_hash="-", terms=objecting.terms(self.session)
            )
        self.known, self.state = 1, "received"
        for act in range(acts):
            self.the_next_act_as_it_should_be(outcome, thorough=act % 2 == 0 and marked)

    def attempt(self, act: Callable[[], Any]) -> None:
        """Try it; one that is refused leaves nothing behind."""
        before = len(self.steps())
        savepoint = self.session.begin_nested()
        try:
            with clock.at(self.now):
                act()
            self.session.flush()
        except Refused:
            savepoint.rollback()
            self.session.expire_all()
            assert len(self.steps()) == before
            return
        savepoint.commit()
        self.session.expire_all()
        self.known += 1
        assert len(self.steps()) == self.known, "each act is one step, no more and no less"
        if self.case.state != self.state:
            assert self.case.state in FOLLOWS[self.state], f"{self.state} → {self.case.state}"
            self.state = self.case.state

    def steps(self) -> list[Any]:
        self.session.expire(self.case, ["steps"])
        return list(self.case.steps)

    def who(self, name: str) -> Any:
        return getattr(self.cast, name)

    # ── as it should go ─────────────────────────────────────────────────────

    @rule(outcome=st.sampled_from(["maintained", "corrected"]), thorough=st.booleans())
    def the_next_act_as_it_should_be(self, outcome: str, thorough: bool) -> None:
        case, cast, session = self.case, self.cast, self.session
        if outcome == "corrected" and case.state == "rechecking" and self.correction() is None:
            self.somebody_proposes_a_correction("shen")
        officer = case.rechecking[0] if case.rechecking else cast.shen
        terms, today = objecting.terms(session), clock.shanghai_date(self.now)
        acts: dict[str, Callable[[], Any]] = {
            "rechecking": lambda: (
                handling.record(session, case, "查过了", by=officer, done_on=today)
                if case.recheck is None
                else deciding.draft_decision(
                    session, case, outcome, "理由", by=officer, revision=self.correction()
                )
            ),
            "decision_drafted": lambda: deciding.sign(
                session, case, by=cast.lin, signed_in_at=self.now, terms=terms
            ),
            "signed": lambda: (
                deciding.deliver(session, case, by=officer, evidence="签收")
                if case.deliveries
                else deciding.send(session, case, "hand", by=officer)
            ),
            "delivered": lambda: deciding.close(session, case, by=cast.shen),
        }
        if thorough:
            acts["received"] = lambda: handling.ask_supplement(
                session, case, ["进货单"], by=cast.shen, terms=terms
            )
        self.attempt(
            acts.get(case.state, lambda: handling.assign(session, case, [cast.shen, cast.lu], by=cast.lin))
        )

    @rule(by=st.sampled_from(["he", "shen", "lu", "song"]))
    def somebody_proposes_a_correction(self, by: str) -> None:
        """Not an act on the case: a draft on the publication."""
        self.proposed += 1
        content = self.result.revisions[0].content | {"follow_up_note": f"更正{self.proposed}"}
        savepoint = self.session.begin_nested()
        try:
            with clock.at(self.now):
                revision = pipeline.draft(
                    self.session, "result", content, by=self.who(by), act="correct",
                    publication=self.result, reason="有误",
                )  # fmt: skip
                pipeline.submit(self.session, revision, by=self.who(by))
            savepoint.commit()
        except Refused:
            savepoint.rollback()
        self.session.expire_all()

    def correction(self) -> Revision | None:
        waiting = [each for each in self.result.revisions if each.state == "submitted"]
        return waiting[-1] if waiting else None

    # ── whoever tries whatever ──────────────────────────────────────────────

    @rule(days=st.integers(0, 12))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days, minutes=1)

    @rule(act=st.sampled_from(["supplement", "withdraw", "acknowledge"]), often=st.integers(0, 5))
    def the_objector_does(self, act: str, often: int) -> None:
        session, case, terms = self.session, self.case, objecting.terms(self.session)
        if act == "supplement":
            self.attempt(lambda: following.add(session, case, "补上了", [], terms=terms))
        elif act == "acknowledge" and case.electronic:
            self.attempt(lambda: following.acknowledge(session, case))
        elif act == "withdraw" and often == 0:  # else hardly any case would get far
            self.attempt(lambda: following.withdraw(session, case, ""))

    @rule(
        act=st.sampled_from(
            "identify ask go_on dispense assign step_aside record draft opine back send deliver close".split()
        ),
        by=WHO,
        people=PAIR,
        word=st.sampled_from(
            ["neighbour", "exception", "corrected", "maintained", "electronic", "post", "whim"]
        ),
    )
    def somebody_tries(self, act: str, by: str, people: list[str], word: str) -> None:
        session, case, who, chosen = (
            self.session,
            self.case,
            self.who(by),
            [self.who(each) for each in people],
        )
        terms, today = objecting.terms(session), clock.shanghai_date(self.now)
        tries: dict[str, Callable[[], Any]] = {
            "identify": lambda: handling.identify(session, case, by=who, note="核对了执照"),
            "ask": lambda: handling.ask_supplement(session, case, ["进货单"], by=who, terms=terms),
            "go_on": lambda: handling.go_on(session, case, by=who),
            "dispense": lambda: handling.dispense(session, case, word, "人手不够", by=who),
            "assign": lambda: handling.assign(session, case, chosen, by=who),
            "step_aside": lambda: handling.step_aside(session, case, "是亲属", by=who),
            "record": lambda: handling.record(session, case, "查过", by=who, done_on=today, present=chosen, on_the_spot=True),
            "draft": lambda: deciding.draft_decision(session, case, word, "理由", by=who, revision=self.correction()),
            "opine": lambda: deciding.opine(session, case, "没有意见", by=who),
            "back": lambda: deciding.send_back(session, case, "重拟", by=who),
            "send": lambda: deciding.send(session, case, word, by=who),
            "deliver": lambda: deciding.deliver(session, case, by=who, evidence="签收"),
            "close": lambda: deciding.close(session, case, by=who),
        }  # fmt: skip
        self.attempt(tries[act])

    @rule(by=WHO, ground=st.sampled_from(["not_party", "other_body", "same_grounds", "papers_missing"]))
    def somebody_will_not_take_it_on(self, by: str, ground: str) -> None:
        if by != "lin" or self.known % 4 == 0:  # else hardly any case would get far
            self.attempt(
                lambda: handling.not_accept(
                    self.session, self.case, ground, "理由", by=self.who(by), passed_to="示例机关"
                )
            )

    @rule(by=WHO, fresh=st.booleans())
    def somebody_signs(self, by: str, fresh: bool) -> None:
        signed_in: datetime = self.now if fresh else self.now - timedelta(hours=1)
        terms, before = objecting.terms(self.session), self.case.state
        self.attempt(
            lambda: deciding.sign(
                self.session, self.case, by=self.who(by), signed_in_at=signed_in, terms=terms
            )
        )
        if before == "decision_drafted" and self.case.state == "signed":
            assert fresh, "a signature needs the password given just now"

    # ── what always holds ───────────────────────────────────────────────────

    @invariant()
    def the_steps_are_the_story(self) -> None:
        steps = self.steps()
        assert len(steps) == self.known
        assert (steps[-1].id, steps[-1].state) == (self.case.step_id, self.case.state)

    @invariant()
    def each_clock_ends_on_its_own_act_and_has_a_basis(self) -> None:
        acts = [step.act for step in self.steps()]
        for term in self.case.terms:
            assert term.basis and term.basis_kind in ("clause", "promise") and term.due >= term.starts_on
        recheck, feedback = self.case.term("recheck"), self.case.term("feedback")
        assert recheck is not None
        assert (recheck.met_on is not None) == ("sign" in acts)
        running = [each.name for each in self.case.terms if each.runs]
        assert "supplement_reply" not in running or self.case.state not in SIGNED | ELSE
        assert (recheck.void_on is not None) == (self.case.state in ELSE)
        assert (feedback is not None) == ("sign" in acts)
        assert feedback is None or (feedback.met_on is not None) == ("deliver" in acts)
        if "sign" in acts:
            signed = next(step for step in self.steps() if step.act == "sign")
            assert recheck.met_on == clock.shanghai_date(signed.at)
            assert feedback is not None and feedback.starts_on == recheck.met_on

    @invariant()
    def duties_are_separate(self) -> None:
        decision = self.case.decision
        officers = {each.person.username for each in self.case.officers}
        assert not officers & {"linwangshu", "hezhiyuan"}, "the head signs; he drafted and has no such role"
        assert not officers or len(officers) >= 2
        if self.case.state not in SIGNED:
            assert decision is None or decision.signed_by is None
            return
        assert decision is not None and decision.signed_by is not None
        signer = decision.signed_by
        assert signer.username == "linwangshu", "only the head of the department that inspected"
        assert signer.username not in officers and decision.drafted_by.username in officers
        assert len(self.case.rechecks) > 0
        if decision.revision is not None:
            assert decision.revision.author_id != signer.id

    @invariant()
    def the_public_record_says_the_same(self) -> None:
        face = self.session.get_one(Face, self.result.number)
        decision = self.case.decision
        corrected = self.case.state in SIGNED and decision is not None and decision.outcome != "maintained"
        assert face.version == self.version + (1 if corrected else 0), "no correction but by a signature"
        ended = self.session.query(Entry).filter(Entry.index == self.case.ended_index).all()
        assert bool(self.case.outcome) == (self.case.state in SIGNED | ELSE)
        quiet = not self.case.shows_mark and self.case.state == "signed"  # told once it is delivered
        assert bool(ended) == (bool(self.case.outcome) and not quiet)
        contest = self.session.get(Contest, self.case.entry_index)
        assert (contest is not None) == self.case.shows_mark
        if contest is not None:
            assert contest.outcome == self.case.outcome

    def teardown(self) -> None:
        self.reached.update({*(step.state for step in self.steps()), self.case.outcome})
        assert not book.check(self.session)
        self.session.rollback()
