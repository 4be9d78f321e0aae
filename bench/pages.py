"""Public pages over HTTP: kept ones beside nginx on the same bytes, rendered ones and search beside Datasette."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from urllib.parse import quote

from bench import servers
from bench.figure import Figure, Line, in_turn
from bench.place import Place, has_engine
from bench.sheets import GOODS

SECONDS = 2.0
ROW = "/flat/results/{}"
SEARCH = "/search?q={}"
PAGE = (
    "/flat/results?_search={}&_sort_desc=published_on&_facet=department&_facet=year&_facet=outcome&_size=20"
)
LEAN = "/flat/results.json?_search={}&_sort_desc=published_on&_size=20&_shape=array&_nofacet=1&_nocount=1"


def kept(place: Place, size: int) -> Iterator[Line]:
    """One record's page from the cache, again and again."""
    what, told = "one record's page, kept", servers.missing()
    if "wrk" in told:
        yield Line(what, size, "requests/s", [], "nginx, the same bytes; Datasette", None, told["wrk"])
        return
    number = place.numbers(size, 1)[0]
    path = f"/results/{number}"
    with ExitStack() as stack:
        ours = stack.enter_context(servers.portal(place.settings(size), place.port))
        body = servers.fetch(ours + path)
        loads = [partial(servers.load, ours, [path], SECONDS)]
        others = [("nginx, the same bytes", "≥ 0.5 ×"), ("Datasette, row page", "≥ 200 ×")]
        if "nginx" not in told:
            stack.enter_context(servers.nginx(body, place.port + 1))
            loads.append(partial(servers.load, f"http://127.0.0.1:{place.port + 1}", ["/page.html"], SECONDS))
        if "datasette" not in told:
            theirs = stack.enter_context(servers.datasette(place.flat(size), place.port + 2))
            loads.append(partial(servers.load, theirs, [ROW.format(number)], SECONDS))
        samples = in_turn(place.rounds + 2, *loads)
    mine, rest = samples[0], iter(samples[1:])
    for (versus, budget), name in zip(others, ("nginx", "datasette"), strict=True):
        note = told.get(name, f"{len(body):,} bytes")
        yield Line(what, size, "requests/s", mine, versus, None if name in told else next(rest), note, budget)


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
        theirs = stack.enter_context(servers.datasette(place.flat(size), place.port + 2))
        servers.one_by_one(mine, ours[:3])
        sides = [partial(servers.load, mine, ours, SECONDS)]
        sides += [partial(servers.load, theirs, paths, SECONDS) for _, paths, _ in beside]
        samples = in_turn(place.rounds + 2, *sides)
        alone = servers.one_by_one(mine, ours)
    for (versus, _, budget), rate in zip(beside, samples[1:], strict=True):
        yield Line(what, size, "requests/s", samples[0], versus, rate, budget=budget)
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
