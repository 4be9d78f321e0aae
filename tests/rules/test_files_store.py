"""Files that people hand in: whole and there, or not there at all and said so."""

import io
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from portal import clock
from portal.files import NotStored, Store, StoreFull
from portal.settings import Settings
from tests.house.source import ROOT

PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * 400
DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Settings(var=tmp_path / "var").evidence_dir)


def there(store: Store) -> list[str]:
    return sorted(path.name for path in store.folder.rglob("*") if path.is_file())


def path_of(store: Store, name: str) -> Path:
    return store.folder / name[:2] / name


def test_what_was_put_is_read_back_whole(store: Store) -> None:
    stored = store.put(PHOTO, suffix=".jpg")
    assert store.read(stored.name) == PHOTO
    assert (stored.size, stored.sha256) == (len(PHOTO), sha256(PHOTO).hexdigest())
    assert stored.name.endswith(".jpg") and there(store) == [stored.name]
    with store.open(stored.name) as file:
        assert file.read(3) == b"\xff\xd8\xff"


def test_a_stream_is_stored_like_bytes(store: Store) -> None:
    long = os.urandom(3 * 2**20 + 7)
    stored = store.put(io.BytesIO(long))
    assert store.read(stored.name) == long and stored.sha256 == sha256(long).hexdigest()


def test_nobody_else_may_look_in(store: Store) -> None:
    name = store.put(PHOTO).name
    path = path_of(store, name)
    modes = [each.stat().st_mode & 0o777 for each in (path, path.parent, store.folder)]
    assert modes == [0o600, 0o700, 0o700]


def test_the_same_file_twice_is_two_files_and_each_goes_alone(store: Store) -> None:
    one, other = store.put(PHOTO), store.put(PHOTO)
    store.delete(one.name)
    store.delete(one.name)
    assert there(store) == [other.name]
    with pytest.raises(FileNotFoundError):
        store.read(one.name)


def test_many_writers_at_once_lose_nothing(store: Store) -> None:
    with ThreadPoolExecutor(16) as writers:
        stored = list(writers.map(store.put, [PHOTO] * 200))
    assert len({each.name for each in stored}) == 200
    assert all(store.read(each.name) == PHOTO for each in stored)
    assert there(store) == sorted(each.name for each in stored)


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../portal.db", "a" * 32 + "/..", "/etc/passwd", "a" * 31, "A" * 32, "a" * 32 + "~",
             "a" * 32 + "\n", "a" * 32 + ".jpg.exe", "a" * 32 + "\0"]
)  # fmt: skip
def test_only_names_it_gave_are_opened(store: Store, name: str) -> None:
    for act in (store.open, store.read, store.delete):
        with pytest.raises(ValueError):
            act(name)


@pytest.mark.parametrize("suffix", ["jpg", "/../x", ".JPG", ".", ".toolong"])
def test_a_suffix_is_plain(store: Store, suffix: str) -> None:
    with pytest.raises(ValueError):
        store.put(PHOTO, suffix=suffix)


class Hangup(io.BytesIO):
    """A phone that went out of reach after its first megabyte."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 0:
            raise ConnectionResetError
        return super().read(size)


@pytest.mark.parametrize("error", [ConnectionResetError, KeyboardInterrupt])
def test_an_upload_that_breaks_off_leaves_nothing(store: Store, error: type[BaseException]) -> None:
    class Broken(Hangup):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 0:
                raise error
            return super().read(size)

    with pytest.raises(NotStored if error is ConnectionResetError else error):
        store.put(Broken(bytes(2**21)))
    assert there(store) == []


FILL = """
import sys
from pathlib import Path
from portal.files import Store, StoreFull
store = Store(Path(sys.argv[1]))
kept = []
try:
    for _ in range(100):
        kept.append(store.put(bytes(300_000)))
except StoreFull as full:
    print(full)
    assert kept or len(sys.argv) > 2
    assert all(len(store.read(each.name)) == 300_000 for each in kept)
    assert len([path for path in store.folder.rglob("*") if path.is_file()]) == len(kept)
    sys.exit(7)
"""
SAYS = "这次提交的内容我们没有收到"


def fill(folder: Path, *more: str, largest: int = resource.RLIM_INFINITY) -> None:
    """Put files until none goes in any more, in a process whose files may have ``largest`` bytes."""
    done = subprocess.run(
        [sys.executable, "-c", FILL, str(folder), *more],
        env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 7, done.stderr
    assert SAYS in done.stdout and "文字还保留着" in done.stdout


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(disk)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no right to mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_disk_that_is_full_keeps_what_it_took_and_says_no(small_disk: Path) -> None:
    fill(small_disk / "evidence")


def test_a_disk_that_can_not_be_written_says_no(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    fill(small_disk / "evidence", "nothing")


def test_a_file_that_may_not_grow_leaves_no_part_behind(tmp_path: Path) -> None:
    fill(tmp_path / "evidence", "nothing", largest=100_000)
    assert list((tmp_path / "evidence").rglob("*~")) == []


def test_a_full_store_is_a_refusal_like_any_other() -> None:
    assert StoreFull().reasons and "请" in str(StoreFull())


def aged(store: Store, name: str, days: float) -> Path:
    path = path_of(store, name)
    moment = clock.now().timestamp() - days * 86400
    os.utime(path, (moment, moment))
    return path


def test_sweeping_takes_what_no_row_names_and_only_when_old(store: Store) -> None:
    named, orphan, young = (store.put(PHOTO).name for _ in range(3))
    aged(store, named, 3)
    aged(store, orphan, 3)
    part = path_of(store, orphan).with_name(orphan + "~")
    part.write_bytes(b"half")
    os.utime(part, (0, 0))
    assert sorted(store.sweep(DAY, lambda names: {named} & set(names))) == sorted([orphan, part.name])
    assert there(store) == sorted([named, young])


def test_sweeping_an_empty_store_asks_nothing(store: Store) -> None:
    assert store.sweep(DAY, lambda names: names) == []
    store.put(PHOTO)
    assert store.sweep(DAY, lambda names: pytest.fail("asked about a young file")) == []
