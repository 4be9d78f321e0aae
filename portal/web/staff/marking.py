"""The forms on which somebody marks what the public may not read: a place, the ground, the basis."""

from typing import Any

from flask_babel import gettext as _

from portal import clock
from portal.publications.fields import Field, Kind
from portal.publications.remarking import occurrences, value_at
from portal.redaction.masking import GROUNDS
from portal.redaction.recognising.finding import BASES
from portal.web.rendering import named
from portal.web.staff.labels import as_text
from portal.web.staff.room import person
from portal.web.typed import whole_number
from portal.words import Sentence, say

NEVER_MASKED = {"entity_code"}  # 统一社会信用代码 and registration numbers are public
LONGEST_BASIS = 200
Place = tuple[int | None, int | None]


def read_marks(kind: Kind, content: dict[str, Any], form: Any) -> tuple[list[dict[str, Any]], list[Sentence]]:
    """The marks that a filled-in form asks for: every place where the words stand, or the whole field."""
    path, reasons = _path(kind, form.get("field", ""), form.get("row", "").strip())
    text = as_text(_field(kind, path), value_at(content, path)) if path else ""
    ground, basis, unclear = read_ground(form)
    words, whole = form.get("words", "").strip(), form.get("whole") == "yes"
    if path and not text:
        reasons.append(say("这一栏没有内容，不需要隐去。请核对栏目和行号。"))
    reasons += unclear
    places = [(None, None)] if whole else _places(text, words, form)
    if text and not whole and not words:
        reasons.append(say("请填写要隐去的文字，或者选择整栏隐去。"))
    elif text and not places:
        reasons.append(say("这一栏里没有“{words}”，请照原文抄写。", words=words))
    if reasons or path is None:
        return [], reasons
    mark = {
        "path": path,
        "ground": ground,
        "basis": basis,
        "by": person().id,
        "note": form.get("note", "").strip(),
    }
    return [{**mark, "start": start, "end": end, "at": clock.stamp(clock.now())} for start, end in places], []


def _places(text: str, words: str, form: Any) -> list[Place]:
    """Every place where words stand; only the selected one when that was asked for and still holds them."""
    start, end = whole_number(form.get("start", "")), whole_number(form.get("end", ""))
    selected = form.get("only") == "yes" and start is not None and end is not None
    if selected and words and text[start:end].strip() == words:
        at = text.index(words, start)
        return [(at, at + len(words))]
    return list(occurrences(text, words))


def read_ground(form: Any, number: str = "") -> tuple[str, str, list[Sentence]]:
    """Ground and basis from a form: chosen from the lists, or a basis of the person's own.

    :param number: tells the fields of several findings on one form apart, such as ``-3``.
    """
    ground = form.get(f"ground{number}", "")
    own = form.get(f"other_basis{number}", "").strip()
    basis = own or form.get(f"basis{number}", "").strip()
    reasons = []
    if ground not in GROUNDS:
        reasons.append(say("请选择隐去的理由。"))
    if not basis:
        reasons.append(say("请写明隐去的法律依据，例如《政府信息公开条例》第十五条。"))
    elif len(basis) > LONGEST_BASIS:
        reasons.append(say("法律依据最多{count}个字，请只写法规名称和条款。", count=LONGEST_BASIS))
    elif not own and ground in GROUNDS and _belongs_elsewhere(ground, basis):
        reasons.append(say("所选的法律依据不属于所选的理由；请从对应的一组中选择，或者填写其他依据。"))
    return ground, basis, reasons


def _belongs_elsewhere(ground: str, basis: str) -> bool:
    return basis not in BASES[ground] and any(basis in listed for listed in BASES.values())


def _path(kind: Kind, name: str, row: str) -> tuple[str | None, list[Sentence]]:
    """``field`` or ``table/row/column`` from what the form says; rows are counted from one there."""
    table, _, column = name.partition("/")
    field = kind.by_name.get(table)
    if field is None or not field.public or (column and column not in {each.name for each in field.rows}):
        return None, [say("请选择要标注的栏目。")]
    if (column or table) in NEVER_MASKED:
        return None, [say("统一社会信用代码和注册号属于公开信息，不得隐去。")]
    if not column:
        return name, []
    at = whole_number(row)
    if not at:
        return None, [say("请填写行号，第一行为1。")]
    return f"{table}/{at - 1}/{column}", []


def _field(kind: Kind, path: str) -> Field:
    table, _, rest = path.partition("/")
    field = kind.by_name[table]
    column = rest.partition("/")[2]
    return next((each for each in field.rows if each.name == column), field)


def choices(kind: Kind) -> list[tuple[str, str]]:
    """What may be marked: the public fields and the public columns of tables; address and label."""
    found = []
    for field in kind.public_fields():
        if field.type != "rows" and field.name not in NEVER_MASKED:
            found.append((field.name, named(field)))
        for each in field.rows:
            if each.public and each.name not in NEVER_MASKED | {"seq"}:
                label = _("%(table)s：%(column)s", table=named(field), column=named(each))
                found.append((f"{field.name}/{each.name}", label))
    return found
