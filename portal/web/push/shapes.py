"""What is pushed and what is answered: the shapes that the descriptions of ``/push/v1`` name."""

from portal.intake.pushing import DRAFTED, HELD, KNOWN, MOST_AT_ONCE, REFUSED
from portal.publications.fields import Field, Kind
from portal.publications.kinds import KINDS
from portal.publications.models import STATES
from portal.web.checking import Schema
from portal.web.describing import Param, Shape, Speak
from portal.web.shaping import MAYBE, TEXT, WHOLE, list_of, object_of
from portal.words import label_of, say

BATCH_NAME = {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,60}$"}
LONGEST_KEY = 100
RECORD = "5d41402abc4b2a76b9719d911017c592ae1b2a3c4d5e6f708192a3b4c5d6e7f8"

SIMPLE: dict[str, Schema] = {
    "text": {"type": ["string", "number", "null"]},
    "prose": {"type": ["string", "null"]},
    "date": {"type": ["string", "null"]},
    "number": {"type": ["integer", "string", "null"]},
    "yes_no": {"type": ["boolean", "string", "null"]},
    "code": {"type": ["string", "object", "null"]},
    "department": {"type": ["string", "object", "null"]},
}
SEVERAL: Schema = {"type": ["string", "array", "null"], "items": {"type": ["string", "object"]}}

# ── what is pushed ───────────────────────────────────────────


def _record(kind: Kind, speak: Speak) -> Schema:
    return _object_of_fields(kind.fields, speak) | {"title": speak(label_of(kind))}


def _object_of_fields(fields: tuple[Field, ...], speak: Speak) -> Schema:
    return {
        "type": "object",
        "properties": {each.name: _field(each, speak) for each in fields},
        "required": [each.name for each in fields if each.required and each.name != "department"],
        "additionalProperties": False,
    }


def _field(field: Field, speak: Speak) -> Schema:
    told: Schema = {"title": speak(label_of(field))}
    if field.table:
        told["x-code-table"] = field.table
    if not field.public:
        told["description"] = speak(say("内部字段，从不公示。"))
    if field.type == "rows":
        return told | {"type": ["array", "null"], "items": _object_of_fields(field.rows, speak)}
    return told | SIMPLE.get(field.type, SEVERAL)


EXAMPLE = {
    "task_no": "33990020261012003",
    "entity_name": "示例北顺达商贸有限公司",
    "entity_code": "9133990075TNM5LB3J",
    "inspected_on": "2026-10-22",
    "items": [{"item": "公示信息抽查", "outcomes": ["未发现问题"]}],
}


def _of_kind(kind: Kind) -> Shape:
    return Shape(f"Pushed{kind.name.capitalize()}", lambda speak: _record(kind, speak))


OF_KIND = tuple(_of_kind(kind) for kind in KINDS.values())
PUSHED = Shape(
    "Push",
    object_of(
        {
            "kind": ({"type": "string", "enum": [*KINDS]}, say("类别：list清单，plan计划，task任务公告，result结果。")),
            "batch": (
                BATCH_NAME,
                say("您给这一批起的名称。同名的各次请求归为一批，结束之后本部门才能办理；不写的，这次请求自成一批。"),
            ),
            "records": (
                {"type": "array", "minItems": 1, "maxItems": MOST_AT_ONCE, "items": {"anyOf": [each.ref for each in OF_KIND]}},
                say("记录，每次最多300条。字段名与公示的相同；代码可以写代码、名称或者公示的代码对象。"),
            ),
        },
        optional=["batch"],
    ),
    OF_KIND,
    lambda: {"kind": "result", "batch": "2026-10", "records": [EXAMPLE]},
)  # fmt: skip

# ── what is answered ─────────────────────────────────────────

DETAIL = {
    "type": "object",
    "properties": {"detail": TEXT, "detail_en": TEXT},
    "required": ["detail", "detail_en"],
}
FAULT = Shape(
    "Fault",
    object_of(
        {
            "pointer": (TEXT, say("有误的地方在请求里的位置（JSON Pointer，RFC 6901）。")),
            "value": (TEXT, say("那里写的是什么。")),
            "detail": (TEXT, say("有什么不对，怎样改。")),
            "detail_en": (TEXT, say("同样的话，英文。")),
        }
    ),
)
OUTCOME = Shape(
    "Outcome",
    object_of(
        {
            "at": (WHOLE, say("这条记录在请求里的位置，从0数起。")),
            "status": (
                {"type": "string", "enum": [DRAFTED, HELD, KNOWN, REFUSED]},
                say(
                    "drafted成为草稿；held成为草稿，但要有人决定可否公示；known以前已经有了，没有重复；refused退回。"
                ),
            ),
            "record": (MAYBE, say("这条记录的标识，用来查询它后来怎样；退回的为null。")),
            "held": ({"type": "array", "items": DETAIL}, say("为什么要有人决定。")),
            "errors": (list_of(FAULT), say("退回的理由。")),
        }
    ),
    (FAULT,),
)
COUNTS: Schema = {
    "type": "object",
    "properties": dict.fromkeys(("records", DRAFTED, HELD, KNOWN, REFUSED), WHOLE),
    "required": ["records", DRAFTED, HELD, KNOWN, REFUSED],
}
OUTCOMES = Shape(
    "Outcomes",
    object_of(
        {
            "dry_run": ({"type": "boolean"}, say("是否只是试一试，没有写入。")),
            "batch": (MAYBE, say("归入的批；不写批名的为null。")),
            "counts": (COUNTS, say("各有多少条。")),
            "records": (list_of(OUTCOME), say("每条记录怎样了，与请求里的次序相同。")),
            "warnings": ({"type": "array", "items": DETAIL}, say("没有退回、但值得留意的。")),
        }
    ),
    (OUTCOME,),
)
BATCH = Shape(
    "PushedBatch",
    object_of(
        {
            "batch": (TEXT, say("批名。")),
            "kind": ({"type": "string", "enum": [*KINDS]}, say("类别。")),
            "completed": ({"type": "boolean"}, say("是否已经结束。")),
            "counts": (COUNTS, say("到现在为止各有多少条。")),
        }
    ),
)
STATE = Shape(
    "PushedState",
    object_of(
        {
            "record": (TEXT, say("记录的标识。")),
            "kind": ({"type": "string", "enum": [*KINDS]}, say("类别。")),
            "stage": (
                {"type": "string", "enum": [*STATES]},
                say("draft草稿，submitted待审核，approved已同意，sent_back退回，abandoned作废，done已办理。"),
            ),
            "number": (MAYBE, say("公示编号；还没有公示的为null。")),
            "address": (MAYBE, say("公示的网址；还没有公示的为null。")),
            "held": ({"type": "array", "items": TEXT}, say("为什么要有人决定可否公示。")),
        }
    ),
)

# ── parameters ───────────────────────────────────────────────

DRY_RUN = Param(
    "dry_run",
    say("写true的，只答复会怎样，什么都不写入。"),
    {"type": "string", "enum": ["true", "false"]},
    "true",
)
KEY = Param(
    "Idempotency-Key",
    say("这次请求的标识，由您起，最多100个字符；同一个标识不会办理两次，三十天内答复相同。"),
    {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
    "0b8e6a52-5d1f-4a58-9d55-6b5f3e0a7c11",
    where="header",
)
NAME = Param("name", say("批名。"), BATCH_NAME, "2026-10", where="path")
RECORD_ID = Param(
    "record",
    say("记录的标识，推送时答复的record。"),
    {"type": "string", "maxLength": 64},
    RECORD,
    where="path",
)
