"""What the read API's answers hold: the shapes that its descriptions name."""

from portal.codes.book import REGION_TABLE
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

DEPARTMENT = Shape(
    "Department",
    object_of(
        {
            "code": (TEXT, say("代码。")),
            "label": (TEXT, say("全称。")),
            "label_en": (TEXT, say("英文名称。")),
            "short": (TEXT, say("简称。")),
            "region": (TEXT, say("行政区划代码；没有的为空。")),
            "phone": (TEXT, say("公开的电话；没有的为空。")),
            "valid_from": (DAY, say("从哪一天起；不限的为null。")),
            "valid_to": (DAY, say("到哪一天止；仍在用的为null。")),
        }
    ),
)
DEPARTMENTS = Shape(
    "Departments",
    object_of({"departments": (list_of(DEPARTMENT), say("全部部门，已经不用的也在内。"))}),
    (DEPARTMENT,),
    examples.departments,
)

CODE = Shape(
    "Code",
    object_of(
        {
            "table": (TEXT, say("代码表和它的版本，例如outcome@2022，与记录里的table一致。")),
            "code": (TEXT, say("代码。")),
            "label": (TEXT, say("名称。")),
            "label_en": (TEXT, say("英文名称。")),
            "valid_from": (DAY, say("从哪一天起；不限的为null。")),
            "valid_to": (DAY, say("到哪一天止；仍在用的为null。")),
        }
    ),
)
CODES = Shape(
    "Codes",
    object_of(
        {
            "table": (
                TEXT,
                say("代码表的名称，例如outcome；行政区划是region，见{table}。", table=REGION_TABLE),
            ),
            "codes": (list_of(CODE), say("各版本的全部代码。")),
        }
    ),
    (CODE,),
    examples.codes,
)
TABLES = Shape(
    "CodeTables",
    object_of({"tables": ({"type": "array", "items": TEXT}, say("代码表的名称。"))}),
    (),
    lambda: {"tables": ["outcome", "region"]},
)

FIELD = Shape(
    "Field",
    object_of(
        {
            "name": (TEXT, say("在fields里的名称。")),
            "label": (TEXT, say("中文名称。")),
            "label_en": (TEXT, say("英文名称。")),
            "type": (TEXT, say("类型。")),
            "required": ({"type": "boolean"}, say("每条公示都应当有。")),
            "table": (MAYBE, say("所用的代码表；没有的为null。")),
            "rows": (
                {"type": "array", "items": {"$ref": "#/components/schemas/Field"}},
                say("每一行的各项。"),
            ),
        }
    ),
)
KIND = Shape(
    "Kind",
    object_of(
        {
            "kind": ({"enum": list(KINDS)}, say("公示类别。")),
            "label": (TEXT, say("中文名称。")),
            "label_en": (TEXT, say("英文名称。")),
            "prefix": (TEXT, say("公示编号的字头。")),
            "fields": (list_of(FIELD), say("公开的各项。")),
        }
    ),
    (FIELD,),
)
FIELDS = Shape("Fields", object_of({"kinds": (list_of(KIND), say("四类公示。"))}), (KIND,), examples.fields)

FIGURE = Shape(
    "Figure",
    object_of(
        {
            "name": (TEXT, say("哪一个数。")),
            "department_code": (MAYBE, say("部门；不分部门的为null。")),
            "kind": (MAYBE, say("公示类别；不分类别的为null。")),
            "year": ({"type": ["integer", "null"]}, say("年份；不分年份的为null。")),
            "detail": (MAYBE, say("再细分：检查结果代码、隐去理由、按时或者逾期等；没有的为null。")),
            "value": ({"type": "number"}, say("数；name为median的是工作日数的中位数。")),
        }
    ),
)
FIGURES = Shape(
    "Figures",
    object_of(
        {
            "as_of": (
                {"type": ["string", "null"], "format": "date-time"},
                say("统计截至的时间；还没有统计的为null。"),
            ),
            "figures": (list_of(FIGURE), say("与统计页同一批数。")),
        }
    ),
    (FIGURE,),
    examples.figures,
)
