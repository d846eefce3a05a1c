"""Play the beginners' mistakes that stand beside the masters, and print what is shown for each.

python -m tests.beginners                       # every exercise
python -m tests.beginners 03                    # one
python -m tests.beginners 03 --misses           # only what does not fit
python -m tests.beginners 03 --question lq --city xiamen
"""

import argparse
import sys
import time

from playbook.authoring.beginners import CITY, TARGET, play, read_mistakes
from playbook.authoring.master import find_masters
from playbook.errors import PlaybookError


def main() -> int:
    """Play and print; 1 where an exercise misses the target."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("exercises", nargs="*", help="ids or their beginnings; default all")
    parser.add_argument("--city", default=CITY)
    parser.add_argument("--question", help="only this question's mistakes")
    parser.add_argument("--misses", action="store_true", help="print only what does not fit")
    given = parser.parse_args()
    scores = []
    for master in find_masters(names=given.exercises):
        mistakes = [
            one for one in read_mistakes(master) if given.question is None or one.question == given.question
        ]
        began = time.perf_counter()
        score = play(master, mistakes, given.city)
        took = time.perf_counter() - began
        scores.append(score)
        for told in score.told:
            if not (given.misses and told.fits):
                print(told, end="\n\n")
        print(f"{score}, in {took:.1f} s", end="\n\n", flush=True)
    told = [one for score in scores for one in score.told]
    if len(scores) > 1 and told:
        fitting = sum(one.fits for one in told)
        print(f"together: {fitting} of {len(told)} ({fitting / len(told):.1%})")
    return int(any(score.share < TARGET for score in scores))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except PlaybookError as error:
        sys.exit(str(error))
