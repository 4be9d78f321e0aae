"""The shapes of what people ask, as queries: from one firm's name to a word that stands in every record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bench.sheets import GOODS
from portal.search.documents import Document
from portal.search.engine import FACETS, Query

EACH = 20  # queries of one shape


@dataclass(frozen=True)
class Shape:
    """Queries of one kind.

    :param selective: whether they find little.
    """

    name: str
    queries: Sequence[Query]
    selective: bool = False


def shapes(sample: Sequence[Document]) -> list[Shape]:
    """Of each shape some queries, made of what stands in a sample of the records."""
    results = [each for each in sample if each.kind == "result" and len(each.entity_name) >= 8] or list(
        sample
    )
    names = [each.entity_name[2:8] for each in results[:: max(1, len(results) // EACH)]][:EACH]
    goods = [Query(text=word, facets=()) for word in GOODS]
    filtered = [
        Query(
            text="检查",
            filters={"department": each.department, "year": str(each.year), "kind": "result"},
            facets=(),
        )
        for each in results[:: max(1, len(results) // EACH)]
    ][:EACH]
    common = [Query(text=word, facets=()) for word in ("检查", "示例", "监督", "事项", "核查")]
    counted = [replace(each, facets=FACETS) for each in common]
    phrases = [
        Query(text=word, facets=())
        for word in ("示例市", "监督管理", "实地核查", "抽查工作计划", "未发现问题")
    ]
    return [
        Shape("part of a name, six hanzi", [Query(text=name, facets=()) for name in names], True),
        Shape("a word and three filters, newest first", filtered, True),
        Shape("middling word", goods, True),
        Shape("middling word, all facets", [replace(each, facets=FACETS) for each in goods]),
        Shape("common word, newest first", common),
        Shape("common word, all facets", counted),
        Shape("common word, by relevance, all facets", [replace(each, sort="relevance") for each in counted]),
        Shape("common word, by day of inspection", [replace(each, sort="inspected") for each in common]),
        Shape("common word, page 50, all facets", [replace(each, page=50) for each in counted]),
        Shape("a phrase in nearly every record, newest first", phrases),
        Shape(
            "a phrase in nearly every record, all facets", [replace(each, facets=FACETS) for each in phrases]
        ),
        Shape(
            "no word, one department, all facets",
            [replace(each, text="", facets=FACETS) for each in filtered],
        ),
    ]
