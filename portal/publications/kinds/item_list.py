"""抽查事项清单: what a department may inspect (D2–D6, G8, GA14)."""

from portal.publications.fields import Kind, internal, shown

ITEM_ROW = (
    shown("seq", "序号", "No."),
    shown("category", "类别", "Category"),
    shown("item_code", "事项编号", "Item code"),
    shown("item", "抽查事项", "Item", required=True),
    shown("sub_item", "子项", "Sub-item"),
    shown("legal_basis", "检查依据", "Legal basis"),
    shown("inspecting_body", "检查主体", "Inspecting body"),
    shown("inspected_object", "检查对象", "Objects inspected"),
    shown("item_class", "事项类别", "Class", "code", table="item_class"),
    shown("sampling_ratio", "检查比例", "Ratio, as printed"),
    shown("frequency", "检查频次", "Frequency, as printed"),
    shown("methods", "检查方式", "Methods", "codes", table="method"),
    shown("content", "检查内容及要求", "Content"),
    shown("required_materials", "检查材料清单", "Materials to have ready", "texts"),
    shown("possible_results", "检查结果及后续处置", "Possible results and follow-up", "texts"),
    shown("needs_qualification", "人员要求", "Qualification of inspectors"),
    shown("responsible_office", "责任处室", "Responsible office"),
    shown("remark", "备注", "Remark"),
    shown("in_force", "有效状态", "In force", "yes_no"),
)

LIST = Kind(
    name="list",
    label="抽查事项清单",
    label_en="Item list",
    prefix="QD",
    digits=4,
    plural="lists",
    title_field="title",
    fields=(
        shown("title", "清单名称", "Title", required=True),
        shown("source_number", "清单编号", "Source number"),
        shown("department", "职能部门", "Department", "department", required=True),
        shown("region", "地区", "Region", "code", table="region"),
        shown("edition", "版本", "Edition"),
        shown("effective_from", "生效日期", "In force from", "date", required=True),
        shown("effective_to", "失效日期", "In force until", "date"),
        shown("document_no", "文号", "Document number"),
        shown("joint", "部门联合抽查", "Joint items of several departments", "yes_no"),
        shown("adjustment_note", "调整说明", "What was adjusted", "prose"),
        shown("items", "抽查事项", "Items", "rows", rows=ITEM_ROW, required=True),
        shown("platform_published_on", "平台公示日期", "Published on the platform", "date"),
        internal("filed_with", "备案机关", "Filed with"),
        internal("filed_on", "备案日期", "Filed on", "date"),
        internal("filing_receipt", "备案回执", "Filing receipt"),
        internal("internal_note", "内部备注", "Internal note", "prose"),
    ),
)
