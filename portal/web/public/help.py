"""Help: what the law says in plain words, and how to object. Every term comes from the profile of this place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import render_template

from portal.codes.profiles import Profile, Term
from portal.evidence.examining import accepted_types
from portal.evidence.kinds import LARGEST_FILE, LARGEST_SET, MB, MOST_FILES
from portal.objections.grounds import GROUNDS, NOT_ACCEPTED, OUTCOME_LABELS, REMEDIES
from portal.web.public.room import follows_ledger, profile, public, words
from portal.words import Sentence, say

# the day a term starts on, which is not counted, in a reader's words
STARTS: Mapping[str, Sentence] = {
    "task_ended_on": say("抽查任务结束"),
    "completed_on": say("检查结束"),
    "inspected_on": say("检查"),
    "held_on": say("暂停公示"),
    "received_on": say("收到申请材料"),
    "signed_on": say("复查结果作出"),
    "asked_on": say("发出通知"),
    "told_on": say("收到告知"),
}
OF_DISCLOSURE = ("publish", "confirm_hold")
OF_OBJECTION = ("recheck", "feedback", "supplement", "supplement_reply")


@dataclass(frozen=True)
class Limit:
    """A term as a table of help pages shows it."""

    name: str
    term: Term
    start: Sentence


def limits(rules: Profile, *names: str) -> Iterator[Limit]:
    """The terms of this place, in the order of their names; one that its profile has not is left out."""
    for name in names:
        term = rules.terms.get(name)
        start = STARTS.get(term.starts[0]) if term else None
        if term and start:
            yield Limit(name, term, start)


def before_disclosure(rules: Profile) -> Iterator[Limit]:
    """The term of the notice before disclosure, where this place gives one."""
    return limits(rules, *(() if rules.prior_notice.when == "never" else ("prior_notice",)))


@public.get("/help/", endpoint="help")
@follows_ledger
def law() -> str:
    """The law in plain words, and how to read, check, follow and take what is here."""
    rules = profile()
    shown = [*limits(rules, *OF_DISCLOSURE), *before_disclosure(rules), *limits(rules, *OF_OBJECTION)]
    return render_template("public/help.html", limits=shown, outcomes=words().options("outcome"))


@public.get("/help/objections/")
@follows_ledger
def help_objections() -> str:
    """How to object: who, how, by when, what happens, what it costs."""
    offices = [each for each in words().departments.values() if each.phone and each.valid_to is None]
    return render_template(
        "public/help_objections.html",
        limits=list(limits(profile(), *OF_OBJECTION)),
        grounds=GROUNDS.values(),
        refusals=NOT_ACCEPTED.values(),
        endings=[OUTCOME_LABELS[each] for each in ("corrected", "partly_corrected", "maintained")],
        remedies=REMEDIES,
        accepted=accepted_types(),
        most=MOST_FILES,
        largest=LARGEST_FILE // MB,
        largest_set=LARGEST_SET // MB,
        offices=offices,
    )


@public.get("/help/mirror/")
@follows_ledger
def help_mirror() -> str:
    """What a static mirror of the site can not do, and how to object meanwhile."""
    offices = [each for each in words().departments.values() if each.phone and each.valid_to is None]
    return render_template("public/help_mirror.html", offices=offices)
