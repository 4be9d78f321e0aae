"""Every masking call and condition, found in the source by what it does, and what stands there once it is removed.

Pure: source in, mutations out. ``tests/mutate.py`` carries them out one by one.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# where words are withheld, and where the public reads
GATE = (
    "portal/publications/gate.py", "portal/publications/fields.py", "portal/publications/ordering.py",
    "portal/publications/bulk.py", "portal/publications/facing.py", "portal/publications/superseded.py",
    "portal/publications/publishing.py", "portal/publications/beside.py", "portal/publications/queries.py", "portal/publications/pipeline.py",
    "portal/redaction/masking.py", "portal/db.py", "portal/app.py", "portal/logs.py",
    "portal/search/documents.py", "portal/search/following.py", "portal/search/asking.py", "portal/search/listing.py",
    "portal/search/suggesting.py", "portal/search/helping.py", "portal/publications/lasting.py",
    "portal/publications/months.py", "portal/publications/tallying.py", "portal/publications/totals.py",
    "portal/statistics/counting.py", "portal/following/news.py",
    "portal/web/rendering.py", "portal/exports/resource.py", "portal/exports/reading.py", "portal/exports/changes.py",
)  # fmt: skip

# calls of which the value itself is what would be shown
UNMASKED = {"mask": "{0}", "_masked": "{0}"}
# calls that keep or take something away, and do nothing once they are gone
KEEPING = {
    "take_earlier_off", "hide", "set_authorizer", "_name_drawn", "_in_public_order", "delete", "is_private",
}  # fmt: skip
# conditions that decide what may be read: by the names in them
DECIDING = {"public", "live", "withheld_ground", "has_marker", "risk_filter", "_is_shown", "withholds_more", "names_shown", "OURS"}  # fmt: skip
# what a whole expression becomes
INSTEAD = {
    "Face.live": "sa.true()",
    "Face.live.is_(True)": "sa.true()",
    "Release.body.is_not(None)": "sa.true()",
    "release.body is None": "False",
    "before is None or before.body is None": "before is None",
    "table in PUBLIC_TABLES": "True",
    'open_at("public")': 'open_at("reads")',
    "{'hide_parameters': True}": "{'hide_parameters': False}",
    "markers(place.grounds)": "text[place.start : place.end]",
    "markers((mark_['ground'] for mark_ in marks))": "value",
    "public_fields(kind, known, marks)": "dict(known)",
    "status != 400": "False",
    "value and field.public and field.name != 'seq'": "value and field.name != 'seq'",
    "each.public and each.name not in placed": "each.name not in placed",
    "record.name.partition('.')[0] in OURS": "True",
}
# found by the same signs, and no masking: what they do instead
NO_MASKING = {
    'entry.type == "correct" and face.live': "chooses where a feed's item leads",
    'successor.withheld_ground and revision.act != "publish"': "refuses a draft",
    "session.execute(sa.delete(Prepared).where(Prepared.revision_id == revision.id))": "an approval taken back",
    "session.delete(kept)": "words that may be read again are kept once",
    'getattr(session, "door", "") == "public"': "chooses what is kept for the next page",
    "chart.live": "a chart that is drawn of today's records, and not of a day's figures",
    "not each.public": "says which columns are committed to as withheld",
    '_name_drawn(session, release.number, fields.get("drawn") if release.kind == "task" else None)': "names whom a live task drew",
}
# conditions that stand behind another one: alone they change nothing that a reader gets
BEHIND = {
    "portal/web/public/reading.py details": "a released row has no internal column; what is placed would stand twice",
    "portal/exports/resource.py of": "what is not live is told as gone, and nothing else that was read of it is looked at",
    "portal/exports/reading.py every": "what is not live is left out where its turn comes",
    "portal/exports/resource.py public_notes": "the gate lets out neither the field nor a note of it",
    "portal/search/documents.py _words": "released values alone come here; taken away, less is found",
    "portal/search/following.py _documents": "what is live has its body, and what is not live is left out before",
    "portal/search/asking.py _shown": "what is live has its body, and what is not live is left out before",
    "portal/publications/queries.py known_entities": "it is asked of codes that a live task names, and they are known",
}


@dataclass(frozen=True)
class Mutation:
    """One stretch of one file, and what it becomes."""

    path: str
    line: int
    start: int
    end: int
    inside: str  # the function
    before: str
    after: str

    @property
    def behind(self) -> str:
        """Why no test can notice it alone; empty when one must."""
        return BEHIND.get(f"{self.path} {self.inside}", "")

    @property
    def title(self) -> str:
        return f"{self.path}:{self.line} {self.what}"

    @property
    def what(self) -> str:
        return f"{' '.join(self.before.split())[:90]} → {self.after}"

    def of(self, source: bytes) -> bytes:
        return source[: self.start] + self.after.encode() + source[self.end :]


def every() -> list[Mutation]:
    """All mutations of all files, in order; each stretch once."""
    rooms = sorted((ROOT / "portal/web/public").glob("*.py"))
    paths = [*GATE, *(str(path.relative_to(ROOT)) for path in rooms), "portal/objections/public_reading.py"]
    return [mutation for path in paths for mutation in mutations_of(path, (ROOT / path).read_bytes())]


def mutations_of(path: str, source: bytes) -> Iterator[Mutation]:
    """The mutations of one file, the widest first where they overlap."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    seen: set[tuple[int, int]] = set()
    tree = ast.parse(source)
    for node, after in _found(tree):
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
        before = source[start:end].decode()
        if (start, end) not in seen and after != before and before not in NO_MASKING:
            seen.add((start, end))
            yield Mutation(path, node.lineno, start, end, _inside(tree, node.lineno), before, after)


def _inside(tree: ast.AST, line: int) -> str:
    functions = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)]
    around = [each for each in functions if each.lineno <= line <= (each.end_lineno or each.lineno)]
    return min(around, key=lambda each: (each.end_lineno or 0) - each.lineno).name if around else ""


def _found(tree: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.comprehension):
            yield from ((test, "True") for test in node.ifs if _names(test) & DECIDING)
        elif isinstance(node, ast.If | ast.IfExp) and _names(node.test) & DECIDING:
            yield from _of_expression(node.test) if _instead(node.test) else [(node.test, "False")]
        elif isinstance(node, ast.Expr | ast.Assign) and _is_keeping(node):
            yield node, "pass"
        elif isinstance(node, ast.expr):
            yield from _of_expression(node)


def _of_expression(node: ast.expr) -> Iterator[tuple[ast.expr, str]]:
    if instead := _instead(node):
        yield node, instead
    elif isinstance(node, ast.Call) and _called(node) in UNMASKED and node.args:
        yield node, UNMASKED[_called(node)].format(ast.unparse(node.args[0]))


def _instead(node: ast.expr) -> str | None:
    written = {before.replace("'", '"'): after for before, after in INSTEAD.items()}
    return written.get(ast.unparse(node).replace("'", '"'))


def _is_keeping(node: ast.Expr | ast.Assign) -> bool:
    """A statement that withholds: by a call, or by emptying a body."""
    if isinstance(node, ast.Assign):
        emptied = isinstance(node.value, ast.Constant) and node.value.value is None
        at_body = any(isinstance(each, ast.Attribute) and each.attr == "body" for each in node.targets)
        same = {_name(each) for target in node.targets for each in ast.walk(target)} - {""}
        redone = (
            isinstance(node.value, ast.Call) and _called(node.value) in KEEPING and same <= _names(node.value)
        )
        return (emptied and at_body) or redone
    return any(isinstance(each, ast.Call) and _called(each) in KEEPING for each in ast.walk(node))


def _called(node: ast.Call) -> str:
    return _name(node.func)


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def _names(node: ast.AST) -> set[str]:
    """Every name, attribute and short text in an expression."""
    texts = {
        str(each.value)
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }
    return {_name(each) for each in ast.walk(node)} | texts
