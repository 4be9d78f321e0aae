"""What no tracked file may say: addresses of one machine, of package indexes, of files beside the project."""

from tests.house.source import shown, tracked

# in two pieces each, or this file would be the first to fail
PIECES = (
    ("/wo", "rk/"),
    ("/tm", "p/"),
    ("/ro", "ot/"),
    ("/ho", "me/"),
    ("/op", "t/"),
    ("../sha", "red"),
    ("pypi", ".org"),
    ("python", "hosted.org"),
    ("npmjs", ".org"),
    ("--index", "-url"),
    ("--find", "-links"),
)
OUT = tuple("".join(pieces) for pieces in PIECES)
NOT_TEXT = {".mo", ".png", ".jpg", ".ico", ".woff2", ".xls", ".xlsx", ".gz", ".pdf"}


def test_no_file_names_a_machine_or_a_package_index() -> None:
    wrong = [
        f"{shown(path)}: {word}"
        for path in tracked()
        if path.suffix not in NOT_TEXT
        for word in OUT
        if word in path.read_bytes().decode("utf-8", errors="replace")
    ]
    assert not wrong
