"""W2: neither an entity's risk class is public, nor anything it can be inferred from.

Two towns have the same firms, tasks and results, and other firms in each class. A platform writes its lists
stratum by stratum and an office sorts its results by class, so numbers, orders and gaps would tell the two apart.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.people.models import Grant
from portal.publications import bulk, pipeline
from portal.publications.models import Batch
from portal.settings import Settings
from tests import examples
from tests.cast import Cast
from tests.office import disclose
from tests.secrets.planting import MOMENT
from tests.secrets.secret import Secrets
from tests.secrets.visiting import everything_of
from tests.secrets.worlds import Shelf, World, first_difference, two_worlds

CLASSES = "AAABBBCCD"
FIRMS = {
    f"9133990{at:02d}MA{at * 7919 % 89 + 10}X{at:02d}Q{at % 7}": f"示例第{at}商店" for at in range(1, 25)
}
TELLING = (
    "risk_class",
    "risk_filter",
    "risk_differ",
    "by_risk",
    "stratum",
    "strata",
    "信用风险",
    "风险分类",
    "分层",
    "高风险",
    "C类",
    "D类",
)

SAYS_IT = (
    "public.about",
    "public.search",
    "public.openapi",
)  # what is not public; what was asked; what may be pushed


@dataclass(frozen=True)
class Town:
    """Which class each firm is in."""

    classes: Mapping[str, str]

    def build(self, session: Session, cast: Cast, secrets: Secrets, settings: Settings) -> None:
        session.execute(sa.update(Grant).values(given_at=MOMENT.replace(month=1)))
        disclose(session, cast, "list", examples.item_list())
        ratios = [row | {"ratio_by_risk": f"C类{len(self.of('C'))}%"} for row in examples.plan()["items"]]
        disclose(
            session, cast, "plan", examples.plan(items=ratios, risk_differentiation=f"高风险{self.of('D')}")
        )
        disclose(session, cast, "task", self.stratified())
        disclose(session, cast, "task", self.filtered("C"))
        self.results(session, cast)

    def of(self, wanted: str) -> list[str]:
        return [code for code in FIRMS if self.classes[code] == wanted]

    def by_stratum(self) -> list[str]:
        return sorted(FIRMS, key=lambda code: (self.classes[code], FIRMS[code]))

    def rows(self) -> Iterator[dict[str, Any]]:
        for seq, code in enumerate(self.by_stratum(), start=1):
            yield {
                "seq": f"{self.classes[code]}-{seq}",
                "entity_name": FIRMS[code],
                "entity_code": code,
                "risk_class": self.classes[code],
                "stratum": f"第{self.classes[code]}层",
            }

    def stratified(self) -> dict[str, Any]:
        strata = "；".join(f"{each}类{len(self.of(each))}户" for each in "ABCD")
        return examples.task(drawn=[*self.rows()], sample_size=len(FIRMS), pool_size=400, strata=strata)

    def filtered(self, wanted: str) -> dict[str, Any]:
        """A draw from one class alone, whose names are not shown: its pool and its ratio tell the class's size."""
        size = len(self.of(wanted))
        return examples.task(
            title="不宜告知的抽查", source_number="33990020261012004", names_shown=False, sample_size=2, risk_filter=f"{wanted}类",
            names_withheld_ground="检查前不宜告知。", drawn=[*self.rows()][:size], pool_size=size * 10, ratio=f"{200 / size:.1f}%",
        )  # fmt: skip

    def results(self, session: Session, cast: Cast) -> None:
        """Brought in and published as one batch, in the order of the office's file: class by class."""
        batch = Batch(
            kind="result",
            label="第一批",
            department_code="scjg",
            created_by_id=cast.he.id,
            created_at=clock.now(),
        )
        session.add(batch)
        session.flush()
        proposals = [
            pipeline.Proposal(
                examples.result(entity_name=FIRMS[code], entity_code=code, risk_class=self.classes[code])
            )
            for code in self.by_stratum()
        ]
        pipeline.draft_many(session, "result", proposals, by=cast.he, batch=batch)
        session.commit()
        for act, who in (("submit", cast.he), ("approve", cast.song), ("publish", cast.song)):
            outcome = bulk.act_on_batch(session, session.merge(batch), act, by=session.merge(who))  # type: ignore[arg-type]
            assert outcome.done == len(FIRMS), outcome.refused


def town(seed: int) -> Town:
    rng = random.Random(seed)  # noqa: S311
    return Town({code: rng.choice(CLASSES) for code in FIRMS})


@pytest.fixture
def towns(shelf: Shelf, run_folder: Path, tmp_path: Path) -> Iterator[tuple[World, World]]:
    compiled = run_folder / "templates"
    compiled.mkdir(exist_ok=True)
    with two_worlds(shelf, tmp_path, compiled, {"A": town(1).build, "B": town(2).build}, light=True) as pair:
        for world in pair:
            world.salts_are_named = True
        yield pair


@pytest.mark.proved_on_postgres
def test_two_towns_that_differ_in_their_risk_classes_alone_give_the_same_bytes(
    towns: tuple[World, World],
) -> None:
    """So nothing that anybody works out from the public bytes can be truer of one town than of the other."""
    one, other = towns
    assert town(1).by_stratum() != town(2).by_stratum()
    assert one.known == other.known
    for address in everything_of(one):
        a, b = one.get(address).plainly(one.named), other.get(address).plainly(other.named)
        assert a == b, f"{address.path}\n{first_difference(a, b)}"
        if not address.rule.startswith(SAYS_IT):
            assert not [word for word in TELLING if word in a.decode(errors="replace")], address
