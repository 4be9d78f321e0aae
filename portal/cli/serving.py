"""Setting up, serving, and the search index beside it."""

import multiprocessing
import os
import signal
from contextlib import suppress
from dataclasses import replace
from socket import SO_REUSEADDR, SOL_SOCKET, socket

import click
import sqlalchemy as sa
from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from portal import work
from portal.cli.group import advance, main
from portal.cli.log import origin
from portal.demo.building import build, is_cut_short, why_not_build
from portal.demo.objections import to_follow
from portal.demo.office import PASSWORD, sign_ins
from portal.demo.prior_notices import told
from portal.demo.signing import PASSPHRASE
from portal.errors import Refused
from portal.ledger import sealing
from portal.ledger.models import LedgerHead
from portal.ledger.signer import Signer
from portal.opening import bring_up_to_date, office
from portal.publications.kinds import KINDS
from portal.search.engine import Query
from portal.search.engines import ENGINES, open_folder
from portal.search.following import rebuild
from portal.sessions import session_at
from portal.settings import Settings
from portal.words import say
from portal.work import Worker

THREADS = 2 * (os.cpu_count() or 1) + 1  # more only wait for the interpreter
LONGEST_ANSWER = 10  # seconds for what is being answered when told to stop; Granian's own default is for ever
# Granian's own lines, which are about its processes, go where the others go
TO_OUR_LOG = {
    "loggers": {name: {"handlers": [], "propagate": True} for name in ("_granian", "granian.access")},
}


@main.command()
@click.pass_obj
def migrate(settings: Settings) -> None:
    """Bring the tables and the code tables up to date."""
    bring_up_to_date(office(settings), settings)
    click.echo(f"数据库已是最新：{sa.make_url(settings.database).render_as_string(hide_password=True)}")


@main.command()
@click.option("--if-empty", is_flag=True, help="Do nothing, and say so, where there are records already.")
@click.pass_obj
def demo(settings: Settings, if_empty: bool) -> None:
    """Make an invented office with two years of disclosures, and print its sign-ins."""
    app = office(settings)
    with session_at(app, "reads") as session:
        reasons = why_not_build(session, settings)
        if is_cut_short(session):
            raise Refused(
                say("上次生成演示数据没有完成。请删除 var/ 和 search_index/ 里的内容，再运行一次。")
            )
    if reasons and not (if_empty and not settings.is_production):
        raise Refused(*reasons)
    if not reasons:
        _build_demo(app, settings)
    for each in sign_ins():
        click.echo(f"  {each.username:<16}{each.name}\t{each.department}\t{each.roles}")
    click.echo(f"演示账号的密码都是 {PASSWORD}")
    click.echo(f"各部门主要负责人和第一名拟稿人有签名密钥，签名口令都是 {PASSPHRASE}")
    with session_at(app, "reads") as session:
        for case in to_follow(session, settings):
            click.echo(f"  异议回执号 {case.receipt}\t查询码 {case.code}\t{case.state}")
        for address in told(session, settings):
            click.echo(f"  公示前告知、征求意见 {address}")


def _build_demo(app: Flask, settings: Settings) -> None:
    click.echo("正在生成演示数据，约需一分钟。")
    signer = Signer(settings.log_key_dir)
    if not signer.is_there:
        signer.make(origin(settings))
    with session_at(app, "write") as session, click.progressbar(length=1, label="演示数据") as bar:
        built = build(session, settings, lambda done, size: advance(bar, done, size))
    work.once(app)
    counts = "，".join(f"{KINDS[kind].label}{count}" for kind, count in built.counts.items())
    click.echo(f"已生成演示数据：{counts}；公示存证{built.entries}条。")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
@click.option("--threads", default=THREADS, show_default=True, help="How many requests are answered at once.")
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1), help="How many processes answer."
)
@click.pass_obj
def serve(settings: Settings, host: str, port: int, threads: int, workers: int) -> None:
    """Serve the site; the worker runs beside it unless PORTAL_WORKER=0."""
    _must_be_free(host, port)
    # forked, the site would inherit whatever lock the worker's thread holds at that moment
    multiprocessing.set_start_method("spawn")
    server = Granian(
        "portal.answering:site",
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=workers,
        respawn_failed_workers=workers > 1,  # a lone one that dies is started anew by whoever started us
        blocking_threads=threads,
        websockets=False,
        workers_kill_timeout=LONGEST_ANSWER,
        log_level=LogLevels.warning,
        log_dictconfig=TO_OUR_LOG,
        log_access=False,  # an access log is the proxy's, without query strings: see docs/logs.md
    )
    app = office(settings)
    with session_at(app, "reads") as session:
        for reason in sealing.why_not_write(session, Signer(settings.log_key_dir), settings.log_dir):
            click.echo(f"! {reason}", err=True)
    worker = Worker(app)
    if settings.worker:
        worker.start()
    click.echo(f"公示平台：http://{host}:{port}/    工作人员：http://{host}:{port}/staff/")
    server.serve()
    worker.stop()


def _must_be_free(host: str, port: int) -> None:
    """Granian shares a port without a word, and readers would meet two portals in turn."""
    with socket() as other:
        other.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)  # else our own last connections would count
        try:
            other.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"{host}:{port} 已被占用或者不能使用（{error.strerror}）。请停掉占用它的程序，或者用 --port 另选一个端口。"
            ) from error


@main.command("work")
@click.pass_obj
def work_alone(settings: Settings) -> None:
    """The worker alone, until it is interrupted: index, figures, messages."""
    worker = Worker(office(settings))
    signal.signal(signal.SIGTERM, lambda *_: worker.stopping.set())
    click.echo("后台任务已启动，按 Ctrl+C 停止。")
    with suppress(KeyboardInterrupt):
        worker.run()


@main.group()
def index() -> None:
    """The search index: a disposable copy of what is published."""


@index.command("catch-up")
@click.pass_obj
def catch_up(settings: Settings) -> None:
    """Follow the ledger to its end, once."""
    click.echo(f"检索已跟上公示存证，本次处理{work.index_step(office(settings))}条。")


@index.command("rebuild")
@click.option("--engine", type=click.Choice(sorted(ENGINES)), help="Another one than the setting names.")
@click.pass_obj
def rebuild_index(settings: Settings, engine: str | None) -> None:
    """Build a new index beside the one in use, then swap."""
    app, folder = (
        office(settings),
        open_folder(replace(settings, search_engine=engine or settings.search_engine)),
    )
    with session_at(app, "public") as session:
        size = session.scalar(sa.select(LedgerHead.size)) or 0
        session.rollback()
        with click.progressbar(length=max(size, 1), label="重建检索") as bar:
            done = rebuild(session, folder, progress=lambda position: advance(bar, position + 1, size))
    found = folder.ask(Query(facets=())).total if folder.current else 0  # nothing followed makes no index
    folder.close()
    click.echo(f"检索已重建，共处理公示存证{done}条，可检索的公示{found}条。")
    if folder.root.name != settings.search_engine:
        click.echo(f"设置 PORTAL_SEARCH_ENGINE={folder.root.name} 并重启后启用；在那之前检索仍用原来的索引。")
