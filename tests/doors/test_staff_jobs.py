"""What is too long for one request: the page that says how far it is, and what a large batch looks like meanwhile."""

import io

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.jobs import asking, incoming
from portal.jobs.models import MOST_TRIES
from portal.publications import oddities
from portal.publications.models import Revision
from portal.web.staff import batches, imports
from portal.work import jobs_step
from tests import examples
from tests.cast import Cast
from tests.conftest import csrf_token
from tests.doors.staff_room import Room
from tests.doors.test_staff_batches import batch, states
from tests.sheets import sheet, written


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if six rows were a large batch."""
    monkeypatch.setattr(batches, "IN_ONE_GO", 4)
    monkeypatch.setattr(batches, "MOST_READ", 4)
    monkeypatch.setattr(oddities, "MOST_READ", 4)


def test_a_large_batch_is_a_job_that_says_how_far_it_is(
    app: Flask, session: Session, cast: Cast, room: Room, small_limits: None
) -> None:
    number = batch(session, cast, 6)
    page, he = f"/staff/batches/{number}", room("he")
    job = he.send(page, f"{page}/submission").headers["Location"]
    waiting = he.page(job)
    assert "马上开始" in waiting.get_text()
    assert waiting.select_one("noscript meta[http-equiv=refresh]") is not None
    assert "正在进行" in he.get(page).text
    again = he.send(page, f"{page}/submission")
    assert again.status_code == 422 and "还没有完成" in again.text
    session.commit()
    assert jobs_step(app) == 1
    done = he.page(job)
    assert "办完了：已提交审核6行" in done.get_text()
    assert done.select_one("noscript meta") is None
    assert states(session, number) == {"submitted": 6}


def test_one_that_is_not_wanted_is_stopped_from_its_page(
    app: Flask, session: Session, cast: Cast, room: Room, small_limits: None
) -> None:
    number = batch(session, cast, 6)
    page, he = f"/staff/batches/{number}", room("he")
    job = he.send(page, f"{page}/submission").headers["Location"]
    assert room("song").page(job).select_one(f"form[action='{job}/stop'] button") is not None
    assert room("fang").get(job).status_code == 404
    assert room("song").send(job, f"{job}/stop").headers["Location"] == job
    said = he.page(job).get_text()
    assert "停下了，一行也没有动" in said and "是宋清和让它停下的" in said
    session.commit()
    assert jobs_step(app) == 0
    assert states(session, number) == {"draft": 6}
    late = he.client.post(f"{job}/stop", data={"csrf_token": csrf_token(he.get(page).text)})
    assert late.status_code == 422 and "已经结束" in late.text


def test_rows_that_could_not_go_along_are_named_on_the_jobs_page(
    app: Flask, session: Session, cast: Cast, room: Room, small_limits: None
) -> None:
    outside = [{"item": "清单上没有的事项", "outcomes": [examples.FOUND_NOTHING]}]
    number = batch(session, cast, 6, items=outside)
    page, he = f"/staff/batches/{number}", room("he")
    job = he.send(page, f"{page}/submission").headers["Location"]
    session.commit()
    jobs_step(app)
    told = he.page(job).get_text()
    assert "已提交审核5行，1行没有办成" in told
    assert "示例最后一家商店" in told and "清单上没有的事项" in told


def test_one_that_was_given_up_says_what_to_do_and_whom_to_tell(
    app: Flask, session: Session, cast: Cast, room: Room
) -> None:
    told = {"name": "r.csv", "kind": "no kind at all"}
    path = incoming.new_file(app.extensions["portal_settings"].var)
    path.write_bytes(written(path.with_name("r.csv"), [sheet(1)]).read_bytes())
    number = asking.ask_for_import(session, path, told, by=cast.he).id
    session.commit()
    for _try in range(MOST_TRIES):
        with pytest.raises(ExceptionGroup):
            jobs_step(app)
    said = room("he").page(f"/staff/jobs/{number}").get_text()
    assert "没有办完" in said and "请重新上传同一个文件" in said and f"办理号{number}" in said


def test_nobody_of_another_department_reads_a_job(
    session: Session, cast: Cast, room: Room, small_limits: None
) -> None:
    number = batch(session, cast, 6)
    page = f"/staff/batches/{number}"
    job = room("he").send(page, f"{page}/submission").headers["Location"]
    assert room("fang").get(job).status_code == 404
    assert room("fang").get("/staff/jobs/99999").status_code == 404


def test_a_large_batch_comes_in_parts_and_counts_all_of_it(
    session: Session, cast: Cast, room: Room, small_limits: None
) -> None:
    number = batch(session, cast, 6)
    he = room("he")
    first, second = (he.page(f"/staff/batches/{number}?part={part}") for part in (1, 2))
    assert "本页是第1段" in first.get_text()
    links = [
        {each["href"] for each in page.select("a[href^='/staff/revisions/']")} for page in (first, second)
    ]
    assert len(links[0]) == 4 and len(links[1]) == 2 and not links[0] & links[1]
    assert "共6行" in second.get_text()
    ids = {each.id for each in session.query(Revision).filter_by(batch_id=number)}
    assert len(ids) == 6


def test_a_large_file_is_taken_in_by_the_worker(
    app: Flask, session: Session, cast: Cast, room: Room, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "LARGE", 100)
    he = room("he")
    path = written(app.extensions["portal_settings"].var / "r.csv", [sheet(at) for at in range(8)])

    def send(content: bytes) -> object:
        form = {"csrf_token": csrf_token(he.get("/staff/imports/").text), "kind": "result"}
        data = form | {"file": (io.BytesIO(content), "r.csv")}
        return he.client.post("/staff/imports/", data=data, content_type="multipart/form-data")

    refused = send(b"%PDF" + b" " * 200)
    assert refused.status_code == 422 and "PDF" in refused.text  # type: ignore[attr-defined]
    job = send(path.read_bytes()).headers["Location"]  # type: ignore[attr-defined]
    assert "r.csv" in he.get("/staff/imports/").text
    session.commit()
    assert jobs_step(app) == 1
    done = he.page(job)
    assert "导入完成" in done.get_text()
    [link] = done.select(".actions a")
    assert "成为草稿" in he.get(str(link["href"])).text
    assert not list((app.extensions["portal_settings"].var / "incoming").iterdir())
