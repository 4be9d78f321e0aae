"""订阅 by mail: asked for, confirmed, changed and left. A room that writes and remembers nobody: no cookie.

Who acts is whoever holds the link from the mail. GET shows a page with a button and changes nothing: mail programs
open links before people do. POST to the cancellation is the one click of RFC 8058, so it asks for nothing else.
"""

from urllib.parse import urlencode

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.db import Door, db, open_at
from portal.errors import Refused, refuse_if
from portal.following import digests, news, subscribing
from portal.following.links import seed_of
from portal.following.models import Subscription
from portal.following.subject import Subject
from portal.following.subscribing import Asked, TooMany
from portal.publications import queries
from portal.search import asking
from portal.search.engine import Query
from portal.web.public.room import reading, settings
from portal.web.public.search import asked as asked_query
from portal.web.public.search import conditions, described, folder
from portal.web.rendering import is_of_this_site
from portal.words import Sentence, say

subscriptions = Blueprint("subscriptions", __name__)


# ── asked for ────────────────────────────────────────────────


@subscriptions.get("/new")
def new() -> ResponseReturnValue:
    """The form for what stands in the address: a search, an entity, or corrections."""
    return _form(subject(), [])


@subscriptions.post("/new")
def ask() -> ResponseReturnValue:
    """Send a mail of confirmation. The answer is the same whatever the address follows."""
    wanted = subject()
    if not is_offered():
        return _form(wanted, [], 400)  # the page says what to use instead
    if _from_elsewhere():
        return _form(
            wanted, [say("这份申请是从别的网站发来的，没有办理。请在本页填写邮箱，再点“申请订阅”。")], 400
        )
    asked = Asked(
        wanted,
        email=request.form.get("email", "").strip(),
        frequency=request.form.get("frequency", ""),
        language="en" if g.get("language") == "en" else "zh",
        source=request.remote_addr or "",
    )
    try:
        subscribing.ask(reading(), asked, settings())
    except Refused as refusal:
        return _form(wanted, list(refusal.reasons), 429 if isinstance(refusal, TooMany) else 400)
    return redirect(url_for("subscriptions.sent"), 303)


@subscriptions.get("/sent")
def sent() -> str:
    """What to do next: the same for everybody."""
    return render_template("subscriptions/sent.html", days=subscribing.CONFIRM_WITHIN.days)


def subject() -> Subject:
    """What the address asks to follow.

    :raises Refused: with a sentence for each condition that does not exist.
    """
    what = request.args.get("what", "search")
    if what == "acts":
        return Subject("acts", Query(), "/corrections/", _("更正与撤下"))
    if what == "entity":
        return _entity(request.args.get("entity", "").strip().upper())
    query = asked_query(1, settings().page_size)
    refuse_if(asking.why_not(reading(), query))
    query = asking.folded(query)
    given = conditions()
    return Subject(
        "search", query, f"/search?{urlencode(given)}" if given else "/search", printable(described(query))
    )


def _entity(code: str) -> Subject:
    session = reading()
    faces, tasks = queries.of_entity(session, code, limit=1), queries.tasks_that_drew(session, code)
    if not code or not (faces or tasks):
        abort(404)
    title = _("%(name)s的公示", name=next(iter(queries.names_of_entity(session, code, faces)), code))
    return Subject("entity", Query(filters={"entity": code}), f"/entities/{code}", printable(title))


def printable(text: str) -> str:
    """A title as one line of a letter."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())


def is_offered() -> bool:
    """Whether mail can be sent at all; the demo keeps it where staff read it."""
    return bool(settings().mail_url) or not settings().is_production


def _form(wanted: Subject, reasons: list[Sentence], status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "subscriptions/new.html",
        subject=wanted,
        reasons=reasons,
        offered=is_offered(),
        typed=request.form if request.method == "POST" else {},
        hour=settings().digest_hour,
        limit=None if wanted.lasting is not None else subscribing.MOST_SEEN,
    )
    return page, status


def _from_elsewhere() -> bool:
    """Whether another site's page sent the form: it would be its visitors whose limits it uses up."""
    origin = request.headers.get("Origin")
    return origin is not None and not is_of_this_site(origin)


# ── confirmed ────────────────────────────────────────────────


@subscriptions.get("/confirmations/<token>")
def confirmation(token: str) -> ResponseReturnValue:
    """What is about to be followed, with a button."""
    found = subscribing.unconfirmed(reading(), token)
    if found.confirmed_at is not None:
        return redirect(_own(found), 303)
    return render_template("subscriptions/confirmation.html", subscription=found)


@subscriptions.post("/confirmations/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """Begin to follow. What is found is looked up before the writing begins."""
    session = _anew("reads")
    wanted = digests.subject_of(subscribing.unconfirmed(session, token))
    position, found = news.standing(session, folder(), wanted)
    session = _anew("write")
    subscription = subscribing.unconfirmed(session, token)
    subscribing.confirm(session, subscription, position=position, found=found, settings=settings())
    return redirect(_own(subscription, done="confirmed"), 303)


def _anew(door: Door) -> Session:
    db.session.remove()
    open_at(door)
    return reading()


# ── changed and left ─────────────────────────────────────────


@subscriptions.get("/<handle>")
def own(handle: str) -> ResponseReturnValue:
    """One's own subscription: how often, and how to leave."""
    subscription = _held(handle)
    if subscription is None:
        return render_template("subscriptions/left.html", all=False)
    return _own_page(subscription, [])


@subscriptions.post("/<handle>/frequency")
def change(handle: str) -> ResponseReturnValue:
    """Daily or weekly from now on."""
    subscription = _held(handle)
    if subscription is None:
        return render_template("subscriptions/left.html", all=False)
    try:
        subscribing.change(reading(), subscription, request.form.get("frequency", ""), settings())
    except Refused as refusal:
        return _own_page(subscription, list(refusal.reasons), 400)
    return redirect(_own(subscription, done="changed"), 303)


@subscriptions.get("/<handle>/cancellation")
def cancellation(handle: str) -> ResponseReturnValue:
    """A button: what opens links by itself must not leave for anybody."""
    subscription = _held(handle)
    if subscription is None:
        return render_template("subscriptions/left.html", all=False)
    return render_template("subscriptions/cancellation.html", subscription=subscription, handle=handle)


@subscriptions.post("/<handle>/cancellation")
def leave(handle: str) -> ResponseReturnValue:
    """Leave this one, or everything; done twice it is done."""
    subscription, everything = _held(handle), bool(request.form.get("all"))
    if subscription is not None and everything:
        subscribing.leave_all(reading(), subscription)
    elif subscription is not None:
        subscribing.leave(reading(), subscription)
    return render_template("subscriptions/left.html", all=everything)


def _held(handle: str) -> Subscription | None:
    """The subscription of a link; None when it was left; 404 when the link is none of ours."""
    seed = seed_of(settings().secret_key, handle)
    if not seed:
        abort(404)
    return subscribing.by_seed(reading(), seed)


def _own(subscription: Subscription, done: str | None = None) -> str:
    return url_for("subscriptions.own", handle=subscribing.handle(subscription, settings()), done=done)


def _own_page(subscription: Subscription, reasons: list[Sentence], status: int = 200) -> ResponseReturnValue:
    said = {"confirmed": say("订阅成功。"), "changed": say("已经改好。")}
    page = render_template(
        "subscriptions/own.html",
        subscription=subscription,
        handle=subscribing.handle(subscription, settings()),
        reasons=reasons,
        others=subscribing.others(reading(), subscription),
        done=said.get(request.args.get("done", "")) if subscription.confirmed_at else None,
        hour=settings().digest_hour,
    )
    return page, status
