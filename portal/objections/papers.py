"""What a numbered paper says: the facts frozen when it was issued, and how its days were counted.

The pages of every room print from a :class:`Sheet`; the templates are in ``templates/papers``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.codes.models import Department
from portal.codes.profiles import Profile
from portal.codes.profiles import Term as Rule
from portal.deadlines.calendar import Calendar
from portal.deadlines.counting import CountedDay, Stretch, day_by_day, stretches
from portal.deadlines.terms import due_of
from portal.deadlines.working_days import Due
from portal.ledger import sealing
from portal.ledger.commitments import digest, field_disclosure
from portal.ledger.entry import read_entry
from portal.ledger.models import Entry
from portal.ledger.tlog_proofs import TlogProof
from portal.objections import filing
from portal.objections.documents import PAPERS
from portal.objections.grounds import GROUNDS, NOT_ACCEPTED, OUTCOME_LABELS, REMEDIES, Ground
from portal.objections.models import Objection, ObjectionFile, ObjectionTerm
from portal.objections.proceedings import Document
from portal.publications import queries
from portal.publications.dating import Terms
from portal.words import Sentence, say

FOR_THE_OBJECTOR = ("receipt", "supplement", "not_accepted", "passed_on", "decision")
ANSWER_SEEN = ("delivered", "closed")  # the answer is opened by its delivery, not before (O5)


@dataclass(frozen=True)
class Counting:
    """One term as a paper tells it.

    :param due: the day that the paper says.
    :param days: how many working days.
    :param counted: every day from day zero to the last; empty when the calendar now gives another day.
    """

    starts_on: date
    days: int
    due: date
    provisional: bool
    basis: str
    basis_en: str
    counted: Sequence[CountedDay] = ()

    @property
    def stretches(self) -> list[Stretch]:
        """The same in a few lines."""
        return stretches(self.counted)


@dataclass(frozen=True)
class Sheet:
    """One paper of a case, ready to be printed."""

    objection: Objection
    document: Document
    department: Department
    profile: Profile
    entry: Entry | None  # of the receipt: the ledger's line that holds the commitment to what was filed
    item_names: Mapping[int, str]  # released words alone
    recheck: Counting | None
    feedback: Counting | None
    now: ObjectionTerm | None  # the re-check's term as it counts today
    is_signed: bool  # a checkpoint covers that line

    @property
    def kind(self) -> str:
        return self.document.kind

    @property
    def title(self) -> Sentence:
        return PAPERS[self.kind].title

    @property
    def facts(self) -> Mapping[str, Any]:
        return self.document.facts

    @property
    def made_on(self) -> date:
        return self.document.made_on

    @property
    def addressee(self) -> str:
        """Whom the paper is for; the objector's own name where the entity's is not known."""
        return self.objection.entity_name or self.objection.objector_name

    @property
    def grounds(self) -> list[Ground]:
        return [GROUNDS[each] for each in self.facts.get("grounds", self.objection.grounds) if each in GROUNDS]  # fmt: skip

    @property
    def items(self) -> list[tuple[int, str]]:
        """The rows objected to, counted from 1, with their names; empty means all of the result."""
        chosen = self.facts.get("items", self.objection.items)
        return [(at + 1, self.item_names.get(at, "")) for at in chosen]

    @property
    def ground_label(self) -> Sentence:
        """Why an objection was not taken on."""
        return NOT_ACCEPTED.get(self.facts.get("ground", ""), say("其他"))

    @property
    def outcome_label(self) -> Sentence:
        return OUTCOME_LABELS.get(self.facts.get("outcome", ""), say("其他"))

    @property
    def rule(self) -> Rule | None:
        """The re-check's rule in this place: the clause that the answer stands on."""
        return self.profile.terms.get("recheck")

    @property
    def remedies(self) -> Sentence:
        return REMEDIES

    @property
    def restarts(self) -> bool:
        """Whether a supplement starts the re-check's clock anew, as it was said when the paper was issued."""
        return bool(self.facts.get("restarts", self.profile.supplement_restarts_clock))

    @property
    def redated(self) -> bool:
        """Whether another last day counts now than the one this receipt says."""
        return self.recheck is not None and self.now is not None and self.now.due != self.recheck.due


def shown_to_objector(objection: Objection) -> list[Document]:
    """The papers that the objector may read now, each after its act; the answer after it was delivered."""
    newest = [objection.document(kind) for kind in FOR_THE_OBJECTOR]
    answered = objection.state in ANSWER_SEEN
    return [each for each in newest if each is not None and (each.kind != "decision" or answered)]


def sheet(session: Session, objection: Objection, kind: str, terms: Terms) -> Sheet | None:
    """The newest paper of a kind; None when there is none."""
    document = objection.document(kind)
    if document is None:
        return None
    recheck = _recheck(objection, document, terms) if kind == "receipt" else None
    return Sheet(
        objection=objection,
        document=document,
        department=session.get_one(Department, objection.department_code),
        profile=terms.profile,
        entry=session.get(Entry, objection.entry_index),
        item_names=item_names(session, objection),
        recheck=recheck,
        feedback=_feedback(recheck.due, terms) if recheck else None,
        now=objection.term("recheck"),
        is_signed=sealing.covers(session, objection.entry_index),
    )


def proof(session: Session, objection: Objection) -> TlogProof | None:
    """收件证明文件: the proof that the filing stands in the log, with the disclosure that opens its commitment.

    None while no checkpoint covers it. The disclosure is left out when what was filed is no longer here.
    """
    entry = session.get_one(Entry, objection.entry_index)
    filed = [each for each in objection.files if each.at <= objection.filed_at]
    disclosure = field_disclosure(objection.salt, "filing", filing.filed_facts(objection, filed))
    covered = digest(disclosure) in read_entry(entry.body)["commitments"]
    return sealing.proof(session, entry, [disclosure] if covered else [])


def item_names(session: Session, objection: Objection) -> Mapping[int, str]:
    """The items of the result as they were released; none while its words are off."""
    release = queries.release(session, objection.result_number, objection.result_version)
    if release is None or release.body is None:
        return {}
    rows = queries.fields_of(release).get("items") or []
    return {at: row["item"] for at, row in enumerate(rows) if isinstance(row.get("item"), str)}


def counting(
    start: date, days: int, due: date, provisional: bool, basis: str, terms: Terms, name: str
) -> Counting:
    """A term with its counting, as far as today's calendar still leads to the day that was said."""
    rule = terms.profile.terms.get(name)
    same = rule is not None and rule.basis == basis
    found = _counted(start, days, terms.calendar)
    counted = day_by_day(start, found, terms.calendar) if found.due == due else []
    return Counting(start, days, due, provisional, basis, rule.basis_en if rule and same else "", counted)


def of_term(term: ObjectionTerm, terms: Terms) -> Counting:
    """A term of a case with its counting."""
    return counting(term.starts_on, term.days, term.due, term.provisional, term.basis, terms, term.name)


def _recheck(objection: Objection, document: Document, terms: Terms) -> Counting:
    facts = document.facts
    due = date.fromisoformat(facts["due"])
    return counting(objection.received_on, facts["days"], due, facts["provisional"], facts["basis"], terms, "recheck")  # fmt: skip


def _feedback(signed_on: date, terms: Terms) -> Counting | None:
    """The example on the receipt: the feedback's last day if the answer is signed on the re-check's last day."""
    rule = terms.profile.terms.get("feedback")
    if rule is None:
        return None
    due = due_of(rule, signed_on, terms.calendar)
    counted = day_by_day(signed_on, due, terms.calendar)
    return Counting(signed_on, rule.days, due.due, due.provisional, rule.basis, rule.basis_en, counted)


def _counted(start: date, days: int, calendar: Calendar) -> Due:
    return due_of(Rule(days, "working", (), "", "promise"), start, calendar)


def materials(files: Sequence[ObjectionFile]) -> Mapping[str, int]:
    """How many files of each kind of evidence."""
    counts: dict[str, int] = {}
    for each in files:
        counts[each.kind] = counts.get(each.kind, 0) + 1
    return counts
