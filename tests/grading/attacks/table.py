"""Print the attacks as a table: `python -m tests.grading.attacks.table`."""

from tests.grading.attacks.catalogue import PATCHING, READING
from tests.grading.attacks.more import BOMBS, ESCAPES, GUESSING, KILLING, NETWORK, PRINTING


def main() -> None:
    """One line per attack: its aim, what it does, what stops it."""
    print("| aim | attack | stopped by |\n|---|---|---|")
    for attack in [*READING, *PATCHING, *PRINTING, *GUESSING, *KILLING, *BOMBS, *NETWORK, *ESCAPES]:
        print(f"| {attack.aim} | {attack.name} | {attack.stopped_by} |")


if __name__ == "__main__":
    main()
