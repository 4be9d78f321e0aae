"""Every byte outside the database that is public, or made of what is: files of the index, of stores, of caches."""

import gzip
import io
import re
import subprocess
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress

from pikepdf import Pdf, PdfError

from portal.settings import Settings
from tests.searching import words_packed

# what under var/ holds what only the office may read; everything else there is public or made of what is public
INTERNAL = ("portal.db", "portal.db-wal", "portal.db-shm", "evidence", "quarantine", "log_key")

# where the number of a record whose words are off may stand: its own page, the logs, the feeds
LINES_STAY = {
    "public.record", "public.record_json", "public.versions", "public.version", "public.version_json", "public.correction",
    "public.withdrawals", "public.corrections", "public.log", "public.feed", "entity.new", "public.tile", "public.record_proof",
    "public.version_proof", "public.api_publication", "public.api_versions", "public.api_changes", "public.api_corrections",
    "public.department_feed", "public.entity_feed", "public.search_feed",
}  # fmt: skip


def public_files(settings: Settings, internal: Sequence[str] = INTERNAL) -> Iterator[tuple[str, bytes]]:
    """Each file of the index and of the public stores; a new folder is public until it is named internal."""
    for root in (settings.index_dir, settings.var):
        for path in sorted(root.rglob("*")):
            within = path.relative_to(root)
            if path.is_file() and not (root == settings.var and within.parts[0] in internal):
                yield str(path), path.read_bytes()
    yield from words_packed(settings.index_dir)


def laid_open(data: bytes) -> bytes:
    """The bytes, and beside them what is compressed within; of a PDF everything laid open, and its text."""
    if data.startswith(b"PK\x03\x04"):  # a zip: a table of an export, a spreadsheet
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return data + b"".join(archive.read(name) for name in archive.namelist())
    if data.startswith(b"\x1f\x8b"):
        return data + gzip.decompress(data)
    if not data.startswith(b"%PDF"):
        return data + b"".join(_inflated(data))
    try:
        with Pdf.open(io.BytesIO(data)) as pdf:
            plain = io.BytesIO()
            pdf.save(plain, qdf=True)
    except PdfError:
        return data
    return plain.getvalue() + _text_of(data)


def _inflated(data: bytes) -> Iterator[bytes]:
    """Every stream of zlib's that begins anywhere in the bytes: an index keeps its stored values so."""
    for start in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data):
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(data[start.start() :])


def _text_of(pdf: bytes) -> bytes:
    """What ``pdftotext`` finds, where it is installed: letters of a subset font stand for nothing by themselves."""
    try:
        found = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=False)  # noqa: S607
    except FileNotFoundError:
        return b""
    return found.stdout
