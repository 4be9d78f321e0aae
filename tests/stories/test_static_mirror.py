"""A mirror is made before the site goes down, and follows it: what was taken off is off there too."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.mirror.addresses import TOLD_AT, is_mirrored
from portal.publications.models import Publication
from tests import examples
from tests.cast import Cast
from tests.mirrored import everything, links, mirror, served
from tests.office import disclose, withdraw

pytestmark = pytest.mark.about_sqlite  # it asks by the doors alone, which are tried on both


@pytest.mark.slow
def test_a_mirror_leads_nowhere_and_follows_the_ledger(
    app: Flask, session: Session, cast: Cast, result: Publication, tmp_path: Path
) -> None:
    folder, name = tmp_path / "mirror", examples.result()["items"][0]["problem"]
    session.commit()
    first = mirror(app, folder, english=True)
    page = served(folder, f"/results/{result.number}")
    assert page and name.encode() in page and "静态镜像：公示存证前".encode() in page
    assert b'lang="en"' in (served(folder, f"/en/results/{result.number}") or b"")
    with app.app_context():
        record = app.test_client().get(f"/results/{result.number}/record.json").data
    assert served(folder, f"/results/{result.number}/record.json") == record
    assert "现在怎样提出异议".encode() in (served(folder, f"/objections/new?result={result.number}") or b"")
    nowhere = {(page, to) for page, to in links(folder) if served(folder, to) is None}
    assert not nowhere

    again = mirror(app, folder, english=True)
    assert (again.written, again.removed) == (0, 0) and again.pages == first.pages

    withdraw(session, cast, result, "与事实不符。")
    session.commit()
    third = mirror(app, folder, english=True)
    assert third.removed and name.encode() not in everything(folder)
    gone = served(folder, f"/results/{result.number}")
    assert gone and "撤下公示".encode() in gone
    assert served(folder, f"/results/{result.number}/record.json") is None
    assert f"/results/{result.number} 410;" in (folder / ".mirror" / "off.map").read_text()
    assert not {(page, to) for page, to in links(folder) if served(folder, to) is None}


def test_a_mirror_cut_short_goes_on_and_takes_what_came_meanwhile(
    app: Flask,
    session: Session,
    cast: Cast,
    result: Publication,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "mirror"
    session.commit()
    with pytest.raises(KeyboardInterrupt), monkeypatch.context() as patch:
        patch.setattr("portal.mirror.making.BATCH", 5)
        cut_after(patch, 20)
        mirror(app, folder)
    later = disclose(session, cast, "result", examples.result(entity_name="示例后来商店"))
    session.commit()
    mirror(app, folder)
    assert "示例后来商店".encode() in (served(folder, f"/results/{later.number}") or b"")
    assert later.number and later.number.encode() in (served(folder, "/results/") or b"")
    assert not {(page, to) for page, to in links(folder) if served(folder, to) is None}


def cut_after(patch: pytest.MonkeyPatch, pages: int) -> None:
    left = iter(range(pages))
    write = Path.write_bytes

    def written(path: Path, data: bytes) -> int:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return write(path, data)

    patch.setattr(Path, "write_bytes", written)


def test_a_folder_with_something_else_in_it_is_left_alone(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("x")
    with pytest.raises(Refused, match="没有写入"):
        mirror(app, tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["letter.txt"]


# what a mirror has not, and its page about that says so
NOT_MIRRORED = (
    "public.search", "public.suggestions", "public.api_", "public.openapi", "public.due", "public.embedded_", "public.oembed",
    "public.exports", "public.newest_export", "public.export_file", "public.healthz", "public.readyz",
)  # fmt: skip


def test_every_public_address_is_mirrored_or_said_to_be_missing(app: Flask) -> None:
    parts = {
        "plural": "results", "number": "JG-2026-000001", "version": 1, "n": 1, "code": "91339900", "name": "results", "form": "atom",
        "month": "2026-11", "size": 3, "path": "0/000.p/3", "line": "commit", "theme": "outcomes", "chart": "outcomes",
    }  # fmt: skip
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("public.") and not rule.endpoint.startswith(NOT_MIRRORED):
            built = rule.build({name: parts[name] for name in rule.arguments})
            assert built and is_mirrored(built[1].replace("/tasks/JG-", "/tasks/RW-")), rule
    assert not any(is_mirrored(path) for path in TOLD_AT)
