"""Where in the staff's room each thing that waits is done, and where all of its kind stand."""

from collections.abc import Callable, Mapping

from flask import url_for

from portal.waiting.source import Item

# by Item.page: the address of the page that its key names
_PAGES: Mapping[str, Callable[[str], str]] = {
    "revision": lambda key: url_for("staff.revision", revision_id=key),
    "batch": lambda key: _batch(*key.split("/")),
    "publication": lambda key: url_for("staff.publication", number=key),
    "objection": lambda key: url_for("staff.objection", objection_id=key),
    "prior_notice": lambda key: url_for("staff.prior_notice", notice_id=key),
    "opinion": lambda key: url_for("staff.staff_opinion", opinion_id=key),
    "declaration": lambda key: url_for("staff.staff_declaration", declaration_id=key),
    "erasure": lambda key: url_for("staff.erasure", erasure_id=key),
    "concern": lambda key: url_for("staff.concern", concern_id=key),
    "draw": lambda key: url_for("staff.own_draw", draw_id=key),
    "message": lambda key: url_for("staff.outbox", state="failed"),
    "disclosure": lambda key: _disclosure(*key.split("/", 1)),
    "calendar": lambda key: url_for("staff.holiday_notices"),
}

# by Source.name: the page with all of it; what is not here has all of it on the desk
_ALL: Mapping[str, Callable[[], str]] = {
    **{
        name: (lambda name=name: url_for("staff.desk", queue=name))  # type: ignore[misc]
        for name in ("returned", "review", "sign", "outside", "publish", "drafts")
    },
    "enter": lambda: url_for("staff.disclosure", state="missing"),
    "identify": lambda: url_for("staff.objections"),
    "assign": lambda: url_for("staff.objections"),
    "recheck": lambda: url_for("staff.objections", mine="yes", state="rechecking"),
    "legal": lambda: url_for("staff.objections", state="decision_drafted"),
    "decide": lambda: url_for("staff.objections", state="decision_drafted"),
    "deliver": lambda: url_for("staff.objections") + "#deliver",
    "tell": lambda: url_for("staff.prior_notices", show="untold"),
    "prior_answers": lambda: url_for("staff.prior_notices", show="answered"),
    "opinions": lambda: url_for("staff.staff_opinions"),
    "declarations": lambda: url_for("staff.declarations"),
    "erasures": lambda: url_for("staff.erasures"),
    "concerns": lambda: url_for("staff.concerns", show="answer"),
    "call_back": lambda: url_for("staff.concerns", show="call_back"),
    "run_draws": lambda: url_for("staff.own_draws"),
    "reveal_draws": lambda: url_for("staff.own_draws"),
    "failed": lambda: url_for("staff.outbox", state="failed"),
    "calendar": lambda: url_for("staff.holiday_notices"),
}


def address_of(item: Item) -> str:
    """The page on which an item is done."""
    return _PAGES[item.page](item.key)


def all_of(source: str) -> str:
    """The page with everything of a source; empty where there is none."""
    return _ALL[source]() if source in _ALL else ""


def _batch(batch_id: str, state: str) -> str:
    return url_for("staff.batch", batch_id=batch_id, only=state)


def _disclosure(department: str, task_no: str) -> str:
    return url_for("staff.disclosure", department=department, task=task_no, state="missing")
