"""公示存证: verifying the log and the records it covers, here or from outside, and keeping a copy."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from portal import clock, witness
from portal.cli.group import advance, main
from portal.cli.log import log
from portal.ledger import book, sealing
from portal.ledger.models import LedgerHead
from portal.ledger.signer import Signer
from portal.opening import office
from portal.sessions import session_at
from portal.settings import Settings
from portal.verifying.mirroring import mirror
from portal.verifying.report import Report
from portal.verifying.sources import Site, source_at
from portal.verifying.verify import told, verify
from portal.verifying.walking import Progress

WRONG, LATE = 1, 3  # exit codes; 2 is a command that was written wrongly


@log.command("verify")
@click.argument("place", required=False, default="")
@click.option(
    "--key", default="", metavar="VKEY|FILE", help="The log's verifier key, from elsewhere than the log."
)
@click.option("--earlier", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A checkpoint that was kept.")  # fmt: skip
@click.option("--no-pages", is_flag=True, help="Leave out what the pages show.")
@click.option("--log-only", is_flag=True, help="Leave out the records altogether.")
@click.pass_context
def verify_log(
    context: click.Context, place: str, key: str, earlier: Path | None, no_pages: bool, log_only: bool
) -> None:
    """Check the log at PLACE, a URL or a folder made by `portal log mirror`; without PLACE, this portal's own.

    Exits with 0 when everything is right, 1 when something is wrong, 3 when only objections are overdue.
    """
    if not place:
        context.exit(_own(context.obj))
    with _bar("核验") as progress:
        report = verify(
            source_at(place),
            today=clock.today(),
            key=_text_or_file(key),
            earlier=earlier.read_text(encoding="utf-8") if earlier else "",
            records=not log_only,
            pages=not no_pages,
            progress=progress,
        )
    context.exit(_tell(report))


@log.command("mirror")
@click.argument("address", metavar="URL")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def mirror_log(address: str, folder: Path) -> None:
    """Download into FOLDER what `portal log verify FOLDER` needs; run again, it goes on where it stopped."""
    with _bar("下载") as progress:
        made = mirror(Site(address), folder, progress)
    click.echo(f"存证{made.entries}条，公示编号{made.numbers}个；这次下载了{made.files}个文件。")
    click.echo("请把 log/checkpoint 另外留存一份：以后用 --earlier 核对，就知道存证有没有被改写。")


@main.command("witness")
@click.argument("place", metavar="URL")
@click.option("--name", required=True, help="Of this witness, as witness.example/w1.")
@click.option("--log", "keys", required=True, multiple=True, metavar="VKEY", help="The log's verifier key.")
@click.option("--folder", default="witness", help="Where key and memory are kept.")
@click.pass_context
def cosign(context: click.Context, place: str, name: str, keys: tuple[str, ...], folder: str) -> None:
    """Cosign the newest checkpoint of the log at URL (https://…/log), if it extends the one cosigned last.

    The same program as one file, for whoever has no portal: portal/witness.py.
    """
    logs = [word for key in keys for word in ("--log", key)]
    context.exit(witness.main([place, "--name", name, *logs, "--folder", folder]))


def _own(settings: Settings) -> int:
    """Work every entry of this portal's own ledger out again: database, files and the signer's memory agree."""
    with session_at(office(settings), "reads") as session:
        problems = book.check(session)
        problems += sealing.why_not_write(session, Signer(settings.log_key_dir), settings.log_dir)
        head = session.get(LedgerHead, book.HEAD)
    for problem in problems:
        click.echo(f"· {problem}")
    if not problems:
        click.echo(f"存证完好，共{head.size}条，根哈希 {head.root}。" if head else "存证还没有记录。")
    return WRONG if problems else 0


def _tell(report: Report) -> int:
    for mark, sentences in (("×", report.wrong), ("!", report.late), ("·", report.noted)):
        for sentence in sentences:
            click.echo(f"{mark} {sentence}")
    for sentence in told(report):
        click.echo(sentence)
    return WRONG if report.wrong else LATE if report.late else 0


def _text_or_file(given: str) -> str:
    path = Path(given)
    return path.read_text(encoding="utf-8") if given and "+" not in given and path.is_file() else given


@contextmanager
def _bar(label: str) -> Iterator[Progress]:
    """Progress on the error stream: first the log, then its records."""
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:
        yield lambda done, size: advance(bar, done, size)
