"""The demo's past, one act after the other: the ledger's time never runs backwards."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from portal import clock

Act = Callable[[], None]
Progress = Callable[[int, int], None]


class Timeline:
    """Acts with their moments; carried out in the order of time, each in a transaction of its own."""

    def __init__(self) -> None:
        self._acts: list[tuple[datetime, int, Act]] = []

    def add(self, moment: datetime, act: Act) -> None:
        """Plan an act; two at the same moment happen in the order they were added."""
        self._acts.append((moment, len(self._acts), act))

    @property
    def newest(self) -> datetime:
        """The moment of the last act."""
        return max(moment for moment, _, _ in self._acts)

    def run(self, session: Session, progress: Progress | None = None) -> None:
        """Carry everything out. Acts may not add to the timeline while it runs."""
        acts = sorted(self._acts, key=lambda each: each[:2])
        for done, (moment, _, act) in enumerate(acts, start=1):
            with clock.at(moment):
                act()
                session.commit()
                session.expunge_all()  # else each flush looks through all that came before
            if progress:
                progress(done, len(acts))
