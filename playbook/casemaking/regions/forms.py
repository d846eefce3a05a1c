"""Empty forms for the public tables of a city: what to fill in, and where the figures are printed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from playbook.cases.columns import SECTIONS
from playbook.errors import PlaybookError

#: Sources and units; the other files are tables.
ABOUT = "about.yaml"
CITY, DISTRICTS, WORKERS = "city.csv", "districts.csv", "workers.csv"
WORKER_COLUMNS = tuple(f"workers_{letter}" for letter in SECTIONS)
#: File → its columns, and what each takes.
FORMS: dict[str, dict[str, str]] = {
    CITY: {
        "adcode": "code of the city, six digits (GB/T 2260)",
        "city": "its name in pinyin, such as Hefei",
        "city_zh": "its name in Chinese",
        "province": "province in pinyin",
        "belt": "East, Central, West or Northeast",
        "level": "prefecture, subprovincial or municipality",
        "latitude": "of its centre, degrees",
        "longitude": "of its centre, degrees",
        "area_km2": "km² (City Statistical Yearbook)",
        "population_2020": "residents 2020, census",
        "urban_population_2020": "of them in towns",
        "population_2010": "residents 2010, census",
        "gdp_2020_100m_cny": "output 2020, CNY 100 million (亿元)",
        "gdp_2023_100m_cny": "output 2023, CNY 100 million (亿元)",
    },
    DISTRICTS: {
        "district_adcode": "code of the district, six digits",
        "district": "its name in pinyin",
        "district_zh": "its name in Chinese",
        "latitude": "of its centre, degrees",
        "longitude": "of its centre, degrees",
        "population_2020": "residents 2020, census",
    },
    WORKERS: {
        "district_adcode": "code of the district; in one row that of the city: its total as printed",
        **{column: f"residents in work, section {column[-1]}" for column in WORKER_COLUMNS},
    },
}
_ABOUT = """# Where the figures are from, and in which units they stand in the three files. The import converts them.
source: "?"          # such as: 2020 census, tabulation of the province, volume 2, table 4-3
year: 2020
counts: "?"          # residents in work (population census), or jobs in units (economic census): the course takes the first
workers_unit: "?"    # persons, thousand, or 10k (万人)
sampling_rate: "?"   # 0.1 where the counts are those of the long form, which one household in ten fills in; else 1
population_unit: "?" # persons, thousand, or 10k (万人)
"""


def write_forms(folder: Path) -> list[Path]:
    """Write the empty forms; below the headings of each table stands a row that says what each column takes.

    Raises:
        PlaybookError: the folder holds one of them already.
    """
    folder = Path(folder).expanduser()
    there = [name for name in (ABOUT, *FORMS) if (folder / name).exists()]
    if there:
        raise PlaybookError(
            f"{', '.join(there)} {'is' if len(there) == 1 else 'are'} there already",
            where=str(folder),
            remedy="name another folder with --out",
        )
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / ABOUT]
    written[0].write_text(_ABOUT, encoding="utf-8", newline="\n")
    for name, columns in FORMS.items():
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(columns)
        first, *rest = columns.values()
        writer.writerow([f"DELETE THIS ROW: {first}", *rest])
        path = folder / name
        path.write_bytes(b"\xef\xbb\xbf" + text.getvalue().encode("utf-8"))
        written.append(path)
    return written
