"""What a mirror holds and what is still to be made: a small database in the mirror's own folder.

Everything in it is public already: addresses, and which publications each of them names. What is taken out of it is
overwritten (``secure_delete``), as in the portal's own database.
"""

import sqlite3
from collections.abc import Collection, Iterable
from pathlib import Path

from portal.mirror.addresses import Address, read

FOLDER, NAME = ".mirror", "register.sqlite"
_TABLES = """
CREATE TABLE IF NOT EXISTS pages (
  address TEXT PRIMARY KEY, owner TEXT NOT NULL, file TEXT NOT NULL,
  stale INTEGER NOT NULL,  -- 0 made, 1 to be made, 2 to be made before everything else
  changed INTEGER NOT NULL DEFAULT 0,  -- whether what it is about changed: then its neighbours are made again too
  run INTEGER NOT NULL DEFAULT 0, status INTEGER NOT NULL DEFAULT 0, digest TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS pages_stale ON pages (stale) WHERE stale > 0;
CREATE INDEX IF NOT EXISTS pages_owner ON pages (owner);
CREATE INDEX IF NOT EXISTS pages_off ON pages (status) WHERE status IN (410, 451);
CREATE TABLE IF NOT EXISTS names (address TEXT NOT NULL, number TEXT NOT NULL, PRIMARY KEY (address, number)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS names_number ON names (number);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
# what never changes once it is there, unless the site itself does
_CHANGING = " AND ".join(
    f"address NOT LIKE '{each}%'" for each in ("/log/tile/", "/log/checkpoints/", "/static/", "/bootstrap/")
)


class Register:
    """The register of one mirror. Every method but :meth:`commit` leaves its change uncommitted."""

    def __init__(self, folder: Path) -> None:
        (folder / FOLDER).mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(folder / FOLDER / NAME, isolation_level="IMMEDIATE")
        self._db.execute("PRAGMA secure_delete=ON")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        self._db.close()

    def commit(self) -> None:
        self._db.commit()

    # ── facts about the mirror ───────────────────────────────

    def fact(self, name: str) -> str:
        """Something that is known of the whole mirror; empty when it is not."""
        row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def know(self, **facts: object) -> None:
        rows = [(name, str(value)) for name, value in facts.items()]
        self._db.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", rows)

    # ── what is to be made ───────────────────────────────────

    def want(self, addresses: Iterable[Address], *, changed: bool = False) -> None:
        """Have addresses made that the mirror does not know."""
        rows = [(each.asked, each.owner, each.file, changed) for each in addresses]
        self._db.executemany(
            "INSERT OR IGNORE INTO pages (address, owner, file, stale, changed) VALUES (?, ?, ?, 1, ?)", rows
        )

    def again(self, addresses: Iterable[Address], run: int) -> None:
        """Have those made again that were not made in this run."""
        rows = [(each.asked, run) for each in addresses]
        self._db.executemany("UPDATE pages SET stale = 1 WHERE address = ? AND run < ? AND stale = 0", rows)

    def again_everything(self) -> None:
        self._db.execute("UPDATE pages SET stale = 1 WHERE stale = 0")

    def again_about_everything(self) -> None:
        """Have the pages made again that are about no single publication or entity."""
        self._db.execute(f"UPDATE pages SET stale = 1 WHERE stale = 0 AND owner = '' AND {_CHANGING}")

    def again_of_draws(self) -> None:
        """Have the pages about draws made again."""
        self._db.execute("UPDATE pages SET stale = 1 WHERE stale = 0 AND address LIKE '/tasks/%/draw%'")

    def again_about(self, number: str, *, first: bool, changed: bool) -> None:
        """Have everything about a publication made again, and everything that names it."""
        urgency = 2 if first else 1
        own = "UPDATE pages SET stale = max(stale, ?), changed = max(changed, ?) WHERE owner = ?"
        self._db.execute(own, (urgency, changed, number))
        naming = "UPDATE pages SET stale = max(stale, ?) WHERE address IN (SELECT address FROM names WHERE number = ?)"
        self._db.execute(naming, (urgency, number))

    def next(self, most: int) -> list[tuple[Address, bool]]:
        """What to make now, what must not wait first; whether what it is about changed."""
        rows = self._db.execute(
            "SELECT address, changed FROM pages WHERE stale > 0 ORDER BY stale DESC, rowid LIMIT ?", (most,)
        )
        return [(address, bool(changed)) for text, changed in rows.fetchall() if (address := read(text))]

    def files_about(self, number: str) -> list[str]:
        """The files of a publication."""
        rows = self._db.execute("SELECT file FROM pages WHERE owner = ?", (number,))
        return [file for (file,) in rows]

    # ── what was made ────────────────────────────────────────

    def digest(self, address: Address) -> str:
        """The digest of what was last written for an address, before its moment was put in."""
        row = self._db.execute("SELECT digest FROM pages WHERE address = ?", (address.asked,)).fetchone()
        return row[0] if row else ""

    def made(self, address: Address, run: int, status: int, digest: str, names: Collection[str]) -> None:
        """Write down what was made of an address; of one that nothing stands at, nothing is kept."""
        self._db.execute("DELETE FROM names WHERE address = ?", (address.asked,))
        if status == 404:
            self._db.execute("DELETE FROM pages WHERE address = ?", (address.asked,))
            return
        self._db.execute(
            "UPDATE pages SET stale = 0, changed = 0, run = ?, status = ?, digest = ? WHERE address = ?",
            (run, status, digest, address.asked),
        )
        self._db.executemany("INSERT INTO names VALUES (?, ?)", [(address.asked, each) for each in names])

    # ── counting ─────────────────────────────────────────────

    def count(self) -> tuple[int, int]:
        """How many addresses there are, and how many of them are still to be made."""
        whole = self._db.execute("SELECT count(*) FROM pages").fetchone()[0]
        left = self._db.execute("SELECT count(*) FROM pages WHERE stale > 0").fetchone()[0]
        return whole, left

    def off(self) -> list[tuple[str, int]]:
        """The addresses that must answer 410 or 451, in one language."""
        rows = self._db.execute(
            "SELECT address, status FROM pages WHERE status IN (410, 451) ORDER BY address"
        )
        return [(address, status) for address, status in rows if "?" not in address]
