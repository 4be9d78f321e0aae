"""Takes a turn, says so and keeps it until it is killed, or stopped for longer than the seconds given after it.

Run by ``tests/stories/test_workers_turn.py`` as a process of its own.
"""

import sys
import time

from portal import turns
from portal.opening import office
from portal.sessions import turn_of
from portal.settings import from_environment


def main() -> None:
    """Hold the turn that the command line names, on the database that the environment names."""
    if len(sys.argv) > 2:
        turns.GIVEN_UP = float(sys.argv[2])
        turns.SIGN_OF_LIFE = turns.GIVEN_UP / 4
    with turn_of(office(from_environment()), sys.argv[1]) as mine:
        sys.stdout.write(f"{mine}\n")
        sys.stdout.flush()
        time.sleep(60)


if __name__ == "__main__":
    main()
