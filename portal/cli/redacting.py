"""What the recognisers would propose for text from elsewhere."""

import json
from collections.abc import Iterator
from typing import IO, Any

import click

from portal.cli.group import main
from portal.errors import Refused
from portal.redaction.recognising.proposing import propose
from portal.words import say


@main.group()
def redaction() -> None:
    """依法隐去: what the recognisers see."""


@redaction.command("propose")
@click.argument("file", type=click.File("rb"))
@click.pass_context
def propose_for(context: click.Context, file: IO[bytes]) -> None:
    """Propose marks for each line {"id", "text"} of FILE (- for standard input).

    Prints a line {"id", "spans": [{"start", "end", "kind", "sure"}]} for each, offsets in code points, the end
    excluded. A line that can not be read is named on standard error, the others are still answered, and the
    command exits with 1.
    """
    broken = 0
    for number, line in enumerate(_lines(file), start=1):
        try:
            if line.strip():
                click.echo(_answer(line, number))
        except Refused as refusal:
            broken += 1
            click.echo(str(refusal), err=True)
    if broken:
        click.echo(say("共{count}行无法读取，其余各行已经处理。", count=broken), err=True)
    context.exit(1 if broken else 0)


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    for at, line in enumerate(file):
        yield line.removeprefix(b"\xef\xbb\xbf") if at == 0 else line


def _answer(line: bytes, number: int) -> str:
    record = _record(line, number)
    spans = [
        {"start": each.start, "end": each.end, "kind": each.kind, "sure": each.sure}
        for each in propose(record["text"])
    ]
    return json.dumps({"id": record.get("id"), "spans": spans})


def _record(line: bytes, number: int) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Refused(
            say("第{number}行不是JSON；每行要写成{shape}。", number=number, shape=_SHAPE)
        ) from error
    if not isinstance(record, dict) or not isinstance(record.get("text"), str) or "id" not in record:
        raise Refused(say("第{number}行没有id或者text；每行要写成{shape}。", number=number, shape=_SHAPE))
    return record


_SHAPE = '{"id": "…", "text": "…"}'
