"""What is not fit for production, in sentences: settings, people, calendar, the database's own health."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.clock import shanghai_date
from portal.deadlines.calendar import load_calendar
from portal.errors import Refused
from portal.ledger import sealing
from portal.ledger.signer import Signer
from portal.nodes.queries import why_not_alike
from portal.outbox import queries as outbox
from portal.outbox.carriers import SmtpCarrier, carriers
from portal.people.models import Person
from portal.people.roles import ROLES
from portal.publications import tallying
from portal.redaction.documents import converting, fonts
from portal.search.outgrowing import why_outgrown
from portal.settings import Settings, unsafe
from portal.words import Sentence, say

NEEDED_ROLES = ("drafter", "reviewer", "head", "duty", "sysadmin", "secadmin", "auditor")
TO_DELIVER = timedelta(minutes=20)  # longer than the claim of a worker that was killed runs out
CALENDAR_AHEAD = timedelta(days=45)  # 20 working days and the longest holidays of a year


def why_not_fit(session: Session, settings: Settings, at: datetime) -> list[Sentence]:
    """Why this portal should not serve the public; empty means it may."""
    return [
        *_settings(settings),
        *_people(session, at),
        *_calendar(session, at),
        *_outbox(session, settings),
        *_late(session, at),
        *_attachments(),
        *_log(session, settings),
        *why_outgrown(session, settings),
        *tallying.why_not_true(session),
        *(_sqlite(session) if settings.is_sqlite else why_not_alike(session, at)),
    ]


def _settings(settings: Settings) -> Iterator[Sentence]:
    if not settings.is_production:
        yield say("现在按演示方式运行。正式使用前请设置 PORTAL_ENV=production。")
    yield from unsafe(settings)
    if not settings.site_code and settings.is_production:
        yield say("没有设置政府网站标识码。请设置 PORTAL_SITE_CODE，没有的请先申请。")


def _people(session: Session, at: datetime) -> Iterator[Sentence]:
    people = session.scalars(sa.select(Person).where(Person.active)).all()
    for role in NEEDED_ROLES:
        if not any(person.has(role, at) for person in people):
            yield say(
                "没有人担任{role}。请用 portal people add 添加人员，并授予角色 {name}。",
                role=ROLES[role].label,
                name=role,
            )


def _calendar(session: Session, at: datetime) -> Iterator[Sentence]:
    known = load_calendar(session).known_through
    if known < shanghai_date(at) + CALENDAR_AHEAD:
        yield say(
            "工作日历只到{day}，之后的期限都是暂定的。国务院办公厅公布下一年放假安排后，"
            "请用 portal calendar import 载入。",
            day=known.isoformat(),
        )


def _outbox(session: Session, settings: Settings) -> Iterator[Sentence]:
    if not settings.mail_url and settings.is_production:
        yield say(
            "没有设置发送邮件的方式，回执、通知和提醒都只留存、不发出。请设置 PORTAL_MAIL_URL 和 PORTAL_MAIL_FROM。"
        )
    try:
        mail = carriers(settings)["email"]
    except Refused as refusal:
        yield from refusal.reasons
    else:
        if isinstance(mail, SmtpCarrier) and mail.shows_password:
            yield say(
                "邮箱密码会不加密地经过网络。请在 PORTAL_MAIL_URL 末尾加 ?starttls=1，或者改用 smtps://。"
            )
    failed = outbox.failed(session)
    if failed:
        yield say("有{n}条消息发送失败，没有送到。请在工作台“通知”页查明原因后重新发送。", n=failed)


def _late(session: Session, at: datetime) -> Iterator[Sentence]:
    late = outbox.due_since(session, at - TO_DELIVER)
    if late:
        yield say(
            "有{n}条消息到时{m}分钟还没有人处理：后台任务没有运行，或者停在哪里。请查看 portal serve 或者 portal work 的日志。",
            n=late,
            m=TO_DELIVER // timedelta(minutes=1),
        )


def _attachments() -> Iterator[Sentence]:
    if not converting.is_there():
        yield say(
            "没有安装 LibreOffice（soffice），Word 和 Excel 附件收不进来，只能先另存为 PDF。"
            "请安装 libreoffice-writer-nogui 和 libreoffice-calc-nogui。"
        )
    if not fonts.chinese():
        yield say("没有安装中文字体，附件转换后可能缺字，遮盖处也写不出理由。请安装 fonts-noto-cjk。")


def _log(session: Session, settings: Settings) -> Iterator[Sentence]:
    signer = Signer(settings.log_key_dir)
    if not signer.is_there:
        yield say("公示存证还没有签名密钥，外人无法核对。请运行 portal log key，并把私钥单独备份。")
    elif settings.is_sqlite and settings.log_key is None and settings.is_production:
        yield say("签名密钥和数据库放在同一个目录。请用 PORTAL_LOG_KEY 另设目录，并单独备份。")
    yield from sealing.why_not_write(session, signer, settings.log_dir)


def _sqlite(session: Session) -> Iterator[Sentence]:
    damage = session.scalar(sa.text("PRAGMA quick_check(1)"))
    if damage != "ok":
        yield say("数据库文件已损坏：{damage}。请停止服务，从备份中恢复。", damage=damage)
    if session.execute(sa.text("PRAGMA foreign_key_check")).first() is not None:
        yield say("数据库中有记录指向不存在的记录。请停止服务，从备份中恢复。")
