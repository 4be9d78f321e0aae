"""``/push/v1``: records in, what became of them out."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, request
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException

from portal.db import db
from portal.errors import Overtaken
from portal.intake import pushing
from portal.intake.models import PushBatch
from portal.intake.pushed import Fault
from portal.intake.pushing import DRAFTED, HELD, KNOWN, REFUSED, Answer, Outcome, Push
from portal.web.describing import Body, Endpoint, describes
from portal.web.problems import problem, spoken
from portal.web.push import shapes
from portal.web.push.room import client, profile, push, writing
from portal.web.rendering import absolute, permalink
from portal.words import Sentence, say

TAG = "push"
SECURITY = "push_key"


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
        params=(shapes.DRY_RUN,),
        body=shapes.PUSHED,
        problems=(401, 409, 413, 415),
        security=SECURITY,
    )
)
def push_records() -> Body | Response:
    asked = _asked()
    if request.args.get("dry_run") == "true":
        return _told(pushing.try_out(writing(), client(), asked, profile=profile()), asked, dry_run=True)
    try:
        return _taken(asked)
    except IntegrityError:  # the same came in beside it, and was first
        raise Overtaken(say("同样的记录正在另一次请求里推送，这一次没有写入；请过几秒钟再发一次。")) from None


def _taken(asked: Push) -> Body:
    before = pushing.answered(writing(), client(), asked)
    if before is not None:
        return before
    answer = _told(pushing.take(writing(), client(), asked, profile=profile()), asked)
    pushing.remember(writing(), client(), asked, answer)
    writing().flush()
    return answer
