"""Objections in a real Chromium, as a shopkeeper on a phone and as the people of the office.

The clock is moved across the Spring Festival of 2027 with its make-up workdays, by the invented notice of the
tests. Filed on 25 January; 31 January and 14 February are worked Sundays; 5 to 11 February are off: the
twentieth working day is 25 February.
"""

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from portal import work
from portal.deadlines.notices import load_notice
from portal.objections.models import Objection
from portal.people.models import Person
from portal.publications import pipeline
from portal.publications.models import Publication
from tests import examples
from tests.browser.people import Someone, at_work, fill_in, on, with_a_phone
from tests.cast import Cast
from tests.evidence_files import plain_photo
from tests.notices import TITLE, notice_2027

pytestmark = pytest.mark.browser

FILED, LAST_DAY, FEEDBACK = "2027-01-25", "2027-02-25", "2027-03-18"
CULTURE = {"code": "wlj", "label": "示例市文化和旅游局"}
WORDS = "10月22日检查时进货查验记录都在，缺的2个批次当天就拿给检查人员看了。"


@pytest.fixture
def contested(session: Session, cast: Cast, result: Publication) -> Publication:
    """A result on a calendar that knows 2027."""
    notice = notice_2027()
    load_notice(session, notice.of(2027), year=2027, title=TITLE, digest=notice.digest, by=cast.jiang)
    session.commit()
    return result


@pytest.fixture
def of_three(session: Session, cast: Cast, contested: Publication) -> Publication:
    """A result of the office of three: drafted by one, agreed to by another."""
    for kind, content in (("list", examples.item_list), ("result", examples.result)):
        revision = pipeline.draft(session, kind, content(department=CULTURE), by=cast.su)
        pipeline.submit(session, revision, by=cast.su)
        pipeline.approve(session, revision, by=cast.pei)
        pipeline.carry_out(session, revision, by=cast.pei)
        session.commit()
    return revision.publication


def file_it(shop: Someone, number: str, **fields: str | list[str]) -> tuple[str, str]:
    """From the result's page to the receipt; its number and code."""
    page = shop.open(f"/results/{number}")
    page.click("a[href*='/objections/new']")
    form = page.locator("form[data-draft]")
    for name, value in ({"grounds": "not_so", "text": WORDS, "phone": "15400000000"} | fields).items():
        fill_in(form, name, value)
    page.set_input_files(
        "#evidence", {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": plain_photo("JPEG")}
    )
    page.click("button[name=act][value=file].btn-primary")
    page.wait_for_load_state()
    shop.says("异议申请收件回执")
    kept = page.locator("dl.keep dd").all_inner_texts()
    assert re.fullmatch(r"YY-\d{4}-\d{4}", kept[0])
    return kept[0], kept[1]


def follow(shop: Someone, receipt: str, code: str) -> None:
    """Open the case with number and code."""
    page = shop.open(f"/objections/{receipt}")
    if page.locator("input[name=code]").count():
        page.fill("input[name=code]", code)
        page.locator("form", has=page.locator("input[name=code]")).locator("button.btn-primary").click()
        page.wait_for_load_state()
    shop.says(receipt)


def case_of(session: Session, receipt: str) -> Objection:
    session.rollback()
    found = session.query(Objection).filter(Objection.receipt == receipt).one()
    session.expunge(found)  # or reading it later would take the lock that the server needs
    session.rollback()
    return found


def ids(session: Session, *people: Person) -> list[str]:
    """What a form's ticks send; the session lets go, or the server would wait for its lock."""
    found = [str(each.id) for each in people]
    session.rollback()
    return found


def test_an_objection_through_its_whole_life(
    app: Flask, session: Session, cast: Cast, contested: Publication, site: str, browser: Browser
) -> None:
    number = str(contested.number)
    with on(FILED), with_a_phone(browser, site) as shop:
        receipt, code = file_it(shop, number, send="electronic")
        shop.says("2027年2月25日", "2027年1月25日")
        shop.open(f"/results/{number}")
        shop.says("异议处理中", "2027年2月25日")
    there = ids(session, cast.shen, cast.lu)
    page = f"/staff/objections/{case_of(session, receipt).id}"
    with on("2027-01-26"), at_work(browser, site, "lin") as lin:
        lin.open("/staff/objections")
        lin.says(receipt)
        lin.open(page)
        lin.does("assignment", person=there)
        lin.says("复查中")
    with on("2027-02-14"), at_work(browser, site, "shen") as shen:  # a worked Sunday
        recheck(shen, page, there)
    with on("2027-02-23"), at_work(browser, site, "song") as song:
        song.open(page)
        song.does("opinion", opinion="事实清楚，程序合法。")
    with on(LAST_DAY, 16), at_work(browser, site, "lin", on_a_phone=True) as lin:
        lin.open(f"{page}/sheet")
        lin.says("更正审批表", "事实清楚，程序合法。", "进货查验记录齐全")
        lin.does("signature", password="松间明月 石上清泉 2026")
        lin.says("已签署")
    with on("2027-02-26"), at_work(browser, site, "he") as he:
        he.open(page)
        he.does("dispatch", method="electronic")
    with on("2027-03-01"):
        work.once(app)
        read_the_answer(browser, site, number, receipt, code)
        with at_work(browser, site, "he") as he:
            he.open(page)
            he.does("closing")
    case = case_of(session, receipt)
    told = {each.name: (each.due.isoformat(), str(each.met_on)) for each in case.terms}
    assert told == {"recheck": (LAST_DAY, LAST_DAY), "feedback": (FEEDBACK, "2027-03-01")}
    assert case.state == "closed"


def recheck(shen: Someone, page: str, there: list[str]) -> None:
    """What the re-checkers found, the correction it leads to, the decision for the head."""
    shen.open(page)
    findings = "调取进货查验记录，缺的2个批次有记录。"
    shen.does("recheck", done_on="2027-02-14", on_the_spot="yes", there=there, findings=findings)
    shen.page.get_by_role("link", name="起草更正稿").click()
    shen.page.wait_for_load_state()
    draft_a_correction(shen)
    shen.open(page)
    revision = shen.page.locator("#decision-revision option").nth(1).get_attribute("value") or ""
    shen.does("decision", outcome="corrected", reasons="进货查验记录齐全，原记录有误。", revision=revision)
    shen.says("待签署")


def read_the_answer(browser: Browser, site: str, number: str, receipt: str, code: str) -> None:
    """The shopkeeper opens the answer: that is its delivery; the result is corrected for everybody."""
    with with_a_phone(browser, site) as shop:
        follow(shop, receipt, code)
        shop.says("复查结果已经作出", "2027年3月18日")
        shop.does("acknowledgement")
        shop.says("进货查验记录齐全，原记录有误。")
        shop.open(f"/results/{number}")
        shop.says("更正", "进货查验记录齐全。")
        assert "异议处理中" not in shop.page.inner_text("main")


def draft_a_correction(shen: Someone) -> None:
    """Change what was found in the first item, give the public reason, hand it over for the signature."""
    form = shen.page.locator("form.contentform")
    form.locator("[name=r-items-0-problem]").fill("进货查验记录齐全。")
    form.locator("[name=reason]").fill("经异议复查，进货查验记录齐全，原记录有误。")
    form.locator("button.btn-primary").first.click()
    shen.page.get_by_role("button", name="提交签署").click()
    shen.page.wait_for_load_state()
    shen.says("等待主要负责人签署")


def test_an_objection_is_taken_back(
    session: Session, contested: Publication, site: str, browser: Browser
) -> None:
    number = str(contested.number)
    with on(FILED), with_a_phone(browser, site) as shop:
        receipt, code = file_it(shop, number)
        follow(shop, receipt, code)
        shop.page.get_by_role("link", name="撤回这件申请").click()
        shop.page.wait_for_load_state()
        shop.does("withdrawal", text="已经和检查人员说清楚了。")
        shop.says("撤回")
        shop.open(f"/results/{number}")
        assert "异议处理中" not in shop.page.inner_text("main")
    assert case_of(session, receipt).state == "withdrawn"


def test_an_objection_is_filed_at_the_counter(
    session: Session, contested: Publication, site: str, browser: Browser
) -> None:
    with on(FILED), at_work(browser, site, "he") as he:
        page = he.open(f"/staff/objections/new?result={contested.number}")
        form = page.locator("form[method=post]", has=page.locator("[name=channel]")).first
        given = {"channel": "oral", "received_on": FILED, "grounds": "not_us", "phone": "15400000000",
                 "text": "申请人说：查的是隔壁的店。", "objector_name": "示例经营者", "read_back": "yes"}  # fmt: skip
        for name, value in given.items():
            fill_in(form, name, value)
        form.locator("button.btn-primary").click()
        page.wait_for_load_state()
        he.says("异议申请收件回执", "2027年2月25日")
        receipt, code = page.locator("dl.keep dd").all_inner_texts()[:2]
    with on(FILED, 15), with_a_phone(browser, site) as shop:
        follow(shop, receipt, code)
        shop.says("由工作人员登记", "查的不是我家")
    assert case_of(session, receipt).channel == "oral"


def test_an_objection_is_not_accepted(
    session: Session, contested: Publication, site: str, browser: Browser
) -> None:
    with on(FILED), with_a_phone(browser, site) as shop:
        receipt, code = file_it(shop, str(contested.number))
    page = f"/staff/objections/{case_of(session, receipt).id}"
    with on("2027-01-27"), at_work(browser, site, "lin") as lin:
        lin.open(page)
        lin.does("refusal", ground="not_party", reason="申请人与被检查对象没有关系，也没有受其委托。")
        lin.says("不予受理")
    with on("2027-01-28"), with_a_phone(browser, site) as shop:
        follow(shop, receipt, code)
        shop.page.get_by_role("link", name="不予受理告知书").click()
        shop.says("申请人与被检查对象没有关系", "行政复议或者提起行政诉讼")


def test_an_objection_in_an_office_of_three(
    session: Session, cast: Cast, of_three: Publication, site: str, browser: Browser
) -> None:
    """苏见微 entered the result and 裴知章 agreed to it: one of them re-checks by exception, one is a neighbour."""
    number = str(of_three.number)
    with on(FILED), with_a_phone(browser, site) as shop:
        receipt, _code = file_it(shop, number)
    page = f"/staff/objections/{case_of(session, receipt).id}"
    pei, tang = ids(session, cast.pei, cast.tang)
    with on("2027-01-26"), at_work(browser, site, "ning") as ning:
        ning.open(page)
        ning.does("dispensation", kind="exception", reason="全局只有三人，都经手过这条结果。")
        ning.does("dispensation", kind="neighbour", reason="请应急管理局派一人协助。")
        ning.does("assignment", person=[pei, tang])
        ning.says("裴知章", "唐若水", "复查中")
    with on("2027-02-01"), at_work(browser, site, "tang") as neighbour:
        neighbour.open(page)
        neighbour.does("recheck", done_on="2027-02-01", there=[pei, tang], findings="查阅了检查记录和照片。")
        neighbour.does("decision", outcome="maintained", reasons="原记录属实。")
    with on("2027-02-02"), at_work(browser, site, "ning", on_a_phone=True) as ning:
        ning.open(f"{page}/sheet")
        ning.does("signature", password="松间明月 石上清泉 2026")
        ning.says("已签署")
    with on("2027-02-03"), with_a_phone(browser, site) as shop:
        shop.open(f"/results/{number}")
        shop.says("经复查，原结果无误")
