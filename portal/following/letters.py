"""What a reader's mail says: plain text, in the reader's language, of released words alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote

from sqlalchemy.orm import Session

from portal import clock
from portal.clock import shanghai_date
from portal.codes.models import Department
from portal.following.languages import day, named, said
from portal.following.links import handle_of
from portal.following.models import Subscription
from portal.following.news import CHANGES, Change, Event, News
from portal.outbox.posting import post
from portal.publications import queries
from portal.publications.kinds import KINDS
from portal.publications.models import Face
from portal.settings import Settings
from portal.words import Label, Sentence, say

CONFIRM, DIGEST = "subscription/confirm", "subscription/digest"
TOPICS = (CONFIRM, DIGEST)
MOST_OF_A_TITLE = 60
MOST_LISTED = 50  # of one sort in one letter

HEADINGS: Mapping[Change, Sentence] = {
    "new": say("新公示"),
    "corrected": say("更正"),
    "withdrawn": say("已撤下"),
    "held": say("暂停公示"),
    "restored": say("恢复公示"),
    "erased": say("依法删除"),
    "adjusted": say("有调整"),
    "expired": say("公示期满"),
}


def about(subscription: Subscription) -> str:
    """By which the messages of a subscription are found again."""
    return f"/subscriptions/{subscription.id}"


def own_address(subscription: Subscription, settings: Settings) -> str:
    """The page where its reader changes or ends it, whole."""
    return f"{_site(settings)}/subscriptions/{handle_of(settings.secret_key, subscription.seed)}"


def leave_address(subscription: Subscription, settings: Settings) -> str:
    """Where one click ends it (RFC 8058)."""
    return f"{own_address(subscription, settings)}/cancellation"


# ── letters about a subscription ─────────────────────────────


def post_confirmation(session: Session, subscription: Subscription, token: str, settings: Settings) -> None:
    """Ask whether it was the owner of the address who asked. No word that was typed stands in it: whoever typed
    them may be somebody else, who would have found a way to write to anybody.
    """
    typed = bool(subscription.query.get("text"))
    title = say("一次查找（打开确认网址，可以看到查找的条件）") if typed else subscription.title
    confirm = _with_language(f"{_site(settings)}/subscriptions/confirmations/{quote(token)}", subscription)
    often = {"daily": say("每天"), "weekly": say("每周")}[subscription.frequency]
    _post(
        session, subscription, settings, CONFIRM, key=f"confirm/{token[:16]}",
        subject=say("请确认您在{site}的订阅", site=_place(settings)),
        lines=[
            say("您好："),
            "",
            say("有人用这个邮箱在{site}申请订阅：", site=_place(settings)),
            say("  {title}", title=title),
            say("有新公示、更正或者撤下时，{often}最多来一封邮件。", often=often),
            "",
            say("确认订阅，请在3天内打开："),
            f"  {confirm}",
            "",
            say("不是您本人申请的，不用理会：3天后我们会忘掉这个邮箱。不想再收到这样的确认邮件，请打开："),
            f"  {_leave_page(subscription, settings)}",
        ],
    )  # fmt: skip


def post_known(session: Session, subscription: Subscription, settings: Settings) -> None:
    """It is followed already: the page said the same as to everybody, the letter says how to change it."""
    _post(
        session, subscription, settings, CONFIRM, key=f"known/{clock.stamp(clock.now())}",
        subject=say("您已经订阅：{title}", title=_short(subscription.title)),
        lines=[
            say("您好："),
            "",
            say("有人用这个邮箱在{site}申请订阅下面的内容，您已经订阅过了，没有任何改动：", site=_place(settings)),
            f"  {subscription.title}",
            *_own_links(subscription, settings),
        ],
    )  # fmt: skip


def post_full(session: Session, one: Subscription, settings: Settings, *, most: int) -> None:
    """The address follows as much as one may; :param one: any of its subscriptions, for the link."""
    _post(
        session, one, settings, CONFIRM, key=f"full/{clock.stamp(clock.now())}",
        subject=say("订阅已满，没有增加新的订阅"),
        lines=[
            say("您好："),
            "",
            say("一个邮箱最多订阅{most}项，这个邮箱已经满了。请先退订不再需要的，再重新申请。", most=most),
            *_own_links(one, settings),
        ],
    )  # fmt: skip


# ── the digest ───────────────────────────────────────────────


def digest_of(session: Session, subscription: Subscription, news: News, settings: Settings) -> str:
    """The text of one digest.

    :param session: at the public door: what can not be read there can not be written here.
    """
    language = subscription.language
    lines: list[Sentence | str] = [
        say("您好："),
        "",
        say(
            "您订阅的“{title}”，{since}以来的变化：",
            title=subscription.title,
            since=day(shanghai_date(subscription.told_at or clock.now()), language),
        ),
    ]
    for change in CHANGES:
        lines += _section(session, change, news.of(change), subscription, settings)
    whole = _with_language(f"{_site(settings)}{subscription.address}", subscription)
    lines += ["", say("在网站上查看全部："), f"  {whole}", *_own_links(subscription, settings)]
    return _text(lines, language)


def subject_of(subscription: Subscription, news: News) -> str:
    """``订阅：查找“示例”（新公示2，撤下1）``."""
    language = subscription.language
    counts = [
        f"{said(HEADINGS[change], language)} {len(some)}" for change in CHANGES if (some := news.of(change))
    ]
    joined = ("，" if language == "zh" else ", ").join(counts)
    return said(say("{title}：{counts}", title=_short(subscription.title), counts=joined), language)


def post_digest(
    session: Session, subscription: Subscription, subject: str, body: str, settings: Settings
) -> None:
    """Ask for the digest in the transaction that moves the subscription's position."""
    post(
        session, key=f"{about(subscription)}/digest/{subscription.position}", topic=DIGEST, channel="email",
        to_address=subscription.email, subject=subject, body=body, about=about(subscription),
        leave_address=leave_address(subscription, settings),
    )  # fmt: skip


def _section(
    session: Session, change: Change, events: Sequence[Event], subscription: Subscription, settings: Settings
) -> Iterator[Sentence | str]:
    if not events:
        return
    yield ""
    yield say("{heading}（{n}条）", heading=HEADINGS[change], n=len(events))
    for nth, event in enumerate(events[:MOST_LISTED], 1):
        yield from _event(session, nth, event, subscription, settings)
    if len(events) > MOST_LISTED:
        yield say("  还有{n}条，请在网站上查看。", n=len(events) - MOST_LISTED)


def _event(
    session: Session, nth: int, event: Event, subscription: Subscription, settings: Settings
) -> Iterator[Sentence | str]:
    face, language = event.face, subscription.language
    office = session.get(Department, face.department_code)
    yield f"{nth}. {face.title or face.number}"
    parts = [named(KINDS[face.kind], language), named(office, language) if office else "", face.number]
    yield "   " + ("　" if language == "zh" else " · ").join(part for part in parts if part)
    if line := _found(session, face, language):
        yield f"   {line}"
    if event.reason:
        yield say("   理由：{reason}", reason=" ".join(event.reason.split()))
    yield f"   {_with_language(f'{_site(settings)}/{KINDS[face.kind].plural}/{face.number}', subscription)}"


def _found(session: Session, face: Face, language: str) -> str:
    """What was found, or how much there is: a line of its page; nothing where the words are off."""
    if language == "zh" or face.kind != "result":
        return face.summary if language == "zh" else ""
    labels = {each.code: each for each in queries.code_values(session) if each.table == "outcome"}
    codes = [code for code in face.outcomes.split("|") if code]
    return "; ".join(named(labels[code], language) if code in labels else code for code in codes)


# ── what letters share ───────────────────────────────────────


def _own_links(subscription: Subscription, settings: Settings) -> list[Sentence | str]:
    own = _with_language(own_address(subscription, settings), subscription)
    return [
        "", "——",
        say("改为每天或者每周、退订全部："), f"  {own}",
        say("退订这一项："), f"  {_leave_page(subscription, settings)}",
        say("这封邮件由系统自动发出，请不要回复。不是您本人订阅的，打开上面的网址退订即可。"),
    ]  # fmt: skip


def _leave_page(subscription: Subscription, settings: Settings) -> str:
    return _with_language(leave_address(subscription, settings), subscription)


def _with_language(address: str, subscription: Subscription) -> str:
    if subscription.language != "en":
        return address
    return f"{address}{'&' if '?' in address else '?'}lang=en"


def _short(title: str) -> str:
    """As much of a title as leaves room for the rest of a subject."""
    return title if len(title) <= MOST_OF_A_TITLE else f"{title[: MOST_OF_A_TITLE - 1]}…"


def _site(settings: Settings) -> str:
    return settings.base_url.rstrip("/")


def _place(settings: Settings) -> Sentence:
    return say("“{place}双随机、一公开抽查公示”网站", place=Label(settings.place, settings.place_en))


def _text(lines: Iterable[Sentence | str], language: str) -> str:
    return "\n".join(said(line, language) if isinstance(line, Sentence) else line for line in lines) + "\n"


def _post(
    session: Session,
    subscription: Subscription,
    settings: Settings,
    topic: str,
    *,
    key: str,
    subject: Sentence,
    lines: Iterable[Sentence | str],
) -> None:
    language = subscription.language
    post(
        session, key=f"{about(subscription)}/{key}", topic=topic, channel="email",
        to_address=subscription.email, subject=said(subject, language), body=_text(lines, language),
        about=about(subscription), leave_address=leave_address(subscription, settings),
    )  # fmt: skip
