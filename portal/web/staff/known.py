"""The password once more, before what can not be taken back: signing an answer, erasing."""

from portal.db import db, open_at
from portal.errors import Overtaken, Refused
from portal.people import acts
from portal.web.staff.room import let_go, person
from portal.words import Sentence


def why_not_known(password: str) -> list[Sentence]:
    """Why the password does not prove who is here; the counter of failures is committed although nothing is signed."""
    username = person().username
    let_go()
    open_at("reads")
    fits = acts.password_fits(db.session(), username, password)
    open_at("write")
    try:
        acts.sign_in(db.session(), username, fits)
    except Overtaken:
        raise
    except Refused as refusal:
        db.session.commit()
        return list(refusal.reasons)
    return []
