"""Takes a turn, says so and keeps it until it is killed.

Run by ``tests/stories/test_workers_turn.py`` as a process of its own.
"""

import sys
import time

from portal.opening import office
from portal.sessions import turn_of
from portal.settings import from_environment


def main() -> None:
    """Hold the turn that the command line names, on the database that the environment names."""
    with turn_of(office(from_environment()), sys.argv[1]) as mine:
        sys.stdout.write(f"{mine}\n")
        sys.stdout.flush()
        time.sleep(60)


if __name__ == "__main__":
    main()
