"""Short functions, short files, names of the trade."""

import ast
import re

from tests.house.source import functions, python_files, shown, tracked, tree

LONGEST_FUNCTION = 40
LONGEST_FILE = 300
EMPTY_NAMES = {"utils", "helpers", "common", "manager", "misc", "util", "helper"}
EMPTY_VERBS = ("process_", "handle_data")
SQLALCHEMYS_OWN = {"process_bind_param", "process_result_value"}

FILES = python_files("portal", "tests", "migrations", "wsgi.py")
OWN_SCRIPT = re.compile(
    r"<style|\sstyle\s*=|javascript:|<script(?![^>]*\ssrc=)(?! type=\"application/ld\+json\">)|\son[a-z]+\s*=",
    re.IGNORECASE,
)

JINJA = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)


def test_no_function_is_longer_than_forty_lines() -> None:
    long = [
        f"{shown(path)}:{each.lineno} {each.name} has {length} lines"
        for path in FILES
        for each in functions(path)
        if (length := (each.end_lineno or 0) - each.lineno + 1) > LONGEST_FUNCTION
    ]
    assert not long


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    long = [
        f"{shown(path)} has {length} lines"
        for path in FILES
        if (length := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    ]
    assert not long


def test_names_say_what_is_done() -> None:
    vague = [shown(path) for path in FILES if path.stem in EMPTY_NAMES or path.parent.name in EMPTY_NAMES]
    vague += [
        f"{shown(path)}:{each.lineno} {each.name}"
        for path in FILES
        for each in functions(path)
        if each.name.startswith(EMPTY_VERBS) and each.name not in SQLALCHEMYS_OWN
    ]
    vague += [
        f"{shown(path)}:{node.lineno} {node.name}"
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and node.name.endswith("Manager")
    ]
    assert not vague


def test_a_template_holds_no_script_and_no_style_of_its_own() -> None:
    """The content security policy allows none, so it would be dead as well as ugly. JSON-LD is data: nothing runs it."""
    wrong = [
        f"{shown(path)}: {found.group().strip()}"
        for path in tracked()
        if path.suffix in {".html", ".xml", ".svg"} and "templates" in path.parts
        for found in OWN_SCRIPT.finditer(JINJA.sub("", path.read_text(encoding="utf-8")))
    ]
    assert not wrong
