"""A draw as an honest office makes it, without a database; and what a dishonest one would rather have."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from portal.draws import chain, order, pool, randomness, strata
from portal.draws.strata import Stratum
from portal.draws.verify import FORMAT, Bundle, problems, read_bundle
from portal.ledger.entry import EntryDraft, entry_bytes

DRAND = json.loads((Path(__file__).parent / "fixtures" / "drand_quicknet.json").read_text("utf-8"))
ROUND: int = DRAND["rounds"][0]["round"]
SIGNATURE: str = DRAND["rounds"][0]["signature"]
RANDOMNESS: str = DRAND["rounds"][0]["randomness"]
SOURCE = f"drand-quicknet:{ROUND}"
APPEARS = randomness.QUICKNET.appears(ROUND)
HOUR = timedelta(hours=1)

SECRET = "5e" * 32
TASK = "33990020230915001"
RESTAURANTS = [f"91339900MA2CY{at:04d}X" for at in range(30)]
SHOPS = [f"91339900MA2DZ{at:04d}Y" for at in range(50)]
EXCLUDED = {RESTAURANTS[3]: "often", SHOPS[7]: "gone"}
STRATA = (
    Stratum("餐饮", pool.pool_text(RESTAURANTS), "10%"),
    Stratum("商店", pool.pool_text(SHOPS), "4"),
)

COMMIT, RESULT, REVEAL = 12, 15, 40  # indexes in the ledger


class Office:
    """Draws as it should; a test changes one thing, as somebody would who wants another list."""

    def __init__(self, *, secret: str = SECRET, parts: Sequence[Stratum] = STRATA, salt: str = "") -> None:
        self.secret, self.salt = secret, salt
        self.parts, self.excluded = list(parts), dict(EXCLUDED)
        self.committed_at, self.locked_at = APPEARS - HOUR, APPEARS + HOUR
        self.source, self.evidence, self.step = SOURCE, SIGNATURE, 1
        self.commit_extra = self.terms()
        self.commit_reason = ""
        self.code = chain.code_of(secret, 1)
        self.index = COMMIT
        self.earlier: list[dict[str, Any]] = []
        self.drawn = self.draws()

    def terms(self) -> dict[str, Any]:
        codes = strata.whole_pool(self.parts)
        return {
            "draw": "own", "task": TASK, "algorithm": order.ALGORITHM, "size": len(codes),
            "pool": self.digest(pool.pool_text(codes)),
            "excluded": self.digest(pool.exclusions_text(self.excluded)), "excluded_count": len(self.excluded),
            "strata": self.digest(strata.strata_text(self.parts, self.excluded)),
            "commitment": chain.commitment(self.secret), "step": self.step, "randomness": self.source,
        }  # fmt: skip

    def digest(self, text: str) -> str:
        return pool.digest(text, self.salt)

    def draws(self) -> list[str]:
        chosen = strata.selection(self.parts, self.excluded, self.code, RANDOMNESS)
        return sorted(code for part in chosen for code in part)

    def redraws(self, reason: str) -> None:
        """A second commitment for the same task, in public and with a reason."""
        self.earlier.append(self.as_json(locked=False))
        self.step, self.index, self.commit_reason = 2, COMMIT + 1, reason
        self.commit_extra = self.terms() | {"replaces": COMMIT}
        self.code = chain.code_of(self.secret, 2)
        self.earlier[0]["code"] = chain.walked(self.code, 1)
        self.drawn = self.draws()

    def as_json(self, *, locked: bool = True) -> dict[str, Any]:
        made: dict[str, Any] = {
            "format": FORMAT,
            "commit": line(self.index, "draw_commit", self.commit_extra, self.committed_at, self.commit_reason),
            "strata": [{"name": each.name, "rule": each.rule, "pool": each.codes} for each in self.parts],
            "exclusions": pool.exclusions_text(self.excluded),
            "evidence": self.evidence, "code": self.code, "salt": self.salt, "reason": self.commit_reason,
            "earlier": [*self.earlier],
        }  # fmt: skip
        if locked:
            text = pool.pool_text(self.drawn)
            said = {
                "draw": "own",
                "commit": self.index,
                "sample": len(self.drawn),
                "list": self.digest(text),
            }
            made |= {
                "drawn": text,
                "result": line(RESULT, "draw_result", said, self.locked_at),
                "reveal": line(
                    REVEAL,
                    "draw_result",
                    {"draw": "own", "commit": self.index, "code": self.code or None},
                    self.locked_at + HOUR,
                ),
            }
        return made

    def bundle(self) -> Bundle:
        return read_bundle(json.dumps(self.as_json()))

    def found_out(self, released: Mapping[str, Any] | None = None) -> str:
        """What a reader is told, all in one."""
        return "".join(problems(self.bundle(), released))


def line(index: int, type: str, extra: Mapping[str, Any], at: datetime, reason: str = "") -> dict[str, Any]:
    draft = EntryDraft(type=type, extra=extra, reason=reason)
    return {"index": index, "body": entry_bytes(draft, None, at).decode()}
