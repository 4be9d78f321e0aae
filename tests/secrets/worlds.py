"""Two sites that differ in nothing but their secrets, and what a reader gets of each."""

import gzip
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from portal import clock, work
from portal.app import create_app
from portal.db import db, open_at
from portal.exports.editions import Edition, standing
from portal.settings import Settings
from tests.cast import Cast
from tests.databases import PostgresShelf, SqliteShelf
from tests.secrets.addresses import Address, Known
from tests.secrets.naming import Names, names, without_cookie, without_names, without_one_time, without_tree
from tests.secrets.planting import MOMENT, build
from tests.secrets.rest import plant_rest
from tests.secrets.secret import Secrets
from tests.signing import give_log_key

DIGEST = re.compile(r"\b[0-9a-f]{40}\b")
Shelf = SqliteShelf | PostgresShelf
Make = Callable[[Session, Cast, Secrets, Settings], None]


@dataclass(frozen=True)
class Answer:
    """What came back, whole."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes

    @cached_property
    def data(self) -> bytes:
        """Everything of it, as bytes."""
        return f"{self.status}\n{dict(self.headers)}\n".encode() + self.body

    def plainly(self, named: Names) -> bytes:
        """Everything of it but the named values."""
        told = [(name, self._without_digest(value)) for name, value in self.headers if name != "Date"]
        headers = [f"{name}: {without_cookie(value)}" for name, value in told]
        plain = gzip.decompress(self.body) if self.body.startswith(b"\x1f\x8b") else self.body
        body = without_tree(plain, dict(self.headers).get("Content-Type", ""))
        whole = f"{self.status}\n{headers}\n".encode() + without_one_time(body)
        return without_names(whole, named)

    def _without_digest(self, value: str) -> str:
        """A header without the body's own digest, which says no more than the body; of HEAD's there is none to see."""
        digest = hashlib.sha1(self.body, usedforsecurity=False).hexdigest()
        return (DIGEST if not self.body else re.compile(digest)).sub("‹digest of the body›", value)


@dataclass
class World:
    """One site, its secrets, and what readers got so far."""

    settings: Settings
    app: Flask
    secrets: Secrets
    light: bool
    salts_are_named: bool = False
    got: dict[Address, Answer] = field(default_factory=dict)

    @contextmanager
    def session(self, door: str = "reads") -> Iterator[Session]:
        with self.app.app_context():
            open_at(door)  # type: ignore[arg-type]
            yield db.session()
            db.session.rollback()

    def get(self, address: Address) -> Answer:
        """The answer, asked for once."""
        if address not in self.got:
            with clock.at(MOMENT):
                came = self.app.test_client().open(address.path, method=address.method)
                self.got[address] = Answer(came.status_code, list(came.headers), came.get_data())
        return self.got[address]

    @cached_property
    def named(self) -> Names:
        with self.session("public") as session:
            found = names(session, with_salts=self.salts_are_named)
        files = {each.name: each.sha256 for edition in self.editions for each in edition.files}
        # each holds the hashes of records, or the digest of a file that does
        holding = {name for name in files if name.endswith(".jsonl.gz")} | {"datapackage.json", "SHA256SUMS"}
        return found | {files[name].encode(): f"‹file {name}›".encode() for name in holding & files.keys()}

    @property
    def editions(self) -> Sequence[Edition]:
        return standing(self.settings.exports_dir)

    @cached_property
    def known(self) -> Known:
        with self.session() as session:
            return Known.of(session, [each.name for each in self.editions])


class Keys:
    """In place of ``new_key``: the same keys in the same order in every world, so that salts are the same."""

    def __init__(self) -> None:
        self.given = 0

    def __call__(self) -> bytes:
        self.given += 1
        return hashlib.sha256(f"key {self.given}".encode()).digest()


@contextmanager
def two_worlds(
    shelf: Shelf, folder: Path, compiled: Path, make: Mapping[str, Make], *, light: bool
) -> Iterator[tuple[World, World]]:
    """World A and world B, each with a database of its own.

    :param compiled: where templates are kept compiled.
    :param make: what is done in each world, by its letter.
    """
    with ExitStack() as stack:
        a, b = (
            stack.enter_context(_world(name, shelf, folder, compiled, make[name], light)) for name in "AB"
        )
        yield a, b


def planted(*, light: bool) -> Mapping[str, Make]:
    """Both worlds with a secret at every place."""

    def make(session: Session, cast: Cast, secrets: Secrets, settings: Settings) -> None:
        build(session, cast, secrets, settings, light=light)

    return {"A": make, "B": make}


@contextmanager
def _world(name: str, shelf: Shelf, folder: Path, compiled: Path, make: Make, light: bool) -> Iterator[World]:
    plain = Settings(var=folder / name / "var", index_dir=folder / name / "index", worker=False)
    give_log_key(plain)
    with shelf.copy(plain) as settings, pytest.MonkeyPatch.context() as patch:
        patch.setattr("portal.publications.gate.new_key", Keys())
        patch.setattr("portal.exports.making.LEVEL", 0)  # or sizes would follow the named digests within
        app = create_app(settings)
        app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(compiled))
        world = World(settings, app, Secrets(name), light)
        with clock.at(MOMENT):
            with world.session("write") as session:
                make(session, Cast(session), world.secrets, settings)
            work.once(app)  # before rows are written that no act made: the worker would act on them
            with world.session("write") as session:
                plant_rest(session, world.secrets)
                session.commit()
            work.index_step(app)
        yield world
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


def first_difference(one: bytes, other: bytes) -> str:
    """Where two answers part, with a little before and after."""
    at = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return f"…{one[max(0, at - 80) : at + 120].decode(errors='replace')!r}\n…{other[max(0, at - 80) : at + 120].decode(errors='replace')!r}"


def on_engine(world: World, engine: str) -> World:
    """The same world asked through another search engine."""
    settings = replace(world.settings, search_engine=engine)
    app = create_app(settings)
    work.index_step(app)
    return World(settings, app, world.secrets, world.light)
