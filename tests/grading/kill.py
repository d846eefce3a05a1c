"""Kill graders at random times, as often as told, and see that nothing is lost or doubled.

python -m tests.grading.kill --kills 200          # graders that start at once, with a runner in their own process
python -m tests.grading.kill --kills 10 --real    # `playbook grade` as typed, with its sandbox
"""

import argparse
import tempfile
from pathlib import Path

from tests.grading.graders import RealGrader, check_whole, kill_until_done, make_course, start_grader


def main() -> None:
    """Kill cohort after cohort, up to 25 times each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", action="store_true")
    told = parser.parse_args()
    start, longest_s = (RealGrader, 15.0) if told.real else (start_grader, 0.6)
    killed = cohorts = 0
    while killed < told.kills:
        with tempfile.TemporaryDirectory(prefix="playbook-kills-") as name:
            folder = Path(name)
            expected = make_course(folder, 60)
            kills = min(told.kills - killed, 25)
            killed += kill_until_done(folder, kills, told.seed + cohorts, longest_s, start)
            check_whole(folder, expected)
        cohorts += 1
        print(
            f"{killed} graders killed over {cohorts} cohorts of 60: nothing lost, nothing doubled", flush=True
        )


if __name__ == "__main__":
    main()
