"""What is measured is real: the invented records are what the gate would have made, and every figure runs."""

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from bench import sheets
from bench.__main__ import FIGURES, main, measured
from bench.figure import Figure, Line, in_turn, percentile, spread
from bench.gate import Gate
from bench.place import Place
from bench.records import SEED, build, settings_for
from bench.table import section, sections, write
from bench.writing import LineText
from portal.ledger import book
from portal.ledger.commitments import commit_record
from portal.ledger.entry import EntryDraft, entry_bytes
from portal.opening import office
from portal.publications import tallying
from portal.publications.gate import release
from portal.publications.kinds import KINDS
from portal.publications.kinds.result import RESULT
from portal.sessions import session_at
from tests.databases import SqliteShelf

KEY = bytes(32)
CONTENT = {
    "entity_name": "示例东方餐饮店",
    "department": {"code": "scjg", "label": "示例市市场监督管理局"},
    "task_no": "1",
    "inspected_on": "2026-03-02",
    "phone": "15400000000",
    "items": [
        {"seq": "1", "item": "获证食品生产企业监管", "outcomes": [{"code": "5", "label": "发现问题已责令改正"}], "checked": True,
         "problem": "叉车作业人员陆子衿的作业人员证已过复审日期。"},
    ],
}  # fmt: skip
MARKS = [{"path": "items/0/problem", "start": 6, "end": 9, "ground": "personal_info", "basis": "第二十五条"}]
NUMBER = "JG-2026-000001"


@pytest.mark.parametrize("marks", [[], MARKS], ids=["nothing withheld", "a name withheld"])
def test_an_invented_record_is_what_the_gate_would_have_let_out(marks: list[dict[str, object]]) -> None:
    quick = Gate(RESULT, KEY).release(CONTENT, marks, version=1, act="publish")
    real = json.loads(release(RESULT, CONTENT, marks, version=1, act="publish").body)
    same = ("schema", "kind", "version", "act", "fields", "notes")
    body = json.loads(quick.body)
    assert {name: body[name] for name in same} == {name: real[name] for name in same}
    known = {field.name: CONTENT.get(field.name) for field in RESULT.fields}
    known["items"] = [{each.name: row.get(each.name) for each in RESULT.by_name["items"].rows} for row in CONTENT["items"]]  # type: ignore[union-attr]  # fmt: skip
    made = commit_record(KEY, [*known], known, quick.fields, {"items": []})
    assert (quick.commitments, body["salts"], body["withheld"]) == (made.digests, made.salts, made.withheld)


@pytest.mark.parametrize("size", [20_000, 200_000, 1_000_000])
def test_a_county_of_each_size_has_tasks_for_all_its_results(size: int) -> None:
    """A department with a short list draws from what it has."""
    assert sum(task.size for task in sheets.tasks(SEED, size, date(2026, 11, 20))) == size


def test_a_line_put_together_as_text_is_the_ledgers_own() -> None:
    at, record, commitments = datetime(2026, 3, 2, tzinfo=UTC), "0" * 64, ("A" * 43, "B" * 43)
    draft = EntryDraft("correct", NUMBER, 2, commitments, record, "O2", "日期有误。")
    text = LineText("correct", NUMBER, 2, "日期有误。", "O2")
    assert text.body(json.dumps(commitments, separators=(",", ":")), record, 7, at) == entry_bytes(
        draft, 7, at
    )


def test_a_table_keeps_what_was_not_measured_again(tmp_path: Path) -> None:
    page, figures = tmp_path / "performance.md", FIGURES[:2]
    line = Line("records", 10, "ms", [1.0, 2.0, 3.0], "nothing", [2.0], budget="≤ 1 ×")
    write(figures, {each.name: section(each, [line], 1) for each in figures}, page)
    missed = Line("records", 10, "ms", [], note="not run: nginx is not installed")
    write(figures, {figures[1].name: section(figures[1], [missed], 1)}, page)
    kept = sections(page)
    assert "2.00 (1.50–2.50; p95 2.90) ms | nothing | 2.00 ms | 1.00 × | ≤ 1 × |" in kept[figures[0].name]
    assert "| not run: nginx is not installed |" in kept[figures[1].name]


def test_sides_are_measured_in_turn() -> None:
    order: list[str] = []

    def side(name: str) -> float:
        order.append(name)
        return float(len(order))

    assert in_turn(2, lambda: side("here"), lambda: side("there")) == [[1, 3], [2, 4]]
    assert order == ["here", "there", "here", "there"]
    assert (percentile([5.0], 95), spread([])) == (5.0, "–")


def test_a_figure_that_breaks_off_says_so_and_the_others_go_on(tmp_path: Path) -> None:
    def broken(place: Place, size: int) -> list[Line]:
        raise RuntimeError("no room left")

    figure = Figure("broken", "Broken", "none", broken)  # type: ignore[arg-type]
    assert [each.note for each in measured(figure, Place(tmp_path), [10])] == [
        "broke off: RuntimeError: no room left"
    ]


@pytest.mark.slow
@pytest.mark.about_sqlite
def test_a_county_of_some_dozens_is_measured_and_its_ledger_is_whole(
    tmp_path: Path, run_folder: Path
) -> None:
    folder = tmp_path / "records-60"
    settings = settings_for(folder, worker=False)
    folder.mkdir()
    shutil.copyfile(SqliteShelf(run_folder).template, folder / "portal.db")
    built = build(settings, 60, until=datetime(2026, 3, 2, tzinfo=UTC).date())
    (folder / "built.json").write_text(json.dumps({"seconds": built.seconds}))
    with session_at(office(settings), "reads") as session:
        assert (book.check(session), [*tallying.why_not_true(session)]) == ([], [])
    wanted = ["search-whoosh", "index-whoosh", "redaction"]
    page = tmp_path / "performance.md"
    briefly = [
        "--size",
        "60",
        "--rounds",
        "1",
        "--patience",
        "0",
        "--out",
        str(tmp_path),
        "--page",
        str(page),
    ]
    ran = CliRunner().invoke(main, [*wanted, *briefly])
    assert (ran.exit_code, "broke off" in ran.output) == (0, False), ran.output
    assert [*sections(page)] == wanted
    assert set(KINDS) <= {each.kind for each in Place(tmp_path).documents(60)}
