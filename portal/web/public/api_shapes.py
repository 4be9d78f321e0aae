"""What the read API's answers hold: the shapes that its descriptions name."""

from portal.exports.resource_schema import gone_schema, resource_schema
from portal.ledger.entry import TYPES
from portal.publications.fields import Kind
from portal.publications.kinds import KINDS
from portal.web.describing import Shape
from portal.web.public import api_examples as examples
from portal.web.shaping import DAY, MAYBE, MOMENT, TEXT, WHOLE, list_of, object_of
from portal.words import say

NEXT = say("接着读的地址；没有更多时为null。同样写在Link响应头里。")


def _of_kind(kind: Kind) -> Shape:
    return Shape(
        kind.name.capitalize(), lambda speak: resource_schema(kind, speak), (), lambda: examples.live(kind)
    )


OF_KIND = tuple(_of_kind(kind) for kind in KINDS.values())
PUBLICATION = Shape(
    "Publication",
    lambda speak: {
        "oneOf": [each.ref for each in OF_KIND],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {name: shape.ref["$ref"] for name, shape in zip(KINDS, OF_KIND, strict=True)},
        },
    },
    OF_KIND,
    lambda: examples.live(KINDS["result"]),
)
GONE = Shape("Gone", gone_schema, (), examples.gone)

PAGE = Shape(
    "PublicationPage",
    object_of(
        {
            "total": (WHOLE, say("符合条件的一共有多少条。")),
            "next": (MAYBE, NEXT),
            "publications": (list_of(PUBLICATION), say("这一页的公示，与本站的查找同一次序。")),
        }
    ),
    (PUBLICATION,),
    lambda: {"total": 1, "next": None, "publications": [examples.live(KINDS["result"])]},
)

VERSION = Shape(
    "Version",
    object_of(
        {
            "version": (WHOLE, say("第几版。")),
            "act": (TEXT, say("怎样产生的：publish公示，adjust调整，rescope调整公示范围，correct更正。")),
            "entry": (WHOLE, say("存证序号。")),
            "published_at": (MOMENT, say("公示时间，协调世界时。")),
            "reason": (MAYBE, say("公开的理由；没有的为null。")),
            "record_hash": (TEXT, say("record.json的SHA-256。")),
            "record_json": (
                MAYBE,
                say("原样的record.json在本站的地址；已经不再显示的版本为null，副本请一并删除。"),
            ),
        }
    ),
)
VERSIONS = Shape(
    "Versions",
    object_of(
        {
            "number": (TEXT, say("公示编号。")),
            "versions": (list_of(VERSION), say("各版，新的在前。")),
        }
    ),
    (VERSION,),
    examples.versions,
)

SUMMARY = Shape(
    "Summary",
    object_of(
        {
            "number": (TEXT, say("公示编号。")),
            "kind": ({"enum": list(KINDS)}, say("公示类别。")),
            "title": (TEXT, say("名称。")),
            "department_code": (TEXT, say("公示部门的代码。")),
            "published_on": (DAY, say("首次公示之日。")),
            "permalink": (TEXT, say("在本站的永久地址。")),
        }
    ),
)
ENTITY = Shape(
    "Entity",
    object_of(
        {
            "code": (TEXT, say("统一社会信用代码、注册号或者自编号。")),
            "names": ({"type": "array", "items": TEXT}, say("公示里写的名称。")),
            "total": (WHOLE, say("关于它的公示一共有多少条。")),
            "publications": (TEXT, say("逐条读取的地址。")),
            "tasks": (list_of(SUMMARY), say("抽到它的任务公告，新的在前，最多50条。")),
        }
    ),
    (SUMMARY,),
    examples.entity,
)

CHANGE = Shape(
    "Change",
    object_of(
        {
            "entry": (WHOLE, say("存证序号。")),
            "act": ({"enum": sorted(TYPES)}, say("做了什么。")),
            "at": (MOMENT, say("时间，协调世界时。")),
            "number": (TEXT, say("公示编号。")),
            "reason": (MAYBE, say("公开的理由；没有的为null。")),
            "drop_versions": (
                {"type": "array", "items": WHOLE},
                say("已经不再显示的各版；副本如果留有，请删除。"),
            ),
            "publication": (
                {"oneOf": [PUBLICATION.ref, GONE.ref]},
                say("这条公示现在的样子；state不是live的，副本请删除。"),
            ),
        }
    ),
    (PUBLICATION, GONE),
)
CHANGES = Shape(
    "Changes",
    object_of(
        {
            "head": (WHOLE, say("公示存证最后一号；还没有时为-1。")),
            "after": (WHOLE, say("下次从这一号之后读：存下它。")),
            "next": (MAYBE, NEXT),
            "changes": (list_of(CHANGE), say("按存证次序；没有新的变化时为空。")),
        }
    ),
    (CHANGE,),
    examples.changes,
)

ACT = Shape(
    "Act",
    object_of(
        {
            "entry": (WHOLE, say("存证序号。")),
            "act": (TEXT, say("做了什么。")),
            "at": (MOMENT, say("时间，协调世界时。")),
            "number": (TEXT, say("公示编号。")),
            "version": ({"type": ["integer", "null"]}, say("产生的第几版；没有的为null。")),
            "department_code": (TEXT, say("作出的部门。")),
            "reason": (MAYBE, say("公开的理由；没有的为null。")),
        }
    ),
)
ACTS = Shape(
    "Acts",
    object_of(
        {
            "total": (WHOLE, say("一共有多少件。")),
            "next": (MAYBE, NEXT),
            "acts": (list_of(ACT), say("新的在前。")),
        }
    ),
    (ACT,),
    examples.acts,
)
