"""The floors of the house. Imports look down only, never sideways on one floor, never from inside a function."""

import ast

from tests.house.source import functions, imported, module_name, python_files, shown, tree

FLOORS = """
answering
app
web cli
demo work fitness opening
timers own_index
models
following waiting
mirror
search notices statistics exports verifying jobs
erasing
intake
prior_notice
objections draws concerns
publications
registries attachments
people deadlines redaction nodes
ledger outbox codes evidence sessions
db files turns stepping
clock errors settings logs one_writer instance_states
words witness
"""

HEIGHT = {name: -depth for depth, line in enumerate(FLOORS.strip().splitlines()) for name in line.split()}

KNOW_FLASK = {"answering", "app", "web", "cli", "opening", "db"}  # capabilities know neither the doors nor Flask

ROOMS = {"public", "entity", "staff", "push"}  # of web; one room never looks into another

PORTAL = [path for path in python_files("portal") if module_name(path) != "portal"]


def capability(module: str) -> str:
    """``portal.people.acts`` belongs to ``people``."""
    return module.split(".")[1]


def room(module: str) -> str:
    """``portal.web.staff.desk`` belongs to ``staff``."""
    parts = module.split(".")
    return parts[2] if len(parts) > 2 and parts[:2] == ["portal", "web"] and parts[2] in ROOMS else ""


def test_every_file_lives_on_a_floor() -> None:
    assert {capability(module_name(path)) for path in PORTAL} <= set(HEIGHT)


def test_imports_look_down_only() -> None:
    wrong = [
        f"{shown(path)}:{line} looks at {name}"
        for path in PORTAL
        for line, name in imported(path)
        if name.startswith("portal.")
        and capability(name) != (here := capability(module_name(path)))
        and not HEIGHT[capability(name)] < HEIGHT[here]
    ]
    assert not wrong


def test_one_room_never_looks_into_another() -> None:
    wrong = [
        f"{shown(path)}:{line} looks at {name}"
        for path in python_files("portal/web")
        for line, name in imported(path)
        if room(name) not in {"", room(module_name(path))}
    ]
    assert not wrong


def test_capabilities_do_not_know_flask() -> None:
    wrong = [
        f"{shown(path)}:{line} looks at {name}"
        for path in PORTAL
        if capability(module_name(path)) not in KNOW_FLASK
        for line, name in imported(path)
        if name.startswith("flask")
    ]
    assert not wrong


def test_nothing_is_imported_inside_a_function() -> None:
    wrong = [
        f"{shown(path)}:{node.lineno} in {function.name}"
        for path in python_files("portal", "tests", "migrations", "wsgi.py")
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not wrong


def test_only_db_py_touches_the_engines() -> None:
    """``db.engine`` goes round the choice of the door."""
    wrong = [
        f"{shown(path)}:{node.lineno}"
        for path in PORTAL
        if module_name(path) != "portal.db"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in {"engine", "engines"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "db"
    ]
    assert not wrong
