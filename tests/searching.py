"""Documents and questions for the tests of search engines. All firms are invented."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import tantivy

from portal.search.documents import Document
from portal.search.engine import Engine, Position, Query

DAY = date(2026, 11, 20)


def result(serial: int, name: str = "示例西恒昌餐饮店", *lines: str, **changes: Any) -> Document:
    plain = Document(
        number=f"JG-2026-{serial:06d}",
        kind="result",
        title=name,
        department="scjg",
        lines=(name, *lines),
        entity_name=name,
        entity_code="91339900MA2TEST001",
        numbers=(f"JG-2026-{serial:06d}", "91339900MA2TEST001"),
        outcomes=("1",),
        year=2026,
        published_on=DAY,
        happened_on=DAY - timedelta(days=20),
    )
    return replace(plain, **changes)


def at(entry: int) -> Position:
    return Position(entry, f"{entry:064x}")


def put(engine: Engine, *documents: Document) -> None:
    engine.put(documents, (), at(engine.position().entry + 1))


def numbers(engine: Engine, text: str = "", **more: Any) -> list[str]:
    return [hit.number for hit in engine.ask(Query(text, **more)).hits]


def words_on_disk(root: Path) -> Iterator[tuple[str, bytes]]:
    """Every file under a folder, and the words that a grep does not find in them."""
    yield from ((str(path), path.read_bytes()) for path in sorted(root.rglob("*")) if path.is_file())
    yield from words_packed(root)


def words_packed(root: Path) -> Iterator[tuple[str, bytes]]:
    """The words of each of tantivy's indexes under a folder: they are packed, those of the deleted too."""
    for path in sorted(root.rglob("meta.json")):
        searcher = tantivy.Index.open(str(path.parent)).searcher()
        for field in ("number", "keys", "text", "names"):
            found = [word for word, _ in searcher.terms_with_prefix(field, "")]
            yield f"{path.parent}/{field}", "\n".join(found).encode()


MIXED = (
    result(1, outcomes=("1",), department="scjg", year=2025, published_on=date(2025, 3, 1)),
    result(2, outcomes=("5", "1"), department="scjg", states=("live", "corrected")),
    result(3, outcomes=("5",), department="yjgl", region="339902", happened_on=date(2026, 11, 1)),
    replace(
        result(4, "示例恒昌抽查任务", outcomes=(), department="lxb", entity_code="", happened_on=None),
        number="RW-2026-0001",
        kind="task",
    ),
)
