"""The chain of draws in the log: one commitment at a time, replaced in the open, one locked list for each (D9, D10).

Whether the list follows from the randomness is another program's: ``portal draw verify``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.words import Sentence, say

Members = Mapping[str, Any]


@dataclass(slots=True)
class Drawn:
    """One commitment, or one locked list of a draw that the platform made."""

    type: str
    of: object  # the task committed to, or the number announced
    step: object = 1
    replaced: bool = False
    locked: bool = False


@dataclass
class Draws:
    """What the entries have said of draws so far, by index."""

    known: dict[int, Drawn] = field(default_factory=dict)
    standing: dict[str, int] = field(default_factory=dict)  # the newest commitment of each hash chain
    tasks: dict[str, str] = field(default_factory=dict)  # the first hash chain of each task
    noted: list[Sentence] = field(default_factory=list)

    def read(self, index: int, kind: str, members: Members) -> Iterator[Sentence]:
        """What is wrong with a ``draw_commit`` or ``draw_result`` after all before it."""
        if kind == "draw_commit":
            yield from self._commit(index, members)
        else:
            yield from self._result(index, members)

    def _commit(self, index: int, members: Members) -> Iterator[Sentence]:
        chain, replaces, step = members.get("commitment"), members.get("replaces"), members.get("step", 1)
        before = self._at(replaces, "draw_commit")
        if replaces != (self.standing.get(chain) if isinstance(chain, str) else None):
            yield say("第{index}条存证的抽取承诺没有写明它替代同一任务的上一次承诺。", index=index)
        elif step != (before.step + 1 if before and isinstance(before.step, int) else 1):
            yield say("第{index}条存证写的抽取次数不是上一次加一。", index=index)
        if before:
            before.replaced = True
        self.known[index] = Drawn("draw_commit", members.get("task"), step)
        if isinstance(chain, str):
            self._of_one_task(index, chain, str(members.get("task")))
            self.standing[chain] = index

    def _of_one_task(self, index: int, chain: str, task: str) -> None:
        """Two departments may draw for one task; one that begins a second chain draws until it likes the list."""
        other = self.tasks.setdefault(task, chain)
        if other != chain and chain not in self.standing:
            self.noted.append(
                say(
                    "任务{task}在第{index}条存证另有一次互不相干的抽取承诺。不是两个部门各自抽取的，请向公示机关核实。",
                    task=task,
                    index=index,
                )
            )

    def _result(self, index: int, members: Members) -> Iterator[Sentence]:
        commit, replaces = members.get("commit"), members.get("replaces")
        committed, before = self._at(commit, "draw_commit"), self._at(replaces, "draw_result")
        locks = members.get("list") is not None
        if commit is not None and (committed is None or committed.replaced):
            yield say("第{index}条存证所说的抽取承诺，在它之前没有，或者已经被替代。", index=index)
        elif committed and locks == committed.locked:
            yield say("第{index}条存证：一次抽取先锁定一次名单，再公布口令。", index=index)
        if replaces is not None and (before is None or before.replaced or before.of != members.get("number")):
            yield say("第{index}条存证所替代的名单，不是同一公告的上一份。", index=index)
        if committed and locks:
            committed.locked = True
        if before:
            before.replaced = True
        self.known[index] = Drawn("draw_result", members.get("number"))

    def _at(self, index: object, kind: str) -> Drawn | None:
        found = self.known.get(index) if isinstance(index, int) else None
        return found if found and found.type == kind else None
