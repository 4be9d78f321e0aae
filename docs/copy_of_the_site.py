"""Keeps a folder equal with what a portal publishes: one JSON file per publication. Python 3.9 or newer, nothing else.

    python copy_of_the_site.py https://portal.example folder

Run it as often as you like, at least once a day. It goes on where it ended; killed, it begins again at the last page it
finished, which does no harm. What was corrected is replaced, what was withdrawn, suspended or erased is deleted.
"""

import json
import sys
import urllib.request
from pathlib import Path


def follow(site: str, folder: Path) -> int:
    """Apply every change since the last time; returns how many there were."""
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / "after.txt"
    after, applied = int(place.read_text()) if place.exists() else -1, 0
    while True:
        page = read(f"{site}/api/v1/changes?after={after}&limit=100")
        for change in page["changes"]:
            apply(change, folder)
            applied += 1
        after = page["after"]
        write(place, str(after))  # after the changes: whoever is killed before does them again
        if page["next"] is None:
            return applied


def read(address: str) -> dict:
    """The answer of an address. A 409 says that the site's log is another one: delete the folder and begin again."""
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310
        return json.load(answer)


def apply(change: dict, folder: Path) -> None:
    """Store the publication as it stands now, or delete it."""
    file = folder / f"{change['number']}.json"
    if change["publication"]["state"] == "live":
        write(file, json.dumps(change["publication"], ensure_ascii=False, indent=1))
    else:
        file.unlink(missing_ok=True)


def write(file: Path, text: str) -> None:
    """Whole or not at all."""
    new = file.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(file)


if __name__ == "__main__":
    count = follow(sys.argv[1].rstrip("/"), Path(sys.argv[2]))
    sys.stdout.write(f"{count} changes\n")
