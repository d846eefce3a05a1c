"""Find the draw of each shipped case that holds what the chapters need and that a head of sales believes.

``python -m playbook.casemaking.search`` prints `FIRST_DRAW` of :mod:`playbook.casemaking.city`; after a change to the
generator, put it there and make the cases anew. Codes behind it search for these cities only.
"""

import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from playbook.casemaking import city, write_case
from playbook.casemaking.believable import doubtful
from playbook.casemaking.city import CityRecords, city_records
from playbook.casemaking.public import published
from playbook.casemaking.seeds import shipped_seed
from playbook.errors import PlaybookError

#: The worked example keeps its list, on which the chapters are written; only its history is searched for.
WORKED = "330700"
#: What the tables of a city may weigh in all: a browser fetches them.
MOST_BYTES = 750_000


def believed(adcode: str, records: CityRecords) -> bool:
    """Whether every chapter's tables can be made and stay small, and each answer to a head of sales is in its range."""
    with tempfile.TemporaryDirectory(prefix="playbook-draw-") as folder:
        try:
            case = write_case(adcode, shipped_seed(adcode), records, folder)
        except PlaybookError:
            return False
        size = sum(path.stat().st_size for path in Path(folder).glob("*.csv"))
        return size < MOST_BYTES and not doubtful(case)


def first_draw(adcode: str) -> tuple[int, int]:
    """The list and the history on it, counted from 0."""
    city.FIRST_DRAW = {WORKED: (1, 0)}
    seed = shipped_seed(adcode)
    return city_records(
        adcode, seed, published(), False, accept=lambda records: believed(adcode, records)
    ).draw


def main(codes: list[str]) -> None:
    """Search side by side, and print as found."""
    cities = published()["cities"].set_index("adcode")
    codes = codes or cities.index[cities["role"] != "home"].tolist()
    with ProcessPoolExecutor(max_workers=2) as pool:
        futures = {pool.submit(first_draw, code): code for code in codes}
        for future in as_completed(futures):
            code = futures[future]
            print(f'    "{code}": {future.result()},  # {cities.loc[code, "city"]}', flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
