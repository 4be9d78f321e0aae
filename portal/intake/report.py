"""What an import says when it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.intake.judging import Refusal
from portal.intake.registry_fields import REGISTRY_KINDS
from portal.people.models import Person
from portal.words import Sentence, say

Progress = Callable[[int, int], None]  # rows done, rows in all
KEPT = 10_000


@dataclass(frozen=True)
class Options:
    """How a file is to be taken in.

    :param by: who imports it: the author of the drafts.
    :param name: the file's name as it was uploaded; its own name when empty.
    :param department: code or name of the department, for rows that name none.
    :param source: a saved mapping of columns, see :mod:`portal.intake.mappings`.
    :param title: the title of the one publication that the file is.
    :param fields: other fields for the whole file, such as ``{"effective_from": "2026-01-01"}``.
    :param profile: the rule profile by which a result's last day of disclosure is counted (D11).
    :param mapping: column name -> field for this file alone; goes before the saved one.
    :param complete: of a registry: what the file does not hold any more is gone from it.
    :param secret: the site's own, under which an inspector's identity number is hashed (W3).
    """

    kind: str
    by: Person
    name: str = ""
    department: str = ""
    source: str = ""
    title: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    mapping: Mapping[str, str] = field(default_factory=dict)
    profile: str = "shili"
    make_task: bool = False
    dry_run: bool = False
    complete: bool = False
    secret: str = field(default="", repr=False)

    @property
    def given(self) -> dict[str, Any]:
        """What is said for the whole file."""
        said = {"title": self.title, "department": self.department} | dict(self.fields)
        return {name: value for name, value in said.items() if value}


@dataclass
class Report:
    """Counts, warnings and, in full or in part, the refusals.

    ``refusals`` holds the first 10,000; all of them are in the table of an import that was no dry run.
    """

    name: str
    kind: str
    dry_run: bool = False
    repeated: bool = False
    import_id: int | None = None
    rows: int = 0
    skipped: int = 0
    accepted: int = 0
    held: int = 0
    refused: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    tasks: int = 0
    undecided: int = 0  # results with sure proposals that nobody has decided about
    batches: list[int] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def keep(self, refusals: list[Refusal]) -> None:
        """Remember refusals as far as memory stays flat."""
        self.refusals += refusals[: KEPT - len(self.refusals)]

    @property
    def sentence(self) -> Sentence:
        """What happened, in one sentence."""
        if self.kind in REGISTRY_KINDS:
            return self._of_a_registry()
        if self.repeated:
            return say("这个文件以前已经导入过，这次没有作任何改动。")
        told: dict[str, object] = {
            name: getattr(self, name) for name in ("rows", "accepted", "held", "refused")
        }
        told["tasks"] = say("和任务公告{tasks}份", tasks=self.tasks) if self.tasks else ""
        if self.dry_run:
            return say(
                "试导入：读取{rows}行，可生成草稿{accepted}份（其中暂存待决定{held}份）{tasks}，退回{refused}行；没有写入任何内容。",
                **told,
            )
        return say(
            "读取{rows}行，生成草稿{accepted}份（其中暂存待决定{held}份）{tasks}，退回{refused}行。", **told
        )

    def _of_a_registry(self) -> Sentence:
        names = ("rows", "accepted", "changed", "unchanged", "refused", "gone")
        told: dict[str, object] = {name: getattr(self, name) for name in names}
        if self.dry_run:
            return say(
                "试导入：读取{rows}行，可新增{accepted}条、更新{changed}条，{unchanged}条没有变化，退回{refused}行，"
                "将标记为不在名录{gone}条；没有写入任何内容。",
                **told,
            )
        return say(
            "读取{rows}行，新增{accepted}条，更新{changed}条，{unchanged}条没有变化，退回{refused}行，"
            "标记为不在名录{gone}条。",
            **told,
        )
