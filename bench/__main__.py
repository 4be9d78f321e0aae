"""Every budget of the design, measured beside what it is compared to: ``python -m bench [FIGURE …]``.

It judges nothing: its exit code says only whether it could run.
"""

import signal
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import click

from bench import batches, pages, publishing, recognising, searching, table
from bench.figure import Figure, Line
from bench.place import Place

FIGURES: list[Figure] = [
    *searching.FIGURES,
    *pages.FIGURES,
    *publishing.FIGURES,
    *batches.FIGURES,
    *recognising.FIGURES,
]
NAMED = {each.name: each for each in FIGURES}
USUAL = (20_000, 200_000)


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(NAMED)))
@click.option(
    "--size", "sizes", multiple=True, type=int, help="How many results; several times for several sizes."
)
@click.option("--million", is_flag=True, help="1,000,000 beside the usual sizes: an hour, 15 GB.")
@click.option("--ten-million", is_flag=True, help="10,000,000 beside the usual sizes: most of a day, 150 GB.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("var/bench"), show_default=True)
@click.option(
    "--page", type=click.Path(path_type=Path), default=table.PAGE, help="Where the table is written."
)
@click.option("--port", default=8700, show_default=True, help="The first of four ports.")
@click.option("--rounds", default=3, show_default=True, help="How often each side is measured.")
@click.option("--patience", default=6.0, show_default=True, help="Seconds for one shape of query.")
@click.option("--list", "only_list", is_flag=True, help="Say what there is to measure.")
def main(
    names: tuple[str, ...],
    sizes: tuple[int, ...],
    million: bool,
    ten_million: bool,
    out: Path,
    page: Path,
    port: int,
    rounds: int,
    patience: float,
    only_list: bool,
) -> None:
    """Measure the figures that are named, or all, and write the table."""
    if only_list:
        for each in FIGURES:
            click.echo(f"{each.name:<20}{each.budget}")
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # else the servers would be left standing
    wanted = [*(sizes or USUAL), *[10**6] * million, *[10**7] * ten_million]
    place = Place(out.resolve(), port, rounds, patience)
    told = {}
    for figure in [NAMED[name] for name in names] or FIGURES:
        began = time.monotonic()
        click.echo(f"── {figure.title}: {figure.budget}")
        lines = list(measured(figure, place, wanted))
        click.echo(table.printed(lines) + "\n")
        if lines:
            told[figure.name] = table.section(figure, lines, time.monotonic() - began)
            table.write(FIGURES, told, page)  # after each: who breaks off keeps what there is


def measured(figure: Figure, place: Place, sizes: list[int]) -> Iterator[Line]:
    """A figure at each size at which it says something; one that breaks says so in the table."""
    for size in sizes[:1] if figure.alone else sizes:
        if not figure.alone and not figure.least <= size <= figure.most:
            continue
        try:
            yield from figure.run(place, size)
        except Exception as error:  # noqa: BLE001 - the other figures are still to be measured
            traceback.print_exc()
            said = str(error).strip().split("\n")[0][:200]
            yield Line(figure.title, size, "", [], note=f"broke off: {type(error).__name__}: {said}")


if __name__ == "__main__":
    main()
