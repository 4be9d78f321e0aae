"""A static mirror of the site, for when everything else is down."""

from functools import partial
from hashlib import sha256
from pathlib import Path
from pkgutil import resolve_name

import click
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import create_environ, run_wsgi_app

from portal.cli.group import advance, main
from portal.files import SiteFolder, site_path
from portal.mirror.addresses import FARTHEST, Address, is_asset
from portal.mirror.changes import edition_of
from portal.mirror.making import export
from portal.mirror.rewriting import FOR_MIRROR
from portal.mirror.site import Answer, Site
from portal.sessions import session_at, settings_of
from portal.settings import Settings

APP = "portal.app:create_app"  # above this floor: it is named, as `portal serve` names it to its server
SHOWN: tuple[SiteFolder, ...] = ("templates", "static", "translations")


@main.command("export-site")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--english", is_flag=True, help="With the English pages, below /en/.")
@click.option("--pages", default=FARTHEST, show_default=True, help="How many pages of each list.")
@click.pass_obj
def export_site(settings: Settings, folder: Path, *, english: bool, pages: int) -> None:
    """Write every public page to DIR as files, or bring the mirror there up to date.

    Any web server can serve DIR. Run it again as often as you like: it writes what changed and takes away what is off.
    """
    with click.progressbar(length=1, label="静态镜像") as bar:
        site = site_of(resolve_name(APP)(settings))
        counts = export(
            site, folder, lambda done, size: advance(bar, done, size), english=english, farthest=max(pages, 1)
        )
    click.echo(f"静态镜像：{folder}，公示存证前{counts.size}行。")
    click.echo(
        f"写了{counts.written}个文件，没有变化{counts.unchanged}个，删除{counts.removed}个；共{counts.pages}个网址。"
    )


def site_of(app: Flask) -> Site:
    """The site as a mirror asks it."""
    return Site(partial(_ask, app), partial(session_at, app, "public"), partial(_edition, app))


def _ask(app: Flask, address: Address) -> Answer:
    """One request at the public door; pages say that they are of a mirror."""
    settings = settings_of(app)
    environ = create_environ(address.asked, settings.base_url, environ_overrides={FOR_MIRROR: True})
    # a page of the mirror must come neither out of the cache in front of the site nor into it
    site = app.wsgi_app if is_asset(address.path) else partial(Flask.wsgi_app, app)
    with app.app_context():
        body, status, headers = run_wsgi_app(site, environ, buffered=True)
    media_type = headers.get("Content-Type", "").partition(";")[0].strip()
    return Answer(int(status.split()[0]), media_type, b"".join(body))


def _edition(app: Flask, session: Session, languages: str) -> str:
    files = [path for name in SHOWN for path in sorted(site_path(name).rglob("*")) if path.is_file()]
    known = repr([(path.name, path.stat().st_size, path.stat().st_mtime) for path in files])
    return edition_of(session, settings_of(app), sha256(known.encode()).hexdigest(), languages)
