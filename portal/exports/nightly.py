"""When bulk files are made: each day anew, and again once the newest edition is off."""

from sqlalchemy.orm import Session

from portal import clock
from portal.exports import editions, making
from portal.exports.editions import Edition
from portal.exports.making import Advance
from portal.exports.package import Publisher
from portal.exports.reading import Doors
from portal.settings import Settings


def publisher_of(settings: Settings) -> Publisher:
    """Whose site this is."""
    return Publisher(
        settings.base_url.rstrip("/"),
        settings.host_office,
        settings.host_office_en,
        settings.place,
        settings.place_en,
    )


def is_behind(session: Session, settings: Settings) -> bool:
    """Whether editions lie there that are to be removed."""
    left = editions.superfluous(session, settings.exports_dir, clock.today(), settings.exports_kept_days)
    return next(left, None) is not None


def is_due(session: Session, settings: Settings) -> bool:
    """Whether there is no edition of today that may be given out."""
    newest = editions.newest(session, settings.exports_dir)
    return newest is None or newest.day != clock.today()


def bring_up(doors: Doors, settings: Settings, *, make: bool) -> int:
    """Remove what is off or too old, and make an edition; the number of both. Only under the turn ``exports``.

    :param doors: a session of its own at the public door each time.
    """
    folder = settings.exports_dir
    with doors() as session:
        left = [*editions.superfluous(session, folder, clock.today(), settings.exports_kept_days)]
        again = make and is_due(session, settings)  # another worker may have had the turn in between
    removed = editions.remove(folder, left)
    made = again and making.make(doors, folder, publisher_of(settings)) is not None
    return removed + made


def make_now(doors: Doors, settings: Settings, advance: Advance) -> Edition | None:
    """Make an edition whatever the hour; None when something went off meanwhile."""
    return making.make(doors, settings.exports_dir, publisher_of(settings), advance)
