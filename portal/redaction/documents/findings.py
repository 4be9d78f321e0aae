"""What recognisers see in a document's words, and where on its pages these stand. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from portal.redaction.documents.boxes import Box, places
from portal.redaction.documents.bundle import Page
from portal.redaction.recognising.proposing import propose

_NEAR = 0.004  # of a page: a box drawn by hand covers what it all but covers
MOST = 2000  # of one document

Found = Mapping[str, Any]  # {"page", "x0", "y0", "x1", "y1", "kind", "ground", "basis", "sure"}


def findings(pages: Sequence[Page]) -> list[dict[str, Any]]:
    """Every proposal, one for each line it stands in; no words, only places."""
    return [each for n, page in enumerate(pages, start=1) for each in _on_page(n, page)][:MOST]


def _on_page(n: int, page: Page) -> Iterator[dict[str, Any]]:
    for each in propose(page.text):
        said = {"kind": each.kind, "ground": each.ground, "basis": each.basis, "sure": each.sure}
        for place in places(page, each.start, each.end):
            yield {"page": n, **place, **said}


def is_covered(found: Found, boxes: Sequence[Box]) -> bool:
    """Whether a box lies over what was found."""
    return any(
        box["page"] == found["page"]
        and box["x0"] <= found["x0"] + _NEAR
        and box["y0"] <= found["y0"] + _NEAR
        and box["x1"] >= found["x1"] - _NEAR
        and box["y1"] >= found["y1"] - _NEAR
        for box in boxes
    )
