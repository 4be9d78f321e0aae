"""How the rows of each kind are laid out: data, so that a new field of a kind shows up without new code."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column: the field that heads it, and the fields that stand under it in small print."""

    field: str
    beneath: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """The columns of a table; a public field that is in none of them and not hidden goes into the row's details."""

    columns: tuple[Column, ...]
    hidden: frozenset[str] = frozenset({"seq"})

    @property
    def placed(self) -> set[str]:
        return {name for column in self.columns for name in (column.field, *column.beneath)} | self.hidden


LAYOUTS: Mapping[tuple[str, str], Layout] = {
    ("list", "items"): Layout(
        (
            Column("item", ("sub_item", "item_code", "category")),
            Column("item_class", ("methods",)),
            Column("inspected_object", ("inspecting_body",)),
            Column("sampling_ratio", ("frequency",)),
            Column("legal_basis"),
        )
    ),
    ("plan", "items"): Layout(
        (
            Column("item", ("plan_item_name", "item_code")),
            Column("object_range", ("item_class", "methods")),
            Column("ratio", ("estimated_count", "frequency")),
            Column("period"),
            Column("lead", ("supporting", "level")),
        ),
        hidden=frozenset({"seq", "ratio_low", "ratio_high"}),  # parsed beside what was printed
    ),
    ("task", "items"): Layout((Column("item"), Column("item_code"))),
    ("task", "drawn"): Layout(
        (
            Column("entity_name"),
            Column("entity_code"),
            Column("registration_authority"),
            Column("inspecting_unit"),
        )
    ),
    ("result", "items"): Layout(
        (
            Column("item", ("item_class", "methods", "checked")),
            Column("outcomes"),
            Column("problem", ("disposition",)),
        )
    ),
}

FACTS: Mapping[str, tuple[str, ...]] = {
    "list": (
        "department", "region", "edition", "effective_from", "effective_to", "document_no", "joint",
        "adjustment_note", "platform_published_on",
    ),
    "plan": (
        "department", "supporting_departments", "region", "level", "plan_year", "sampling_type", "scope",
        "starts_on", "ends_on", "state", "document_no", "adjustment_note", "filed_with", "filed_on",
        "platform_published_on",
    ),
    "task": (
        "department", "implementing_departments", "region", "task_source", "sampling_type", "scope",
        "object_types", "starts_on", "ends_on", "description",
    ),
    "draw": (
        "conditions", "pool_size", "sample_size", "ratio", "draw_mode", "drawn_on", "draw_attempts",
        "platform_draw_no", "locked_on", "inspectors_per_object", "substitutions", "recusals",
        "platform_published_on",
    ),
}  # fmt: skip
