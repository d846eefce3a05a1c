"""The tables of public figures, column by column."""

from playbook.cases.columns import (
    ADCODE,
    DISTRICT,
    DISTRICT_CODE,
    DIVISION,
    SECTION,
    Table,
    number,
    text,
    whole,
)

CENSUS = (
    "Seventh National Population Census of China 2020, county tabulation, as compiled by Dong, Du and Liu, "
    "Mapping Evolving Population Geography in China (2022)"
)
CLASSIFICATION = "Industrial classification for national economic activities, GB/T 4754-2017"


_CITIES = Table(
    "cities",
    "reference",
    "One city: the three home markets, the worked example, the twelve trainees' cities.",
    CENSUS + "; municipal statistical bulletins 2020 and 2023 (GDP); China City Statistical Yearbook (area); "
    "GeoNames, CC BY 4.0 (coordinates)",
    ("adcode",),
    (
        ADCODE,
        text("city", "The city's name in pinyin."),
        text("city_zh", "The city's name in Chinese."),
        text("province", "Province."),
        text("belt", "Economic belt.", choices=("East", "Central", "West", "Northeast")),
        text("level", "Administrative level.", choices=("prefecture", "subprovincial", "municipality")),
        text("role", "Its part in the course.", choices=("home", "worked", "trainee")),
        number("lat", "Latitude of the city's centre.", "degrees", high=90),
        number("lon", "Longitude of the city's centre.", "degrees", high=180),
        whole("area_km2", "Area.", "km²", low=1),
        whole("population_2020_thousand", "Residents, 1 November 2020.", "1,000 persons"),
        whole("urban_population_2020_thousand", "Residents in towns, 2020.", "1,000 persons"),
        whole("population_2010_thousand", "Residents, 1 November 2010.", "1,000 persons"),
        number("gdp_2020_100m_cny", "Gross domestic product 2020, current prices.", "CNY 100 million"),
        number("gdp_2023_100m_cny", "Gross domestic product 2023, current prices.", "CNY 100 million"),
    ),
)

_WORKERS = number(
    "workers_thousand",
    "Residents in work, the self-employed included. Not jobs in firms.",
    "1,000 persons",
)

_CITY_WORKERS = Table(
    "city_workers",
    "reference",
    "Residents of one city who work in one section; adcode 000000 is the nation.",
    CENSUS,
    ("adcode", "section"),
    (ADCODE, text("city", "The city's name in pinyin, or China."), SECTION, _WORKERS),
    links=(("section", "sections", "section"),),
)


def _group(name, label):
    return number(
        f"workers_{name}_thousand", f"Residents in work in {label}, agriculture left out.", "1,000 persons"
    )


_DISTRICTS = Table(
    "districts",
    "reference",
    "One district, county or county-level city of the thirteen target cities.",
    CENSUS + "; centroids of districts (coordinates)",
    ("district_adcode",),
    (
        DISTRICT_CODE,
        ADCODE,
        DISTRICT,
        text("district_zh", "The district's name in Chinese."),
        number("lat", "Latitude of the district's centre.", "degrees", high=90),
        number("lon", "Longitude of the district's centre.", "degrees", high=180),
        whole("population_thousand", "Residents, 1 November 2020.", "1,000 persons"),
        _group("manufacturing", "section C"),
        _group("construction", "section E"),
        _group("trade", "section F"),
        _group("transport", "section G"),
        _group("business_services", "sections I, J, L and M"),
        _group("other", "sections B, D, H, K and N-S"),
    ),
    links=(("adcode", "cities", "adcode"),),
)

_DISTRICT_WORKERS = Table(
    "district_workers",
    "reference",
    "Residents of one district of Jinhua who work in one section.",
    CENSUS,
    ("district_adcode", "section"),
    (ADCODE, DISTRICT_CODE, DISTRICT, SECTION, _WORKERS),
    links=(
        ("district_adcode", "districts", "district_adcode"),
        ("section", "sections", "section"),
    ),
)

_SECTION_NAMES = Table(
    "sections",
    "reference",
    "One section of industry.",
    CLASSIFICATION,
    ("section",),
    (
        SECTION,
        text("name", "Its name in English."),
        text("name_short", "A short name for figures."),
        text("name_zh", "Its name in the standard."),
        text(
            "group",
            "The group of sections in the districts table.",
            choices=(
                "agriculture",
                "manufacturing",
                "construction",
                "trade",
                "transport",
                "business_services",
                "other",
            ),
        ),
    ),
)

_DIVISION_NAMES = Table(
    "divisions",
    "reference",
    "One division of industry that occurs in the company's records.",
    CLASSIFICATION,
    ("division",),
    (
        DIVISION,
        SECTION,
        text("name", "A short name in English."),
        text("name_zh", "Its name in the standard."),
    ),
    links=(("section", "sections", "section"),),
)

_NATIONAL = Table(
    "national",
    "reference",
    "One national figure.",
    "National Bureau of Statistics, Fourth (2018) and Fifth (2023) National Economic Census",
    ("fact",),
    (
        text("fact", "The figure's name in code."),
        text("name", "The figure in words."),
        number("value", "The figure."),
        text("unit", "Its unit."),
        whole("year", "At the end of this year.", "year", low=1949, high=2100),
    ),
)


#: The tables of public figures.
PUBLIC = (_CITIES, _CITY_WORKERS, _DISTRICTS, _DISTRICT_WORKERS, _SECTION_NAMES, _DIVISION_NAMES, _NATIONAL)
