"""A static mirror: every public page as a file, asked of the site itself at the public door.

It follows the ledger as a search index does. A run takes in the lines since the last one and makes again what they
touch; what took words off comes first, and its files are gone before anything else is written. While a run is busy it
looks at the ledger after every few pages, and it ends only when no line is left that it has not taken in: then the
mirror is the site as at one line of the ledger, and nobody had to hold a transaction open for hours. Killed, it goes
on where it ended.
"""

import fcntl
import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy.orm import Session

from portal import clock
from portal.clock import SHANGHAI
from portal.errors import Refused
from portal.mirror import changes, server_files
from portal.mirror.addresses import FARTHEST, TOLD, TOLD_AT, Address, is_asset
from portal.mirror.register import FOLDER, Register
from portal.mirror.rewriting import MOMENT, SIZE, Links, assets_in, numbers_in, rewritten
from portal.mirror.site import Answer, Counts, Site
from portal.publications import queries
from portal.statistics.queries import counted_at
from portal.words import say

BATCH = 20  # pages between two looks at the ledger
OFF = (410, 451)
HTML = "text/html"
NEW = "new"

Advance = Callable[[int, int], None]


def export(site: Site, folder: Path, advance: Advance, *, english: bool, farthest: int = FARTHEST) -> Counts:
    """Make a mirror in a folder, or bring the one that is there up to date.

    :param english: with the English pages.
    :param farthest: how many pages of each list.
    :raises Refused: when the folder holds something else, a mirror of another site, or one that somebody is making.
    """
    _refuse_other_folders(folder)
    with _alone(folder):
        register = Register(folder)
        try:
            return Mirror(site, folder, register, english, min(farthest, FARTHEST)).bring_up(advance)
        finally:
            register.close()


def _refuse_other_folders(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise Refused(say("{folder}是一个文件，请另给一个文件夹。", folder=folder))
    if folder.is_dir() and any(folder.iterdir()) and not (folder / FOLDER).is_dir():
        raise Refused(
            say("{folder}里有别的东西，又不是静态镜像，没有写入。请给一个空的或者新的文件夹。", folder=folder)
        )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    with (folder / FOLDER / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(
                say("另一个 portal export-site 正在写{folder}，请等它结束。", folder=folder)
            ) from None
        shutil.rmtree(folder / FOLDER / NEW, ignore_errors=True)
        (folder / FOLDER / NEW).mkdir()
        yield


class Mirror:
    """One folder and what it knows of the site."""

    def __init__(self, site: Site, folder: Path, register: Register, english: bool, farthest: int) -> None:
        self.site, self.folder, self.register = site, folder, register
        self.english, self.farthest = english, farthest
        self.counts = Counts()
        self.run, self.size, self.done = 0, 0, 0

    def bring_up(self, advance: Advance) -> Counts:
        """Take in the ledger's lines and make what is to be made, until there is nothing left of either."""
        self.take_in(begin=True)
        while batch := self.register.next(BATCH):
            for address, changed in batch:
                self.make(address, changed=changed)
            self.register.commit()
            whole, left = self.register.count()
            advance(whole - left, whole)
            self.take_in()
        self.register.know(moment=_moment())
        self.register.commit()
        server_files.write(self.folder, self.register.off())
        self.counts.pages, _left = self.register.count()
        self.counts.size = self.size
        self._tell_of_itself()
        return self.counts

    # ── the ledger ───────────────────────────────────────────

    def take_in(self, *, begin: bool = False) -> None:
        """Mark what the ledger's new lines touch, and take away at once what may not be read any more."""
        with self.site.doors() as session:
            size, line = changes.head(session)
            if not begin and size == self.size:
                return
            taken = self._mark(session, size, line, begin=begin)
        self.register.commit()  # before the files go: killed in between, the next run makes them again
        for number in taken:
            for file in self.register.files_about(number):
                self._remove(file)

    def _mark(self, session: Session, size: int, line: str, *, begin: bool) -> list[str]:
        register = self.register
        before = int(register.fact("size") or 0)
        if register.fact("line") != (changes.line_hash(session, before) if before <= size else "?"):
            raise Refused(
                say("{folder}是另一个公示存证的镜像，没有写入。请给一个新的文件夹。", folder=self.folder)
            )
        self.run = int(register.fact("run") or 0) + 1
        register.want(changes.own_pages(session))
        if not before:
            register.want(changes.records(session))
        if begin:
            self._mark_what_time_changes(session)
        taken = self._mark_lines(session, before, size) if before else []
        self._mark_log(session)
        if size != before:
            register.again_about_everything()
        self.size = size
        register.know(size=size, line=line, run=self.run)
        return taken

    def _mark_lines(self, session: Session, before: int, size: int) -> list[str]:
        taken: dict[str, None] = {}
        for line in changes.since(session, before, size):
            if line.changes_everything:
                self.register.again_everything()
            if line.of_draw:
                self.register.again_of_draws()
            if line.number:
                self.register.want([changes.page_of(line.number)], changed=True)
                self.register.again_about(line.number, first=line.takes, changed=True)
                taken |= {line.number: None} if line.takes else {}
        faces = queries.faces(session, taken)
        return [number for number in taken if number in faces and not faces[number].live]

    def _mark_what_time_changes(self, session: Session) -> None:
        register = self.register
        edition = self.site.edition(session, f"{self.english} {self.farthest}")
        if register.fact("edition") not in ("", edition):
            register.again_everything()
        counted = f"{counted_at(session)} {changes.today()}"
        if register.fact("counted") != counted:
            register.again_about_everything()
            for number in changes.contested(session):
                register.again_about(number, first=False, changed=False)
        register.know(edition=edition, counted=counted)

    def _mark_log(self, session: Session) -> None:
        known = int(self.register.fact("log") or 0)
        files, size = changes.log_files(session, known)
        self.register.want(files)
        self.register.know(log=size)

    # ── one address ──────────────────────────────────────────

    def make(self, address: Address, *, changed: bool) -> None:
        """Ask the site and write what it answers; take the file away where nothing stands any more."""
        answer = self.site.ask(address)
        if answer.status >= 500 and answer.status not in OFF:
            raise Refused(
                say(
                    "网站不能给出{address}，镜像没有做完；排除故障后再运行一次，会接着做。",
                    address=address.asked,
                )
            )
        is_page = answer.media_type == HTML and not address.is_file
        if answer.status not in (200, *OFF) or (answer.status in OFF and not is_page):
            self._remove(address.file)
            status = answer.status if answer.status in OFF else 404
            self.register.made(address, self.run, status, "", ())
            return
        data, links = self._prepared(address, answer, is_page)
        self._write_if_new(address, answer.status, data)
        self.register.want(links.found)
        self.register.again(self._neighbours(address, links, changed=changed), self.run)

    def _prepared(self, address: Address, answer: Answer, is_page: bool) -> tuple[bytes, Links]:
        if is_page:
            html, links = rewritten(
                answer.data.decode(),
                english_page=address.english,
                english=self.english,
                farthest=self.farthest,
            )
            return html.encode(), links
        if answer.media_type == "text/css":
            return answer.data, Links(
                {Address(each) for each in assets_in(answer.data, address.path) if is_asset(each)}
            )
        return answer.data, Links()

    def _neighbours(self, address: Address, links: Links, *, changed: bool) -> Iterator[Address]:
        """What changes with a page: its own further pages and files, and of a changed record whatever it leads to."""
        for each in links.found:
            belongs = address.owner and each.owner == address.owner
            of_task = address.path.startswith("/tasks/") and each.task
            if belongs or of_task or (changed and each.owner):
                yield each

    def _write_if_new(self, address: Address, status: int, data: bytes) -> None:
        digest = hashlib.sha256(data).hexdigest()
        if digest != self.register.digest(address) or not (self.folder / address.file).is_file():
            dated = data.replace(MOMENT.encode(), _moment().encode()).replace(
                SIZE.encode(), str(self.size).encode()
            )
            self._write(address.file, dated)
            if address.path == TOLD:
                self._tell_everywhere(address, dated)
        else:
            self.counts.unchanged += 1
        self.register.made(
            address,
            self.run,
            status,
            digest,
            () if address.is_file and is_asset(address.path) else numbers_in(data),
        )

    # ── files ────────────────────────────────────────────────

    def _tell_everywhere(self, told: Address, page: bytes) -> None:
        """The page about what a mirror has not, at the addresses of what it has not."""
        for path in TOLD_AT:
            self._write(replace(told, path=f"{path.rstrip('/')}/").file, page)

    def _tell_of_itself(self) -> None:
        """The page about the mirror says up to when it was compared, even when no other page changed."""
        for english in (False, True) if self.english else (False,):
            told = Address(TOLD, english=english)
            data, _links = self._prepared(told, self.site.ask(told), is_page=True)
            dated = data.replace(MOMENT.encode(), _moment().encode()).replace(
                SIZE.encode(), str(self.size).encode()
            )
            self._write(told.file, dated, count=False)

    def _write(self, file: str, data: bytes, *, count: bool = True) -> None:
        """Whole or not at all, for every server to read."""
        path, part = self.folder / file, self.folder / FOLDER / NEW / "page"
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        part.replace(path)
        self.counts.written += count

    def _remove(self, file: str) -> None:
        path = self.folder / file
        if not path.is_file():
            return
        path.unlink()
        self.counts.removed += 1
        for parent in path.parents:
            if parent == self.folder or any(parent.iterdir()):
                return
            parent.rmdir()


def _moment() -> str:
    return f"{clock.now().astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
