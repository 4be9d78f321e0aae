"""What a verification found, in sentences and counts."""

from collections import Counter
from dataclasses import dataclass, field

from portal.words import Sentence

MOST = 50  # sentences of one sort; the rest are counted


@dataclass
class Report:
    """Three sorts of sentences.

    :param wrong: what should not be: the log, or what is shown, is not what was signed.
    :param late: the log is whole; the office is behind its time.
    :param noted: neither, but worth knowing.
    :param counts: how much was looked at, by name.
    """

    wrong: list[Sentence] = field(default_factory=list)
    late: list[Sentence] = field(default_factory=list)
    noted: list[Sentence] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    unshown: int = 0

    def say_wrong(self, sentence: Sentence) -> None:
        self._add(self.wrong, sentence)

    def say_late(self, sentence: Sentence) -> None:
        self._add(self.late, sentence)

    def note(self, sentence: Sentence) -> None:
        self._add(self.noted, sentence)

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong; an office may still be late."""
        return not self.wrong

    def _add(self, to: list[Sentence], sentence: Sentence) -> None:
        if len(to) < MOST:
            to.append(sentence)
        else:
            self.unshown += 1
