"""No door agrees to a revision without the rules by which a notice before disclosure is owed."""

import ast

from tests.house.source import python_files, shown, tree


def test_every_door_that_agrees_gives_the_rules() -> None:
    calls = [
        (path, node)
        for path in python_files("portal/web", "portal/intake", "portal/cli")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("pipeline.approve", "bulk.act_on_batch", "act_on_batch")
    ]
    assert len(calls) == 2, "a door came or went"
    without = [
        f"{shown(path)}:{node.lineno}"
        for path, node in calls
        if "rules" not in {keyword.arg for keyword in node.keywords}
    ]
    assert not without
