"""Public pages over HTTP: kept ones beside nginx on the same bytes, rendered ones and search beside Datasette."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from urllib.parse import quote

from bench import servers
from bench.figure import Figure, Line, in_turn
from bench.place import Place, has_engine
from bench.sheets import GOODS

SECONDS = 2.0
CORES = os.cpu_count() or 1
KEPT = "one record's page, kept"
BESIDE = (
    ("nginx", "nginx, the same bytes", "≥ 0.5 ×"),
    ("datasette", "Datasette, row page", "≥ 200 ×"),
)
ROW = "/flat/results/{}"
SEARCH = "/search?q={}"
PAGE = (
    "/flat/results?_search={}&_sort_desc=published_on&_facet=department&_facet=year&_facet=outcome&_size=20"
)
LEAN = "/flat/results.json?_search={}&_sort_desc=published_on&_size=20&_shape=array&_nofacet=1&_nocount=1"


def kept(place: Place, size: int) -> Iterator[Line]:
    """One record's page from the cache, again and again: our own server's, and nginx's before it."""
    told = servers.missing()
    if "wrk" in told:
        yield Line(KEPT, size, "requests/s", [], "nginx, the same bytes; Datasette", None, told["wrk"])
        return
    with ExitStack() as stack:
        loads = _loads(stack, place, size, told)
        samples = dict(zip(loads, in_turn(place.rounds + 2, *loads.values()), strict=True))
    for ours, what in (("portal", KEPT), ("installed", f"{KEPT}: behind nginx as docs/operating.md has it")):
        for name, versus, budget in BESIDE:
            if ours in samples:
                theirs, note = samples.get(name), told.get(name, "")
                yield Line(what, size, "requests/s", samples[ours], versus, theirs, note, budget)


def _loads(
    stack: ExitStack, place: Place, size: int, told: Mapping[str, str]
) -> dict[str, Callable[[], float]]:
    number = place.numbers(size, 1)[0]
    path = f"/results/{number}"

    def load(address: str, asked: str) -> Callable[[], float]:
        return partial(servers.load, address, [asked], SECONDS)

    ours = stack.enter_context(servers.portal(place.settings(size), place.port))
    loads = {"portal": load(ours, path)}
    if "nginx" not in told:
        file = stack.enter_context(servers.nginx(servers.fetch(ours + path), place.port + 1))
        loads["nginx"] = load(file, "/page.html")
        loads["installed"] = load(stack.enter_context(servers.nginx_before(ours, place.port + 3)), path)
    if "datasette" not in told:
        theirs = stack.enter_context(servers.datasette(place.flat(size), place.port + 2))
        loads["datasette"] = load(theirs, ROW.format(number))
    return loads


def rendered(place: Place, size: int) -> Iterator[Line]:
    """Records' pages with nothing kept: each is rendered."""
    numbers = place.numbers(size)
    ours = [f"/results/{each}" for each in numbers]
    theirs = [ROW.format(each) for each in numbers]
    yield from _beside(
        place, size, "records' pages, rendered", ours, [("Datasette, row pages", theirs, "≥ 5 ×")]
    )


def searched(engine: str, place: Place, size: int) -> Iterator[Line]:
    """Search pages with nothing kept, a word after the other."""
    if not has_engine(engine):
        yield Line(
            "search pages",
            size,
            "requests/s",
            [],
            "Datasette",
            None,
            f"not run: the portal has no {engine} engine",
        )
        return
    words = [
        quote(f"涉及{word}") for word in GOODS
    ]  # at least three hanzi: what Datasette's trigrams can find
    ours = [SEARCH.format(each) for each in words]
    beside = [
        ("Datasette, lean JSON search", [LEAN.format(each) for each in words], "≥ 2 ×"),
        ("Datasette, search page with three facets", [PAGE.format(each) for each in words], "≥ 100 ×"),
    ]
    yield from _beside(place, size, f"search pages, rendered, {engine}", ours, beside, engine)


def _beside(
    place: Place,
    size: int,
    what: str,
    ours: Sequence[str],
    beside: Sequence[tuple[str, Sequence[str], str]],
    engine: str = "whoosh",
) -> Iterator[Line]:
    told = servers.missing()
    if note := told.get("wrk") or told.get("datasette", ""):
        for versus, _, budget in beside:
            yield Line(what, size, "requests/s", [], versus, None, note, budget)
        return
    settings = place.indexed(size, engine) if engine != "whoosh" or "search" in what else place.settings(size)
    with ExitStack() as stack:
        mine = stack.enter_context(servers.portal(settings, place.port, page_cache_mb="0"))
        both = stack.enter_context(servers.portal(settings, place.port + 1, CORES, page_cache_mb="0"))
        theirs = stack.enter_context(servers.datasette(place.flat(size), place.port + 2))
        servers.one_by_one(mine, ours[:3])
        servers.one_by_one(both, ours[: 3 * CORES])
        sides = [partial(servers.load, each, ours, SECONDS) for each in (mine, both)]
        sides += [partial(servers.load, theirs, paths, SECONDS) for _, paths, _ in beside]
        samples = in_turn(place.rounds + 2, *sides)
        alone = servers.one_by_one(mine, ours)
    for (versus, _, budget), rate in zip(beside, samples[2:], strict=True):
        note = "" if max(rate) else f"{versus} did not answer once in {SECONDS:.0f} seconds"
        yield Line(what, size, "requests/s", samples[0], versus, rate, note, budget)
        many = f"{what}: --workers {CORES}"
        yield Line(many, size, "requests/s", samples[1], versus, rate, budget=budget)
    yield Line(f"{what}: one request at a time", size, "ms", alone)


FIGURES = [
    Figure(
        "page-cached",
        "A public page, kept",
        "≥ 1/2 of nginx serving the same bytes; ≥ 200 × Datasette's row page",
        kept,
    ),
    Figure("page-rendered", "A public page, rendered", "≥ 5 × Datasette's row page", rendered),
    Figure(
        "search-page",
        "The search page over HTTP",
        "at 200k (tantivy): ≥ 2 × Datasette's lean JSON search, ≥ 100 × its search page",
        partial(searched, "tantivy"),
    ),
    Figure(
        "search-page-whoosh",
        "The search page over HTTP, Whoosh",
        "none of its own",
        partial(searched, "whoosh"),
        most=50_000,
    ),
]
