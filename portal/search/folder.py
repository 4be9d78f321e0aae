"""A folder of indexes: readers use the current one while another is built beside it and then takes its place.

``current`` is a file that names a subfolder; replacing it is the swap. ``follower.lock`` lets one follower in.
A subfolder that is not the current one is a build that was not finished, and is gone on with.
Its name ends in the edition of the terms: an index of another edition is none, and the follower builds anew.
"""

import fcntl
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from portal.errors import Refused
from portal.search.engine import Answer, Engine, NotReady, Query
from portal.search.terms import EDITION
from portal.words import say


class Followed(Refused):
    """Another follower is at work on this folder."""


class IndexFolder:
    """The indexes of one engine.

    :param root: the folder; made when it is not there.
    :param engine: opens the engine in a subfolder.
    """

    def __init__(self, root: Path, engine: Callable[[Path], Engine]) -> None:
        self.root = root
        self.checked = ""  # the subfolder that this program's follower has read through
        self._open = engine
        self._current = root / "current"
        self._lock = Lock()
        self._stamp: tuple[int, int] | None = None  # of ``current`` when the engine was opened
        self._opened = root
        self._engine: Engine | None = None

    @property
    def current(self) -> str:
        """The subfolder that readers use; empty when there is none yet."""
        try:
            name = (self.root / "current").read_text().strip()
        except (FileNotFoundError, NotADirectoryError):
            return ""
        is_ours = name.endswith(f"-{EDITION}") and (self.root / name).is_dir()
        return name if is_ours else ""

    def engine(self) -> Engine:
        """The current engine, kept open until another takes its place.

        :raises NotReady: when nothing was indexed yet.
        """
        with self._lock:
            stamp = self._stamp_of_current()  # read first: a swap that comes meanwhile is seen next time
            if self._engine is None or stamp != self._stamp or not self._opened.is_dir():
                self._close()
                name = self.current
                if not name:
                    raise NotReady(say("检索索引还没有建好。请过几分钟再查，或者先按类别、部门和年份浏览。"))
                self._stamp, self._opened = stamp, self.root / name
                self._engine = self._open(self._opened)
            return self._engine

    def _stamp_of_current(self) -> tuple[int, int] | None:
        """What a swap changes: looked at before each answer, so it is asked of the system and not read."""
        try:
            found = self._current.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino

    def ask(self, query: Query) -> Answer:
        """The current engine's answer."""
        return self.engine().ask(query)

    def near(self, tokens: Sequence[str], limit: int) -> Sequence[str]:
        """The current engine's documents with names near some tokens."""
        return self.engine().near(tokens, limit)

    def position(self) -> int:
        """How far readers' answers follow the ledger; −1 when there is no index. The key of search pages."""
        try:
            return self.engine().position().entry
        except NotReady:
            return -1

    @contextmanager
    def following(self) -> Iterator[None]:
        """Hold the folder's lock; the system gives it back when the program dies.

        :raises Followed: at once, when another follower holds it.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "follower.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Followed(say("另一个程序正在更新这个检索索引。请等它做完，或者停掉它再试。")) from error
            yield

    def build(self) -> tuple[str, Engine]:
        """The subfolder beside the current one, new or not finished, and its engine."""
        serial = int(self.current.partition("-")[0] or 0) + 1
        name = f"{serial:04d}-{EDITION}"
        return name, self._open(self.root / name)

    def discard(self, name: str) -> None:
        """Throw a subfolder away."""
        shutil.rmtree(self.root / name, ignore_errors=True)

    def discard_unfinished(self) -> None:
        """Throw away a build that was broken off, and other engines' indexes: they hold what was public once.

        :raises Followed: when one is being gone on with, or another follower is at work.
        """
        with self.following():
            for other in [each.name for each in self.root.iterdir() if each.is_dir()]:
                if other != self.current:
                    self.discard(other)
        for root in sorted(self.root.parent.iterdir()):
            if root != self.root and (root / "follower.lock").exists():
                IndexFolder(root, self._open)._empty()

    def _empty(self) -> None:
        with self.following():
            (self.root / "current").unlink(missing_ok=True)
            for name in [each.name for each in self.root.iterdir() if each.is_dir()]:
                self.discard(name)

    def swap(self, name: str) -> None:
        """Make a subfolder the current one and throw the others away; who reads them still can."""
        new = self.root / "current.new"
        new.write_text(name)
        new.replace(self.root / "current")
        for other in self.root.iterdir():
            if other.is_dir() and other.name != name:
                self.discard(other.name)

    def close(self) -> None:
        """Close what is open."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._engine is not None:
            self._engine.close()
        self._engine = None
