"""The form as a page: what was typed stays in it, whatever went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import current_app, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.evidence.examining import accept_attribute, accepted_types
from portal.evidence.kinds import LARGEST_FILE, LARGEST_SET, MB, MOST_FILES
from portal.objections import keeping
from portal.objections.grounds import GROUNDS, REMEDIES
from portal.objections.models import ObjectionFile
from portal.web.entity.room import anew, profile, remember_form
from portal.web.entity.subject import Subject, subject_of
from portal.web.entity.typed_form import Typed
from portal.words import Sentence, say

NOT_RECEIVED = say(
    "这次提交没有收到，也没有登记。您填写的文字都还在下面，请过一会儿再按一次“提交，领取回执”；"
    "再次不成的，请打电话，或者到窗口办理。"
)
UNSURE = say(
    "现在读不出回执，还不能确定是否收到。您填写的文字都还在下面，请再按一次“提交，领取回执”：已经收到的会显示原来的回执，"
    "不会重复登记。"
)
TOO_OLD = say("页面放得太久，刚才的提交没有收到。您填写的文字都还在，请再按一次“提交，领取回执”。照片和文件如果不在下面的清单里，请重新选择。")  # fmt: skip
TOO_MUCH = say(
    "照片和文件合起来太大，刚才的提交没有收到。上次保存的文字还在下面，请减少几个文件再提交；其余的可以以后补交。"
)
SAVED = say("已经保存，30天内用这部手机打开这一页可以接着填写。还没有提交，提交后才算收到。")


@dataclass(frozen=True)
class Shown:
    """What a form page shows beside its fields."""

    errors: dict[str, list[Sentence]] = field(default_factory=dict)
    failure: Sentence | None = None
    notice: Sentence | None = None
    again: bool = False  # the page was too old once: see signing of forms in ``receiving.py``
    resumed: bool = False


def by_field(found: Sequence[tuple[str, Sentence]]) -> dict[str, list[Sentence]]:
    """Sentences beside the fields that they are about."""
    grouped: dict[str, list[Sentence]] = {}
    for name, sentence in found:
        grouped.setdefault(name, []).append(sentence)
    return grouped


def form_page(
    number: str, key: str, typed: Typed, shown: Shown | None = None, status: int = 200
) -> ResponseReturnValue:
    """The form with what was typed; it comes even when the database does not answer."""
    remember_form(number, key)
    subject, files = _read(number, key)
    page = render_template(
        "entity/form.html",
        number=number,
        key=key,
        typed=typed,
        shown=shown or Shown(),
        subject=subject,
        files=files,
        grounds=GROUNDS.values(),
        remedies=REMEDIES,
        rules=profile().terms,
        accept=accept_attribute(),
        accepted=accepted_types(),
        most=MOST_FILES,
        largest=LARGEST_FILE // MB,
        largest_set=LARGEST_SET // MB,
    )
    return page, status


def _read(number: str, key: str) -> tuple[Subject | None, list[ObjectionFile]]:
    try:
        session = anew("reads")
        return subject_of(session, number), kept_files(session, key)
    except SQLAlchemyError:
        current_app.logger.exception("the form is shown without its result")
        return None, []


def kept_files(session: Session, key: str) -> list[ObjectionFile]:
    """The files of a draft."""
    draft = keeping.draft(session, key)
    return list(draft.files) if draft is not None else []
