"""A node's own index: followed on every node whatever turn it has, and told of, so that others can wait for it."""

from portal import clock
from portal.erasing import working
from portal.nodes import queries, telling
from portal.nodes.models import Node
from portal.nodes.telling import Told
from portal.search.engines import open_folder
from portal.search.folder import Followed, IndexFolder
from portal.search.following import catch_up
from portal.sessions import Office, session_at, settings_of


def index_folder(app: Office) -> IndexFolder:
    """The application's index folder, one object per process so that worker and pages share what is open."""
    if "portal_search" not in app.extensions:
        app.extensions["portal_search"] = open_folder(settings_of(app))
    folder: IndexFolder = app.extensions["portal_search"]
    return folder


def index_step(app: Office) -> int:
    """Bring the index up to date, a chunk per transaction; the number of entries followed."""
    folder, followed = index_folder(app), 0
    while True:
        with session_at(app, "public") as session:
            done = catch_up(session, folder)
        followed += done
        if not done:
            return followed


def index_at(app: Office) -> int:
    """Up to which entry the index follows, and no other index lies beside it; −1 while one is being built."""
    try:
        index_folder(app).discard_unfinished()
    except Followed:
        return -1
    return index_folder(app).position()


def indexes_at(app: Office) -> int:
    """The same of all nodes that ever told of themselves, this one too; the least."""
    with session_at(app, "reads") as session:
        others = queries.clear_to(session)
    here = index_at(app)
    return here if others is None else min(here, others)


def node_step(app: Office) -> int:
    """Tell what this node has followed, now and then, and at once when an erasure waits for it; 1 when it told.

    On SQLite there is one machine, and nobody to tell.
    """
    settings, at = settings_of(app), clock.now()
    if settings.is_sqlite:
        return 0
    with session_at(app, "reads") as session:
        node = session.get(Node, telling.name_of(settings))
        awaited = working.awaited_of_indexes(session)
    if not telling.is_due(node, awaited, at):
        return 0
    clear_to = index_at(app) if node is None or node.clear_to < awaited else None
    is_news = clear_to is not None and clear_to >= awaited
    if not is_news and not telling.is_due(node, -1, at):
        return 0  # it has not come so far yet, and told of itself a moment ago
    with session_at(app, "write") as session:
        telling.tell(session, settings, Told(index_folder(app).position(), clear_to), at)
        session.commit()
    return 1
