"""抽查任务公告: whom a task drew and how (D8–D10, D16, G15–G19)."""

from portal.publications.fields import Kind, internal, shown

DRAWN_ROW = (
    internal("seq", "序号", "No."),  # tells the order, and so the strata, in which the platform drew (W2)
    shown("entity_name", "检查对象名称", "Object", required=True),
    shown("entity_code", "统一社会信用代码/注册号", "USCC or registration number"),
    shown("registration_authority", "登记机关", "Registration authority"),
    shown("inspecting_unit", "检查单位", "Inspecting unit"),
    internal("risk_class", "信用风险分类", "Risk class"),
    internal("stratum", "抽取分层", "Stratum"),
    internal("inspectors", "检查人员", "Inspectors"),
    internal("leader", "组长", "Leader"),
)

TASK_ITEM_ROW = (
    shown("seq", "序号", "No."),
    shown("item_code", "事项编号", "Item code"),
    shown("item", "抽查事项", "Item", required=True),
)

TASK = Kind(
    name="task",
    label="抽查任务公告",
    label_en="Task announcement",
    prefix="RW",
    digits=4,
    plural="tasks",
    title_field="title",
    fields=(
        shown("title", "抽查任务名称", "Title", required=True),
        shown("source_number", "抽查任务编号", "Source task number", required=True),
        shown("department", "抽查机关", "Lead department", "department", required=True),
        shown("implementing_departments", "实施部门", "Implementing departments", "departments"),
        shown("region", "地区", "Region", "code", table="region"),
        shown("task_source", "任务来源", "Origin", "code", table="task_source"),
        shown("plan_no", "抽查计划编号", "Plan number"),
        shown("plan_name", "抽查计划名称", "Plan"),
        shown("sampling_type", "抽查类型", "Sampling", "code", table="sampling_type"),
        shown("scope", "抽查范围", "Scope", "code", table="scope"),
        shown("object_types", "对象类型", "Types of objects", "codes", table="entity_type"),
        shown("conditions", "抽取条件", "Conditions of the draw"),
        shown("starts_on", "开始日期", "Starts on", "date"),
        shown("ends_on", "结束日期", "Ends on", "date"),
        shown("description", "任务说明", "Description", "prose"),
        shown("items", "抽查事项", "Items", "rows", rows=TASK_ITEM_ROW),
        shown("pool_size", "名录库数量", "Pool size, without duplicates", "number"),
        shown("sample_size", "抽取数量", "Sample size", "number"),
        shown("ratio", "抽查比例", "Ratio, as printed"),
        shown("draw_mode", "抽取方式", "How it was drawn"),
        shown("drawn_on", "抽取日期", "Drawn on", "date"),
        shown("draw_attempts", "抽取次数", "Draw attempts", "number"),
        shown("platform_draw_no", "平台抽取编号", "The platform's draw number"),
        shown("locked_on", "名单锁定日期", "List locked on", "date"),
        shown("inspectors_per_object", "每户检查人员数", "Inspectors per object", "number"),
        shown("substitutions", "人员更换", "Substitutions", "number"),
        shown("recusals", "人员回避", "Recusals", "number"),
        shown("names_shown", "公示抽取名单", "Drawn list is published", "yes_no"),
        shown("names_withheld_ground", "不公示名单的理由", "Why the list is not published"),
        shown("drawn", "抽取名单", "Drawn objects", "rows", rows=DRAWN_ROW),
        shown("platform_published_on", "平台公示日期", "Published on the platform", "date"),
        internal("risk_filter", "风险筛选条件", "Risk filter"),
        internal("strata", "分层抽取", "Strata"),
        internal("recusal_reasons", "回避与更换理由", "Reasons of recusals and substitutions", "prose"),
        internal("internal_note", "内部备注", "Internal note", "prose"),
    ),
)
