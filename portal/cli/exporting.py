"""The bulk files, by hand."""

from functools import partial

import click

from portal.cli.group import advance, main
from portal.exports import editions, nightly
from portal.opening import office
from portal.publications.kinds import KINDS
from portal.sessions import session_at, turn_of
from portal.settings import Settings


@main.command()
@click.option(
    "--now", "at_once", is_flag=True, help="Make them even if there is a standing edition of today."
)
@click.pass_obj
def export(settings: Settings, *, at_once: bool) -> None:
    """Make the day's bulk files for /exports/, and remove editions that may no longer be given out.

    The worker does the same by itself.
    """
    app = office(settings)
    doors = partial(session_at, app, "public")
    with turn_of(app, "exports") as mine:
        if not mine:
            raise click.ClickException("后台正在制作批量下载文件，请过几分钟再试。")
        removed = nightly.bring_up(doors, settings, make=False)
        with doors() as session:
            standing = editions.newest(session, settings.exports_dir)
            wanted = at_once or nightly.is_due(session, settings)
        if wanted:
            with click.progressbar(length=1, label="批量下载文件") as bar:
                standing = nightly.make_now(doors, settings, lambda done, size: advance(bar, done, size))
    if standing is None:
        raise click.ClickException("制作时恰有公示停止，这一期没有留下。请再运行一次。")
    counts = "，".join(f"{KINDS[kind].label}{count}条" for kind, count in standing.counts.items())
    size = sum(each.size for each in standing.files)
    click.echo(f"{'已制作' if wanted else '今天的已有'}：{settings.exports_dir / standing.name}")
    click.echo(f"{counts}；{len(standing.files)}个文件，{size:,}字节；公示存证前{standing.size}行。")
    if removed:
        click.echo(f"删除了{removed}期旧文件。")
