"""The site in one of the processes that answer, and how such a process ends."""

import atexit
import logging
import os
import sys

from flask import Flask

from portal.app import create_app


def site() -> Flask:
    """The portal, for Granian to answer with.

    Granian's threads ask for the interpreter while it ends. Before Python 3.14 it ends them for that, which they take for
    a failure: a panic and a dump of all memory. By then everything is answered, so the process leaves first.
    """
    atexit.register(_leave)
    return create_app()


def _leave() -> None:
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
