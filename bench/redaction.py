"""Recall and precision of the recognisers, per kind: ``python -m bench.redaction FILE.jsonl``.

Each line of FILE: ``{id, text, spans: [{start, end, label}], keep: [words that must stay]}``. A span counts when
start, end and kind are right. Exits with 1 when a budget is missed or a word that must stay was masked.
"""

import json
import time
from pathlib import Path

import click

from portal.redaction.recognising.measuring import BUDGETS, Measure, measure


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def main(context: click.Context, file: Path) -> None:
    records = [json.loads(line) for line in file.read_text("utf-8-sig").split("\n") if line.strip()]
    started = time.process_time()
    result = measure(records)
    spent = time.process_time() - started
    click.echo(f"{'kind':<10}{'labelled':>9}{'found':>7}{'recall':>9}{'budget':>9}{'precision':>11}")
    for kind in result.kinds:
        click.echo(_line(result, kind))
    for where, words in result.touched:
        click.echo(f"masked though it must stay: {where} {words}")
    characters = sum(len(record["text"]) for record in records)
    click.echo(
        f"{result.texts} texts, {characters} characters, {spent / max(1, len(records)) * 1000:.2f} ms a text;"
        f" {len(result.touched)} words that must stay were masked;"
        f" budgets missed: {', '.join(result.missed_budgets) or 'none'}"
    )
    context.exit(1 if result.touched or result.missed_budgets else 0)


def _line(result: Measure, kind: str) -> str:
    budget = f"{BUDGETS[kind]:.1%}" if kind in BUDGETS else "–"
    return (
        f"{kind:<10}{result.labelled[kind]:>9}{result.found[kind]:>7}{result.recall(kind):>9.2%}{budget:>9}"
        f"{result.precision(kind):>11.2%}"
    )


if __name__ == "__main__":
    main()
