"""What a file of the registries may say: inspected objects (检查对象名录库) and inspectors (检查人员名录库)."""

from collections.abc import Mapping

from portal.publications.fields import Kind, internal

OBJECT = Kind(
    name="object",
    label="检查对象名录",
    label_en="Registry of inspected objects",
    prefix="",
    digits=0,
    plural="objects",
    title_field="entity_name",
    fields=(
        internal("entity_name", "检查对象名称", "Inspected object", required=True),
        internal("entity_code", "统一社会信用代码/注册号", "USCC or registration number"),
        internal("entity_type", "对象类型", "Type of object", "code", table="entity_type"),
        internal("region", "地区", "Region", "code", table="region"),
        internal("registration_authority", "登记机关", "Registration authority"),
        internal("address", "地址", "Address"),
        internal("entity_status", "主体状态", "State of entity", "code", table="entity_status"),
        internal("tags", "标签", "Tags"),
        internal("department", "维护部门", "Keeping department", "department"),
        internal("internal_id", "内部编号", "Internal id"),
        internal("phone", "联系电话", "Telephone"),
        internal("risk_class", "信用风险分类", "Risk class"),
    ),
)

INSPECTOR = Kind(
    name="inspector",
    label="检查人员名录",
    label_en="Registry of inspectors",
    prefix="",
    digits=0,
    plural="inspectors",
    title_field="inspector_name",
    fields=(
        internal("inspector_name", "检查人员姓名", "Inspector", required=True),
        internal("identity_number", "身份证件号码", "Identity-card number", required=True),
        internal("department", "所在部门", "Department", "department"),
        internal("qualifications", "资质", "Qualifications"),
        internal("item_scope", "可查事项", "Item scope"),
        internal("active", "在岗", "At work", "yes_no"),
    ),
)

REGISTRY_KINDS: Mapping[str, Kind] = {each.name: each for each in (OBJECT, INSPECTOR)}

# the file's field -> the registry's column
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "object": {
        "entity_name": "name", "entity_type": "kind", "region": "region", "address": "address",
        "registration_authority": "registration_authority", "entity_status": "state", "tags": "tags",
        "department": "department_code", "internal_id": "internal_id", "phone": "phone",
        "risk_class": "risk_class",
    },
    "inspector": {
        "inspector_name": "name", "department": "department_code", "qualifications": "qualifications",
        "item_scope": "items", "active": "active",
    },
}  # fmt: skip


# how many characters each text may have
WIDTHS: Mapping[str, int] = {
    "entity_name": 200, "registration_authority": 120, "address": 300, "internal_id": 60, "phone": 60,
    "risk_class": 20, "inspector_name": 60, "tags": 2000, "qualifications": 2000, "item_scope": 2000,
}  # fmt: skip
