#!/usr/bin/env python3
"""Push records into the portal: JSON Lines in, what became of each line out. Needs nothing but Python 3.11.

    PORTAL_PUSH_KEY=push_… python push_client.py https://example.org result 2026-10 results.jsonl

Each line of the file is one record (see docs/push.md). Cut off anywhere, run it again: nothing comes in twice.
"""

import hashlib
import json
import os
import sys
import time
import urllib.error
import urllib.request
from itertools import islice
from pathlib import Path

AT_ONCE = 300
TRIES = 5


def main(site: str, kind: str, batch: str, path: str, *options: str) -> int:
    """The number of records that came back."""
    refused, done = 0, 0
    trying = "--dry-run" in options
    with Path(path).open(encoding="utf-8") as file:
        records = (json.loads(line) for line in file if line.strip())
        while part := list(islice(records, AT_ONCE)):
            answer = push(site, {"kind": kind, "batch": batch, "records": part}, trying)
            for each in answer["records"]:
                for fault in each["errors"]:
                    print(
                        f"line {done + each['at'] + 1} {fault['pointer']}: {fault['detail']}", file=sys.stderr
                    )
            refused += answer["counts"]["refused"]
            done += len(part)
            print(f"{done}: {answer['counts']}")
    if not trying:
        ask(site, f"/push/v1/batches/{batch}/completion", b"")
    return refused


def push(site: str, body: dict, trying: bool) -> dict:
    """One request; its key is made of what is sent, so that the same is never carried out twice."""
    data = json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
    address = "/push/v1/records" + ("?dry_run=true" if trying else "")
    return ask(site, address, data, {"Idempotency-Key": hashlib.sha256(data).hexdigest()})


def ask(site: str, address: str, data: bytes, headers: dict | None = None) -> dict:
    """Post and read the answer; what may pass is tried again, what will not is said."""
    known = {"Authorization": f"Bearer {os.environ['PORTAL_PUSH_KEY']}", "Content-Type": "application/json"}
    request = urllib.request.Request(site.rstrip("/") + address, data, known | (headers or {}), method="POST")
    for nth in range(1, TRIES + 1):
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code < 500 and error.code != 429:
                sys.exit(f"{error.code}: {json.load(error)['detail']}")
        except urllib.error.URLError as error:
            print(f"no answer ({error.reason}), once more", file=sys.stderr)
        time.sleep(min(2**nth, 60))
    sys.exit("the site does not answer; run this again later, nothing will come in twice")


if __name__ == "__main__":
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    sys.exit(1 if main(*sys.argv[1:]) else 0)
