"""The JSON Schema (2020-12) of a resource, from the kinds' own field lists: nothing is written down twice."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from portal.publications.fields import Field, Kind
from portal.publications.kinds import KINDS
from portal.redaction.masking import GROUNDS
from portal.words import Sentence, label_of, say

Schema = dict[str, Any]
Speak = Callable[[Sentence], str]

TEXT: Schema = {"type": "string"}
NUMBER = {"type": "string", "pattern": "^(QD|JH|RW|JG)-[0-9]{4}-[0-9]{4,}$"}
STATES_GONE = ("held", "withdrawn", "expired", "erased")


def chinese(sentence: Sentence) -> str:
    """A sentence as it was written; what a schema speaks when no door translates it."""
    return str(sentence)


def resource_schema(kind: Kind, speak: Speak = chinese) -> Schema:
    """What a live publication of one kind holds.

    :param speak: says the descriptions in a language.
    """
    return _closed(
        {
            **_head(speak, [kind.name]),
            "state": {"const": "live", "description": speak(say("公示中。"))},
            **_live(speak),
            "fields": {
                "description": speak(say("按公示原样的各项内容；没有的为null，依法隐去的是固定的标记。")),
                **fields_schema(kind.public_fields(), speak),
            },
            "notes": _list(note_schema(speak), speak(say("每一处依法隐去的位置、理由和依据。"))),
            "attachments": _list(attachment_schema(speak), speak(say("附件。"))),
        },
        title=speak(label_of(kind)),
    )


def gone_schema(speak: Speak = chinese) -> Schema:
    """What is left of a publication whose words are off."""
    return _closed(
        {
            **_head(speak, list(KINDS)),
            "state": {
                "enum": list(STATES_GONE),
                "description": speak(
                    say(
                        "held暂停公示，withdrawn撤下公示，expired公示期满，erased依法删除。副本应当一并删除。"
                    )
                ),
            },
            "reason": _or_null(TEXT, speak(say("公开的理由；没有的为null。"))),
        },
        title=speak(say("已经停止公示的记录")),
    )


def fields_schema(fields: Iterable[Field], speak: Speak = chinese) -> Schema:
    """An object with some public fields, each described by its label."""
    return _closed({each.name: field_schema(each, speak) for each in fields})


def field_schema(field: Field, speak: Speak = chinese) -> Schema:
    """One released value: null when absent, a text where it is withheld as a whole."""
    described: Schema = {"title": speak(label_of(field))}
    if field.table:
        described["x-code-table"] = field.table
    if field.type in ("text", "prose"):
        return described | {"type": ["string", "null"]}
    if field.type == "rows":
        row = fields_schema((each for each in field.rows if each.public), speak)
        return described | {"type": ["array", "null"], "items": row}
    return described | {"anyOf": [_value(field), TEXT | _withheld(speak), {"type": "null"}]}


def _value(field: Field) -> Schema:
    coded = _closed({"code": TEXT, "table": TEXT, "label": TEXT})
    named = _closed({"code": TEXT, "label": TEXT})
    values: Mapping[str, Schema] = {
        "date": {"type": "string", "format": "date"},
        "number": {"type": "integer"},
        "yes_no": {"type": "boolean"},
        "code": coded,
        "codes": {"type": "array", "items": coded},
        "department": named,
        "departments": {"type": "array", "items": named},
        "texts": {"type": "array", "items": TEXT},
    }
    return values[field.type]


def _withheld(speak: Speak) -> Schema:
    return {"pattern": "〔", "description": speak(say("整项依法隐去：〔依法隐去：理由〕。"))}


def note_schema(speak: Speak = chinese) -> Schema:
    """Why one part is withheld."""
    return _closed(
        {
            "path": TEXT | {"description": speak(say("在fields里的位置，例如items/0/problem；行从0数起。"))},
            "ground": {"enum": list(GROUNDS), "description": speak(say("隐去理由的代码。"))},
            "label": TEXT | {"description": speak(say("隐去理由。"))},
            "basis": TEXT | {"description": speak(say("法律依据。"))},
        }
    )


def attachment_schema(speak: Speak = chinese) -> Schema:
    """An attachment, or that it is withheld as a whole."""
    note = note_schema(speak)
    ground = _closed({name: each for name, each in note["properties"].items() if name != "path"})
    shown = {
        "n": {"type": "integer", "minimum": 1},
        "title": TEXT,
        "withheld": {"type": "boolean", "description": speak(say("整份不公开。"))},
        "media_type": TEXT,
        "pages": {"type": "integer"},
        "size": {"type": "integer", "description": speak(say("字节数。"))},
        "sha256": TEXT,
        "path": TEXT | {"description": speak(say("在本站的地址。"))},
        "notes": {"type": "array", "items": ground},
    }
    return _closed(shown) | {"required": ["n", "title", "notes"]}


def _head(speak: Speak, kinds: list[str]) -> Schema:
    department = _closed({"code": TEXT, "label": TEXT, "label_en": TEXT})
    return {
        "number": NUMBER | {"description": speak(say("公示编号，永久不变。"))},
        "kind": {"enum": kinds, "description": speak(say("公示类别。"))},
        "permalink": TEXT | {"description": speak(say("在本站的永久地址。"))},
        "department": department | {"description": speak(say("公示部门。"))},
        "published_on": {
            "type": "string",
            "format": "date",
            "description": speak(say("首次公示之日，北京时间。")),
        },
        "changed_at": {
            "type": "string",
            "format": "date-time",
            "description": speak(say("最近一次变化的时间，协调世界时。")),
        },
        "entry": {
            "type": "integer",
            "minimum": 0,
            "description": speak(say("最近一次行为的存证序号。")),
        },
    }


def _live(speak: Speak) -> Schema:
    return {
        "corrected": {"type": "boolean", "description": speak(say("曾经更正。"))},
        "contested": {"type": "boolean", "description": speak(say("异议处理中。"))},
        "version": {"type": "integer", "minimum": 1, "description": speak(say("公示的第几版。"))},
        "record_hash": {
            "type": "string",
            "pattern": "^[0-9a-f]{64}$",
            "description": speak(say("record.json的SHA-256，与公示存证里的一致。")),
        },
        "record_json": TEXT | {"description": speak(say("这一版原样的record.json在本站的地址。"))},
        "title": TEXT | {"description": speak(say("名称。"))},
        "source_number": _or_null(TEXT, speak(say("来源系统自己的编号。"))),
        "task_no": _or_null(TEXT, speak(say("抽查任务编号。"))),
        "plan_no": _or_null(TEXT, speak(say("抽查计划编号。"))),
    }


def _or_null(schema: Schema, description: str) -> Schema:
    return schema | {"type": [schema["type"], "null"], "description": description}


def _list(items: Schema, description: str) -> Schema:
    return {"type": "array", "items": items, "description": description}


def _closed(properties: Schema, **more: Any) -> Schema:
    """An object with exactly these members."""
    return {
        **more,
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
