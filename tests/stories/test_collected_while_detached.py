"""An object that ends in the moment in which its session lets it go: on Python 3.11 that ended the process.

A process of its own, as it is about one that dies; Python's own checks of memory tell at once, not at some later time.
"""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import gc
import sqlalchemy as sa
from portal.codes.models import Region
from portal.opening import office
from portal.sessions import session_at
from portal.settings import from_environment

SIZE = 60  # more than the first objects of a class, by which Python makes up its mind about their shared keys


def let_go(session, later):
    gc.set_threshold(gc.get_count()[0] + later, 1000, 1000)
    gc.enable()
    session.expunge_all()
    gc.disable()


app = office(from_environment())
with session_at(app, "write") as session:
    Region.metadata.create_all(session.connection(), tables=[Region.__table__])
    session.execute(sa.insert(Region), [{"code": str(at), "label": "县"} for at in range(SIZE)])
    session.commit()
    found = session.scalars(sa.select(Region)).all()
    session.expire_all()  # the one attribute beyond the first objects' for which there was room
    found[0].label
spare = []
for later in range(20):
    gc.disable()
    gc.collect()
    with session_at(app, "write") as session:
        for each in session.scalars(sa.select(Region)):
            each.__dict__["itself"] = each  # held by nobody else
        each = None
        spare.extend({} for _ in range(100))  # no dictionary lies ready: the next one asks for memory
        let_go(session, later)
print("still here")
"""


def test_a_session_lets_go_of_what_the_collector_takes_in_that_moment(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONMALLOC": "debug", "PORTAL_VAR": str(tmp_path)}
    ran = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, b"still here\n"), ran.stderr.decode(errors="replace")
