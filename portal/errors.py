"""How the portal says no: in full sentences that say what to do next."""

from collections.abc import Sequence

from portal.words import Sentence


class Refused(Exception):
    """An act that may not happen, with every reason why not."""

    def __init__(self, *reasons: Sentence) -> None:
        super().__init__("\n".join(reasons))
        self.reasons: Sequence[Sentence] = reasons


class Overtaken(Refused):
    """Somebody else acted first on what the person was looking at."""


class Stopped(Exception):
    """Whoever is told of the progress of long work wants it to end here; what is committed stays."""


def refuse_if(reasons: Sequence[Sentence]) -> None:
    """Raise :class:`Refused` when there is any reason not to act."""
    if reasons:
        raise Refused(*reasons)
