"""The shapes of the read API's tables: departments, codes, fields, figures."""

from portal.codes.book import REGION_TABLE
from portal.publications.kinds import KINDS
from portal.web.describing import Shape
from portal.web.public import api_examples as examples
from portal.web.shaping import DAY, MAYBE, TEXT, list_of, object_of
from portal.words import say

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
            "month": ({"type": ["integer", "null"]}, say("月份；不分月份的为null。")),
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
