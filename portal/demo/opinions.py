"""The demo's opinions sought and declarations: one part of a public result about which its firm was asked."""

from portal.demo.afterwards import Published
from portal.demo.days import moment
from portal.demo.mornings import plan_keeping
from portal.demo.prior_notices import address_of, owed, token_of
from portal.demo.results import FOUND, Sheet
from portal.demo.world import World
from portal.prior_notice import declaring, opinions
from portal.prior_notice.declaring import Declared
from portal.prior_notice.keys import Key
from portal.prior_notice.opinions import Asked
from portal.publications import pipeline, scope

FROM = ("t30", "t28", "t27", "t26", "t25")  # tasks, the newest first, in which something was found
BASIS = "《中华人民共和国政府信息公开条例》第三十二条"
ASKED = 4  # working days ago


def plan_opinion(world: World, published: Published) -> None:
    """Somebody called: the part is taken out of sight at once, and the firm is asked about it."""
    sheet = _sheet(published)

    def propose() -> None:
        by, publication = world.drafter(sheet.department), world.publication(sheet.key)
        sought = {
            "path": _path(sheet),
            "start": None,
            "end": None,
            "ground": "seeking_opinion",
            "basis": BASIS,
        }
        before = scope.standing(world.session, publication)
        marks = [*(before.marks if before else ()), sought | {"by": by.id, "note": ""}]
        draft = pipeline.draft(
            world.session, "result", {}, by=by, act=scope.RESCOPE, publication=publication, marks=marks
        )
        pipeline.submit(world.session, draft, by=by)

    def agree() -> None:
        by, revision = world.staff.person(sheet.department, "reviewer"), world.newest(sheet.key)
        pipeline.approve(world.session, revision, by=by)
        pipeline.carry_out(world.session, revision, by=by)

    day = world.days.ago(ASKED)
    world.timeline.add(moment(day, 9, 25), propose)
    world.timeline.add(moment(day, 9, 50), agree)
    world.timeline.add(moment(day, 10, 30), lambda: _ask(world, sheet))
    plan_keeping(world, moment(day, 10, 30))


def _sheet(published: Published) -> Sheet:
    for task in FROM:
        if published.has(task, FOUND):
            return published.take(task, FOUND)[0]
    raise LookupError(f"none of the tasks {FROM} has a result left that found a problem")


def _path(sheet: Sheet) -> str:
    """Where the sheet says what was found."""
    at = next(at for at, row in enumerate(sheet.raw["items"]) if row["problem"])
    return f"items/{at}/problem"


def _ask(world: World, sheet: Sheet) -> None:
    asked = Asked(_path(sheet), str(sheet.raw["entity_name"]), "sms", str(sheet.raw["phone"]))
    opinions.ask(
        world.session,
        world.publication(sheet.key),
        asked,
        by=world.drafter(sheet.department),
        terms=world.terms,
        key=Key(token_of(world.settings, 0)),
        link=lambda token: address_of(world.settings, token, "opinions"),
    )


def plan_declarations(world: World, department: str) -> None:
    """A firm that was told declares what it wants kept secret; one declaration is accepted, one waits."""

    def declare() -> None:
        notice = owed(world.session)[0]
        name = world.session.get_one(type(notice.publication), notice.publication_id).revisions[-1].title
        for nth, (title, words, why) in enumerate(DECLARED):
            typed = Declared(
                f"demo-{nth}", notice.subject, name, department, title, words, why, contact="15400003001"
            )
            declaring.declare(world.session, typed)

    def review() -> None:
        by = world.staff.person(department, "reviewer")
        first, _second = reversed(declaring.of_entity(world.session, owed(world.session)[0].subject))
        declaring.review(
            world.session,
            first,
            by=by,
            accepted=True,
            reasons="已核对保密协议和保管措施，同意按商业秘密核对。",
        )

    declared, reviewed = moment(world.days.ago(0), 10, 15), moment(world.days.ago(0), 15, 35)
    world.timeline.add(declared, declare)
    world.timeline.add(reviewed, review)
    plan_keeping(world, declared)
    plan_keeping(world, reviewed)


DECLARED = (
    ("供货渠道和结算价格", "供货渠道\n结算价格\n返点", "与供货方签有保密协议，合同由店长一人保管。"),
    ("酱料配方", "卤水LS-07号\n香料比例", "只有两名厨师知道，签有保密承诺书，配方本上锁。"),
)
