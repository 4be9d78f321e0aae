"""``/push/v1``: records in, what became of them out."""

from collections.abc import Iterable
from typing import Any

from flask import Response, abort, request
from sqlalchemy.exc import IntegrityError

from portal.db import db
from portal.errors import Overtaken
from portal.intake import pushed_before, pushing
from portal.intake.models import PushBatch
from portal.intake.pushing import DRAFTED, HELD, KNOWN, REFUSED, Answer, Outcome, Push
from portal.web.describing import Body, Endpoint, describes
from portal.web.problems import in_english
from portal.web.push import shapes
from portal.web.push.asked import asked_push
from portal.web.push.room import client, profile, push, writing
from portal.web.rendering import absolute, permalink
from portal.words import Sentence, say

TAG, KEY = "push", "key"


@push.post("/v1/records")
@describes(
    Endpoint(
        TAG,
        say("推送记录"),
        shapes.OUTCOMES,
        says=say(
            "每条记录或者成为草稿，或者连同理由退回；一次请求要么全部办成，要么什么都不写入。"
            "带上 Idempotency-Key 请求头，断线以后原样再发一次，得到的是第一次的答复。"
        ),
        params=(shapes.DRY_RUN, shapes.KEY),
        body=shapes.PUSHED,
        problems=(401, 409, 413, 415),
        security=KEY,
    )
)
def push_records() -> Body | Response:
    asked = asked_push()
    if isinstance(asked, Response):
        return asked
    if request.args.get("dry_run") == "true":
        return _told(pushing.try_out(writing(), client(), asked, profile=profile()), asked, dry_run=True)
    try:
        return _taken(asked)
    except IntegrityError:
        db.session.rollback()
        raise Overtaken(say("同样的记录正在另一次请求里推送，这一次没有写入；请过几秒钟再发一次。")) from None


def _taken(asked: Push) -> Body:
    before = pushed_before.answered(writing(), client(), asked)
    if before is not None:
        return before
    answer = _told(pushing.take(writing(), client(), asked, profile=profile()), asked)
    pushed_before.remember(writing(), client(), asked, answer)
    return answer


@push.get("/v1/records/<record>")
@describes(
    Endpoint(
        TAG, say("推送的记录后来怎样"), shapes.STATE, params=(shapes.RECORD_ID,), problems=(401, 404), security=KEY
    )
)  # fmt: skip
def pushed_record(record: str) -> Body:
    found = pushed_before.state_of(writing(), client(), record)
    if found is None:
        abort(404)
    return {
        "record": record,
        "kind": found.kind,
        "stage": found.stage,
        "number": found.number or None,
        "address": absolute(permalink(found.number)) if found.number else None,
        "held": list(found.held),
    }


@push.get("/v1/batches/<name>")
@describes(
    Endpoint(
        TAG, say("一批推送了多少"), shapes.BATCH, params=(shapes.NAME,), problems=(401, 404), security=KEY
    )
)
def pushed_batch(name: str) -> Body:
    return _batch(_found(name))


@push.post("/v1/batches/<name>/completion")
@describes(
    Endpoint(
        TAG,
        say("结束一批"),
        shapes.BATCH,
        says=say("结束之后不再加记录，本部门可以开始办理。再结束一次没有妨碍。"),
        params=(shapes.NAME,),
        problems=(401, 404),
        security=KEY,
    )
)
def complete_batch(name: str) -> Body:
    batch = _found(name)
    pushing.complete(writing(), batch)
    return _batch(batch)


def _found(name: str) -> PushBatch:
    return pushing.batch_of(writing(), client(), name) or abort(404)


# ── what is told ─────────────────────────────────────────────


def _told(answer: Answer, asked: Push, *, dry_run: bool = False) -> Body:
    counts = {each: answer.count(each) for each in (DRAFTED, HELD, KNOWN, REFUSED)}
    return {
        "dry_run": dry_run,
        "batch": asked.batch or None,
        "counts": {"records": len(answer.outcomes), **counts},
        "records": [_outcome(each) for each in answer.outcomes],
        "warnings": _sentences(answer.warnings),
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "at": outcome.at,
        "status": outcome.status,
        "record": outcome.record or None,
        "held": _sentences(outcome.held),
        "errors": [
            {"pointer": each.pointer, "value": each.value, **_sentence(each.sentence)}
            for each in outcome.faults
        ],
    }


def _sentences(sentences: Iterable[str]) -> list[dict[str, str]]:
    return [_sentence(each) for each in sentences]


def _sentence(sentence: str) -> dict[str, str]:
    english = in_english([sentence]) if isinstance(sentence, Sentence) else sentence
    return {"detail": str(sentence), "detail_en": english}


def _batch(batch: PushBatch) -> Body:
    one = batch.taken_in
    drafted = one.accepted - one.held
    counts = {DRAFTED: drafted, HELD: one.held, KNOWN: one.unchanged, REFUSED: one.refused}
    return {
        "batch": batch.name,
        "kind": one.kind,
        "completed": one.is_finished,
        "counts": {"records": one.rows, **counts},
    }
