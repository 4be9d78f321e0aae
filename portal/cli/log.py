"""公示存证: the log's key, its files, and whether it is whole."""

from urllib.parse import urlsplit

import click

from portal.cli.group import advance, main
from portal.errors import Refused, refuse_if
from portal.ledger import sealing, tile_files
from portal.ledger.signer import Signer
from portal.opening import office
from portal.sessions import session_at, turn_of
from portal.settings import Settings
from portal.words import say


@main.group()
def log() -> None:
    """公示存证, the ledger of what was done in public."""


@log.command()
@click.option(
    "--name", default="", help="The log's name for good: its address without scheme, as in checkpoints."
)
@click.option(
    "--rotate", is_flag=True, help="Announce a new key in the log and let it take the old one's place."
)
@click.pass_obj
def key(settings: Settings, name: str, rotate: bool) -> None:
    """Make the key that signs the log, and sign the ledger as it stands."""
    signer = Signer(settings.log_key_dir)
    if rotate:
        _rotate(settings, signer)
    else:
        with session_at(office(settings), "write") as session:
            if not (signer.is_there and sealing.newest(session) is None):  # else cut short before it signed
                called = name or origin(settings)
                refuse_if([] if signer.is_there else sealing.why_not_begin(session, called))
                signer.make(called)
            sealing.begin(session)
            session.commit()
    click.echo(f"公示存证由这个密钥签名，请在本站以外的地方也公布它：\n{signer.held_keys()[0].verifier}")
    click.echo(f"私钥在 {signer.folder}，请单独备份，不要和数据库放在一起。")


def origin(settings: Settings) -> str:
    """What the log is called unless told otherwise: its address without scheme."""
    address = urlsplit(settings.base_url)
    return f"{address.netloc}{address.path.rstrip('/')}/log"


def _rotate(settings: Settings, signer: Signer) -> None:
    if not signer.is_there:
        raise Refused(say("还没有签名密钥，谈不上更换。请先运行 portal log key。"))
    with session_at(office(settings), "write") as session:
        if not (signer.folder / "next").exists():
            signer.make(signer.held_keys()[0].name, "next")
        if not sealing.is_announced(
            session, signer.held_keys()[-1].verifier
        ):  # else a rotation was cut short
            sealing.announce(session, signer)
        session.commit()
    signer.replace()


@log.command()
@click.option("--rebuild", is_flag=True, help="Make all of them anew, beside those in use.")
@click.pass_obj
def tiles(settings: Settings, rebuild: bool) -> None:
    """Write the log's files (checkpoint, tiles, entries) for mirrors and plain web servers."""
    app = office(settings)
    with turn_of(app, "log_files") as mine, session_at(app, "reads") as session:
        refuse_if([] if mine else [say("后台正在写存证文件，请过几秒再运行一次。")])
        with click.progressbar(length=1, label="存证文件") as bar:
            make = tile_files.rebuild if rebuild else tile_files.bring_up
            made = make(session, settings.log_dir, lambda done, size: advance(bar, done, size))
    click.echo(f"写入{made}个文件，在 {settings.log_dir}。")
