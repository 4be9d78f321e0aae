"""Search and indexing, engine time: the portal's engines beside the same engines bare."""

import random
import shutil
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter

from bench import bare
from bench.figure import Figure, Line, timed
from bench.place import Place, has_engine
from bench.shapes import Shape, shapes
from portal.opening import office
from portal.search import asking
from portal.search.documents import Document
from portal.search.engine import Position
from portal.search.engines import ENGINES, open_folder
from portal.search.engines.tantivy import TantivyEngine
from portal.search.folder import IndexFolder
from portal.sessions import session_at
from portal.settings import Settings

LEAST = 3  # queries of one shape, however slow they are
INDEXED = {"whoosh": 1_000, "tantivy": 20_000}
BATCH = {"whoosh": 500, "tantivy": 5_000}
SAMPLE = 4_000


def search(engine: str, place: Place, size: int) -> Iterator[Line]:
    """Every shape, each query in turn with the bare engine's; the page as it is read, with its words marked, too."""
    settings = place.settings(size, engine)
    beside = bare.opened(settings.var, engine, place.documents(size))
    sample = bare.first(place.documents(size), SAMPLE)
    random.Random(size).shuffle(sample)  # type: ignore[arg-type]  # noqa: S311
    all_shapes = shapes(sample)
    if not has_engine(engine):
        yield from _bare_alone(engine, size, beside, all_shapes)
        return
    folder = _folder(engine, place.indexed(size, engine))
    folder.ask(all_shapes[0].queries[0])
    for shape in all_shapes:
        ours, theirs = _both(place, folder, beside, shape)
        budget = _budget(engine, shape)
        yield Line(shape.name, size, "ms", ours, f"bare {engine}", theirs, budget=budget)
    folder.close()
    yield from _again(engine, place.settings(size, engine), size, all_shapes)
    yield from _pages(engine, place, size, all_shapes)


def _folder(engine: str, settings: Settings) -> IndexFolder:
    """The folder as the site opens it; tantivy's keeps no counts, or it would give those of the last time."""
    if engine != "tantivy":
        return open_folder(settings)
    return IndexFolder(settings.index_dir / engine, partial(TantivyEngine, kept=0))


def _both(place: Place, folder: IndexFolder, beside: object, shape: Shape) -> tuple[list[float], list[float]]:
    """Each query here and there, three times round; where they are slow, as often as the time allows."""
    ours, theirs, end = [], [], perf_counter() + place.patience
    for query in [*shape.queries] * place.rounds:
        ours.append(timed(partial(folder.ask, query)))
        theirs.append(timed(partial(beside.ask, query)))  # type: ignore[attr-defined]
        if perf_counter() > end and len(ours) >= LEAST:
            break
    return ours, theirs


def _budget(engine: str, shape: Shape) -> str:
    if engine == "whoosh":
        return "p95 ≤ 15 ms" if shape.selective else "p95 ≤ 100 ms"
    return "p95 ≤ 20 ms, ≤ 1.5 ×"


def _bare_alone(engine: str, size: int, beside: object, all_shapes: Sequence[Shape]) -> Iterator[Line]:
    for shape in all_shapes:
        theirs = [timed(partial(beside.ask, query)) for query in shape.queries]  # type: ignore[attr-defined]
        yield Line(
            shape.name,
            size,
            "ms",
            [],
            f"bare {engine}",
            theirs,
            f"not run: the portal has no {engine} engine",
        )


def _again(engine: str, settings: Settings, size: int, all_shapes: Sequence[Shape]) -> Iterator[Line]:
    """As the site asks tantivy: what was counted once is kept until the index moves."""
    if engine != "tantivy":
        return
    folder = open_folder(settings)
    for shape in all_shapes:
        if all(query.text and query.facets and query.sort == "published" for query in shape.queries):
            samples = []
            for query in shape.queries:
                folder.ask(query)
                samples += [timed(partial(folder.ask, query)) for _ in range(LEAST)]
            what = f"{shape.name}: asked again before the next commit"
            yield Line(what, size, "ms", samples, budget="p95 ≤ 20 ms")
    folder.close()


def _pages(engine: str, place: Place, size: int, all_shapes: Sequence[Shape]) -> Iterator[Line]:
    """What a page needs: engine, faces and bodies, words marked in names and lines."""
    settings = place.settings(size, engine)
    folder = open_folder(settings)
    with session_at(office(settings), "public") as session:
        for shape in (all_shapes[0], all_shapes[5]):
            samples = [
                timed(partial(asking.ask, session, folder, each))
                for each in [*shape.queries][: 10 * place.rounds]
            ]
            yield Line(f"{shape.name}: with its words marked, SQL included", size, "ms", samples)
    folder.close()


# ── indexing ─────────────────────────────────────────────────


def indexing(engine: str, place: Place, size: int) -> Iterator[Line]:
    """Documents put in batches, a commit each, beside the bare engine: tokens cut beforehand, and cut while it goes."""
    documents = bare.first(place.documents(size), min(INDEXED[engine], size))
    everything = list(bare.cut(documents, spelled=True))
    pairs = list(bare.cut(documents))
    work = place.folder / "indexing"
    rates: dict[str, list[float]] = {"ours": [], "all": [], "pairs": [], "cut": []}
    for _ in range(place.rounds):
        rates["all"].append(_fill(bare.BARE[engine], work, everything, len(documents)))
        rates["pairs"].append(_fill(bare.BARE[engine], work, pairs, len(documents)))
        rates["cut"].append(_fill(bare.BARE[engine], work, bare.cut(documents, spelled=True), len(documents)))
        if has_engine(engine):
            rates["ours"].append(_put(engine, work, documents))
    note = "" if has_engine(engine) else f"not run: the portal has no {engine} engine"
    for name, kept in (
        ("all", "the same tokens, cut beforehand"),
        ("pairs", "pairs alone, cut beforehand"),
        ("cut", "the same tokens, cut by the same code"),
    ):
        versus = f"bare {engine}, {kept}"
        yield Line(
            "records indexed",
            len(documents),
            "records/s",
            rates["ours"],
            versus,
            rates[name],
            note,
            "≥ 0.9 ×",
        )


def _fill(
    engine: type[bare.BareWhoosh] | type[bare.BareTantivy],
    work: Path,
    documents: Iterable[bare.Cut],
    count: int,
) -> float:
    shutil.rmtree(work, ignore_errors=True)
    began = perf_counter()
    engine(work).fill(documents)
    return count / (perf_counter() - began)


def _put(engine: str, work: Path, documents: Sequence[Document]) -> float:
    shutil.rmtree(work, ignore_errors=True)
    own, batch = ENGINES[engine](work), BATCH[engine]
    began = perf_counter()
    for at in range(0, len(documents), batch):
        own.put(documents[at : at + batch], (), Position(at, "bench"))
    seconds = perf_counter() - began
    own.close()
    return len(documents) / seconds


FIGURES = [
    Figure(
        "search-whoosh",
        "Search, Whoosh",
        "20k records: selective queries p95 ≤ 15 ms, every shape incl. common words with facets ≤ 100 ms",
        partial(search, "whoosh"),
        most=50_000,
    ),
    Figure(
        "search-tantivy",
        "Search, tantivy",
        "1M records: p95 ≤ 20 ms engine time for every shape; ≤ 1.5 × bare tantivy",
        partial(search, "tantivy"),
    ),
    Figure(
        "index-whoosh",
        "Indexing, Whoosh",
        "≥ 0.9 of the bare engine's rate",
        partial(indexing, "whoosh"),
        most=50_000,
    ),
    Figure(
        "index-tantivy", "Indexing, tantivy", "≥ 0.9 of the bare engine's rate", partial(indexing, "tantivy")
    ),
]
