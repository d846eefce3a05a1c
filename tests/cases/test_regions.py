"""Public tables of a city that does not ship: forms, what can't be right in them, and cases of the city."""

import csv
import io

import pytest
from typer.testing import CliRunner

from playbook.authoring.unseen import make_unseen
from playbook.casemaking import make_case
from playbook.casemaking.regions import import_region, is_region, read_region, write_forms
from playbook.casemaking.regions.forms import ABOUT, CITY, DISTRICTS, FORMS, WORKERS
from playbook.casemaking.verify import verify_case
from playbook.cases import load_case
from playbook.cases.columns import SECTIONS
from playbook.cli import app
from playbook.errors import PlaybookError
from tests.cases.companies import imported_company

SOURCE = {
    "source": "census 2020",
    "year": 2020,
    "counts": "residents in work",
    "workers_unit": "thousand",
    "sampling_rate": 1,
    "population_unit": "thousand",
}


def sheets():
    """The forms filled in with Jinhua's printed figures, under the name and codes of a city that there is not."""
    jinhua = load_case("jinhua")
    row = jinhua.cities.set_index("adcode").loc["330700"]
    city = {
        "adcode": "331700",
        "city": "Newtown",
        "city_zh": "新城市",
        "province": row["province"],
        "belt": row["belt"],
    }
    city |= {
        "level": row["level"],
        "latitude": row["lat"],
        "longitude": row["lon"],
        "area_km2": row["area_km2"],
    }
    for name in ("population_2020", "urban_population_2020", "population_2010"):
        city[name] = row[f"{name}_thousand"]
    city |= {name: row[name] for name in ("gdp_2020_100m_cny", "gdp_2023_100m_cny")}
    districts = [
        {
            "district_adcode": f"3317{one.district_adcode[4:]}",
            "district": one.district,
            "district_zh": one.district_zh,
            "latitude": one.lat,
            "longitude": one.lon,
            "population_2020": one.population_thousand,
        }
        for one in jinhua.city_districts.itertuples()
    ]
    detail = jinhua.table("district_workers").pivot(
        index="district_adcode", columns="section", values="workers_thousand"
    )
    total = jinhua.workers.set_index("section")["city_workers"]
    rows = [("331700", total), *((f"3317{code[4:]}", values) for code, values in detail.iterrows())]
    workers = [
        {"district_adcode": code, **{f"workers_{s}": values[s] for s in SECTIONS}} for code, values in rows
    ]
    return {CITY: [city], DISTRICTS: districts, WORKERS: workers}


def lay_out(folder, filled=None, encoding="utf-8-sig", **about):
    """Write filled-in forms."""
    folder.mkdir(exist_ok=True)
    for name, rows in (filled or sheets()).items():
        text = io.StringIO()
        writer = csv.DictWriter(text, rows[0])
        writer.writeheader()
        writer.writerows(rows)
        (folder / name).write_bytes(text.getvalue().encode(encoding))
    told = "".join(f"{key}: {value}\n" for key, value in (SOURCE | about).items())
    (folder / ABOUT).write_text(told, encoding="utf-8")
    return folder


def said(folder, filled=None, **about):
    """What is said of filled-in forms that can't be right."""
    with pytest.raises(PlaybookError) as caught:
        import_region(lay_out(folder / "forms", filled, **about), folder / "region")
    assert not (folder / "region").exists()
    return caught.value.what


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    folder = tmp_path_factory.mktemp("region")
    return import_region(lay_out(folder / "forms"), folder / "region")[0]


@pytest.fixture(scope="module")
def case(region, tmp_path_factory):
    return make_case("331700", "a seed", tmp_path_factory.mktemp("case"), region=region)


def test_a_region_has_the_citys_rows_in_all_four_tables_beside_those_that_ship(region):
    assert is_region(region.folder)
    assert not is_region(region.folder.parent)
    assert (region.adcode, region.city, region.city_zh) == ("331700", "Newtown", "新城市")
    jinhua = load_case("jinhua")
    assert len(region.cities) == len(jinhua.cities) + 1
    assert region.city_districts["workers_manufacturing_thousand"].equals(
        jinhua.city_districts["workers_manufacturing_thousand"]
    )
    assert len(region.table("district_workers")) == 2 * len(jinhua.table("district_workers"))
    own = region.workers.set_index("section")["city_workers"]
    detail = region.table("district_workers").query("adcode == '331700'")
    assert own.sum() == pytest.approx(detail["workers_thousand"].sum())


@pytest.mark.slow
def test_a_case_of_it_verifies_and_carries_its_tables(case):
    assert verify_case(case.folder) == []
    assert (case.name, case.city) == ("newtown", "Newtown")
    assert set(case.accounts["district"]) == set(case.city_districts["district"])


@pytest.mark.long
@pytest.mark.slow
def test_its_unseen_case_is_drawn_from_its_own_tables(case, tmp_path):
    unseen = make_unseen(case, "secret", tmp_path / "unseen")
    assert verify_case(unseen.folder) == []
    assert unseen.adcode == "331700"
    assert not unseen.city_districts["population_thousand"].equals(case.city_districts["population_thousand"])
    detail = unseen.table("district_workers")
    for code in ("330700", "331700"):
        here = detail[detail["adcode"] == code].groupby("section")["workers_thousand"].sum()
        workers = unseen.city_workers.query("adcode == @code").set_index("section")["workers_thousand"]
        assert (here - workers).abs().max() < 1


@pytest.mark.slow
def test_own_records_of_it_carry_its_tables_too(region, tmp_path):
    made = imported_company(tmp_path, 30, region=region.folder)
    assert (made.case.city, len(made.case.accounts)) == ("Newtown", 30)
    assert verify_case(made.case.folder) == []


def test_counts_of_the_long_form_are_divided_and_units_converted(tmp_path):
    filled = sheets()
    for row in filled[WORKERS]:
        row |= {name: round(value * 100) for name, value in row.items() if name != "district_adcode"}
    for row in (*filled[CITY], *filled[DISTRICTS]):
        row |= {name: value / 10 for name, value in row.items() if "population" in name}
    forms = lay_out(
        tmp_path / "f", filled, "gb18030", workers_unit="persons", sampling_rate=0.1, population_unit="10k"
    )
    region, notes = import_region(forms, tmp_path / "region")
    assert (
        region.city_districts["population_thousand"].tolist()
        == load_case("jinhua").city_districts["population_thousand"].tolist()
    )
    ours = region.workers.set_index("section")["city_workers"]
    assert ours["C"] == pytest.approx(
        load_case("jinhua").workers.set_index("section")["city_workers"]["C"], rel=0.01
    )
    assert notes == ["workers were divided by the sampling rate 0.1"]


def test_a_city_without_a_row_of_its_own_is_summed_up_and_that_is_said(tmp_path):
    filled = sheets()
    filled[WORKERS] = filled[WORKERS][1:]
    _region, notes = import_region(lay_out(tmp_path / "f", filled), tmp_path / "region")
    assert notes == ["no row of workers.csv is the city's own: its total is the sum of its districts"]


def test_jobs_in_units_are_refused(tmp_path):
    what = said(tmp_path, counts="jobs in units")
    assert (
        "an economic census counts jobs where the unit stands, without farms and most self-employed" in what
    )
    assert "Take the tables of the population census." in what


def test_two_sources_in_one_table_are_seen(tmp_path):
    filled = sheets()
    for number, letter in enumerate(SECTIONS):
        filled[WORKERS][0][f"workers_{letter}"] *= (0.3, 0.8, 1.2, 1.5)[number % 4]
    what = said(tmp_path, filled)
    assert (
        "differ by section, here more, there less: two sources are mixed, such as residents in work and jobs in units"
        in what
    )
    assert "Take all rows from one table of the population census." in what


def test_a_table_without_farmers_is_no_population_census(tmp_path):
    filled = sheets()
    for row in filled[WORKERS]:
        row["workers_A"] = 0
    assert "nobody works in agriculture (section A): so it is in an economic census" in said(tmp_path, filled)


def test_a_district_of_jobs_among_districts_of_residents_is_named(tmp_path):
    filled = sheets()
    filled[WORKERS] = filled[WORKERS][1:]
    for letter in SECTIONS:
        filled[WORKERS][0][f"workers_{letter}"] *= 2.5
    what = said(tmp_path, filled)
    assert (
        "a district in which hardly anybody or nearly everybody works; jobs in units may be mixed in: 婺城区"
        in what
    )


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"workers_unit": "persons"}, "0.001 times that, as if in another unit"),
        ({"workers_unit": "10k"}, "10 times that, as if in another unit"),
        ({"sampling_rate": 0.1}, "10 times that, as if in another unit"),
        (
            {"population_unit": "persons"},
            "7 thousand residents are too few for a city. Check population_unit",
        ),
    ],
)
def test_a_wrong_unit_is_told_by_what_comes_out(tmp_path, about, words):
    assert words in said(tmp_path, **about)


def test_counts_that_were_not_divided_by_the_sampling_rate_are_seen(tmp_path):
    filled = sheets()
    for row in filled[WORKERS]:
        row |= {name: value / 10 for name, value in row.items() if name != "district_adcode"}
    what = said(tmp_path, filled)
    assert "5.7% of the residents would be in work, in other cities it is half" in what
    assert "as if long-form counts were not divided by the sampling rate" in what


def test_a_missing_section_and_a_missing_district_are_named(tmp_path):
    filled = sheets()
    filled[WORKERS] = [{k: v for k, v in row.items() if k != "workers_S"} for row in filled[WORKERS]]
    assert "workers.csv: 18 sections of 19: there is no S. Give all of A to S." in said(tmp_path, filled)
    filled = sheets()
    gone = filled[WORKERS].pop(3)["district_adcode"]
    assert (
        f"workers.csv: a district without its row: {gone}. Give it one, or take it out of both files."
        in said(tmp_path, filled)
    )
    filled = sheets()
    gone = filled[DISTRICTS].pop(3)["district_adcode"]
    what = said(tmp_path, filled)
    assert f"districts.csv: a district of workers.csv that is not there: {gone}. Give it a row." in what
    assert "districts.csv: the districts' residents add up to" in what


def test_districts_that_do_not_add_up_are_told_with_their_sums(tmp_path):
    filled = sheets()
    filled[WORKERS][0]["workers_C"] *= 1.2
    what = said(tmp_path, filled)
    assert "workers.csv: the districts do not add up to the city's own row (C: " in what
    assert "; thousand). Check that all districts are there, and their figures." in what


def test_every_odd_cell_of_the_small_tables_is_told_once(tmp_path):
    filled = sheets()
    filled[CITY][0] |= {
        "gdp_2020_100m_cny": 50_000_000,
        "urban_population_2020": 9_000,
        "population_2010": 90,
        "area_km2": 0.1,
    }
    filled[DISTRICTS][0] |= {"latitude": 119.5, "longitude": 29.1}
    filled[DISTRICTS][1] |= {"latitude": 60}
    filled[DISTRICTS][2] |= {"district_adcode": "440101"}
    what = said(tmp_path, filled)
    for line in (
        "city.csv: output 2020 would be CNY 709,119,274 a head. Write CNY 100 million (亿元), at current prices.",
        "city.csv: more residents in towns than residents. Check both.",
        "city.csv: residents of 2010 and 2020 do not go together. Check both.",
        "residents a km². Write the area in km².",
        "districts.csv: latitude and longitude are exchanged: 婺城区. Exchange them.",
        "districts.csv: a place outside China: 金东区. Write degrees, such as 31.82 and 117.23.",
        "districts.csv: codes that do not begin with 3317: 440101. Give the districts of this city.",
    ):
        assert line in what, what
    far = sheets()
    far[DISTRICTS][0] |= {"latitude": 45.0}
    assert "districts.csv: more than 250 km from the city's centre: 婺城区. Check its place." in said(
        tmp_path, far
    )


def test_cells_that_are_no_figures_are_told(tmp_path):
    filled = sheets()
    filled[DISTRICTS][0] |= {"district_adcode": "33", "population_2020": "many"}
    filled[DISTRICTS][1] |= {"latitude": ""}
    filled[DISTRICTS].append(dict(filled[DISTRICTS][2]))
    what = said(tmp_path, filled)
    for line in (
        "- districts.csv: district_adcode: no code: row 2 '33'. Write six digits.",
        "- districts.csv: population_2020: no number: row 2 'many'. Write digits alone, without a unit.",
        "- districts.csv: latitude: empty: row 3. Fill it in.",
        f"- districts.csv: {filled[DISTRICTS][2]['district_adcode']} stands there twice. Keep one of the rows.",
    ):
        assert line in what
    filled = sheets()
    filled[CITY].append(filled[CITY][0] | {"adcode": "331701"})
    assert "city.csv: 2 rows. Give the city one row." in said(tmp_path, filled)
    filled[CITY] = [{k: v for k, v in sheets()[CITY][0].items() if k != "belt"}]
    assert "city.csv: there is no column belt. Keep the form's headings." in said(tmp_path, filled)
    filled = sheets()
    filled[CITY][0]["belt"] = "North"
    assert (
        "cities.csv: belt: not one of East, Central, West, Northeast: 'North'. Put it right in the form."
        in said(tmp_path, filled)
    )


def test_names_that_stand_twice_are_no_names_or_are_taken_are_told(tmp_path):
    filled = sheets()
    filled[CITY][0]["city"] = "New/../town"
    filled[DISTRICTS][1]["district_zh"] = filled[DISTRICTS][0]["district_zh"]
    what = said(tmp_path, filled)
    assert (
        "- city.csv: city: no name in pinyin: row 2 'New/../town'. Write letters alone, such as Hefei."
        in what
    )
    assert f"- districts.csv: {filled[DISTRICTS][0]['district_zh']} stands there twice. Keep one" in what
    filled = sheets()
    filled[CITY][0]["city"] = "Jiaxing"
    assert "- city.csv: a city of the course is called Jiaxing already. Give it another name" in said(
        tmp_path, filled
    )


def test_a_heading_that_stands_twice_in_a_form_is_told(tmp_path):
    folder = lay_out(tmp_path / "forms")
    text = (
        (folder / CITY)
        .read_text("utf-8-sig")
        .replace("gdp_2023_100m_cny", "gdp_2023_100m_cny,gdp_2023_100m_cny")
    )
    (folder / CITY).write_text(text, "utf-8")
    with pytest.raises(PlaybookError, match=r"city\.csv has two columns `gdp_2023_100m_cny`") as caught:
        import_region(folder, tmp_path / "region")
    assert (
        caught.value.remedy
        == "delete one of them, or give it another heading: words in brackets do not count"
    )


def test_full_width_digits_are_digits(tmp_path):
    filled = sheets()
    filled[CITY][0] |= {"adcode": "３３１７００", "population_2020": "７０５１"}
    filled[DISTRICTS][0]["district_adcode"] = "３３" + filled[DISTRICTS][0]["district_adcode"][2:]
    place, _notes = import_region(lay_out(tmp_path / "forms", filled), tmp_path / "region")
    assert place.adcode == "331700"


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("source: census: table 4-3\n", " line 1", "about.yaml can't be read from here on: mapping values"),
        ("year: 2020\n\tcounts: x\n", " line 2", "about.yaml can't be read from here on: "),
        ("- a\n", "", "about.yaml holds no words with colons"),
    ],
)
def test_a_slip_of_the_pen_in_the_sources_is_told_by_its_line(text, where, words, tmp_path):
    folder = lay_out(tmp_path / "forms")
    (folder / ABOUT).write_text(text, "utf-8")
    with pytest.raises(PlaybookError) as caught:
        import_region(folder, tmp_path / "region")
    assert f"about.yaml{where}: {words}" in str(caught.value)
    assert "or write the forms with `playbook case region form` in another folder" in caught.value.remedy


def test_a_home_market_is_no_city_to_open_in_any_way(tmp_path):
    filled = sheets()
    filled[CITY][0] |= {"adcode": "330100", "city": "Hangzhou"}
    what = said(tmp_path, filled)
    assert "Hangzhou is a home market of the company, where nothing is opened" in what
    assert "playbook case new" not in what
    for city in ("Hangzhou", "宁波", "330600"):
        done = CliRunner().invoke(app, ["case", "new", city, "--seed", "s", "--out", str(tmp_path / "c")])
        assert f"{city} is a home market of the company" in str(done.exception)
    done = CliRunner().invoke(app, ["case", "new", "苏州", "--seed", "s", "--out", str(tmp_path / "c")])
    assert "there is no case '苏州'" in str(done.exception)
    assert "fill in its public tables (playbook case region form), and give --region." in str(done.exception)


def test_a_city_of_three_districts_is_too_small(tmp_path):
    filled = sheets()
    filled[DISTRICTS] = filled[DISTRICTS][:3]
    assert (
        "districts.csv: 3 districts: the exercises on places need 4. Give a city without districts"
        in said(tmp_path, filled)
    )


def test_a_city_that_ships_needs_no_region(tmp_path):
    filled = sheets()
    filled[CITY][0]["adcode"] = "330700"
    assert (
        "city.csv: Jinhua is in the course's own tables: 330700. Make a case of it without a region"
        in said(tmp_path, filled)
    )


def test_forms_as_they_were_written_ask_for_everything(tmp_path):
    write_forms(tmp_path / "forms")
    with pytest.raises(PlaybookError) as caught:
        import_region(tmp_path / "forms", tmp_path / "region")
    for line in (
        "about.yaml: source is '?'. Say where the figures are printed.",
        "about.yaml: counts is '?'. Write residents in work, or jobs in units.",
        "about.yaml: sampling_rate is '?'. Write 1, or the share of households asked, such as 0.1.",
        "workers.csv: the row of explanations is still there: row 2. Delete it.",
        "city.csv: no row is filled in. Fill it in.",
    ):
        assert line in caught.value.what
    with pytest.raises(
        PlaybookError, match=r"about\.yaml, city\.csv, districts\.csv, workers\.csv are there already"
    ):
        write_forms(tmp_path / "forms")


def test_what_is_no_form_or_no_region_is_told(tmp_path):
    with pytest.raises(PlaybookError, match=r"about\.yaml can't be read: No such file") as caught:
        import_region(tmp_path, tmp_path / "region")
    assert "fill in all four files" in caught.value.remedy
    with pytest.raises(PlaybookError, match=r"no region here: region\.json is missing") as caught:
        read_region(tmp_path)
    assert "playbook case region form" in caught.value.remedy
    (tmp_path / "region.json").write_text("{", "utf-8")
    with pytest.raises(PlaybookError, match=r"region\.json can't be read"):
        read_region(tmp_path)
    with pytest.raises(PlaybookError, match="the folder is not empty"):
        import_region(lay_out(tmp_path / "forms"), tmp_path)


@pytest.mark.slow
def test_the_commands_lead_from_forms_to_a_case(tmp_path, region):
    def call(*words):
        return CliRunner().invoke(app, ["case", *map(str, words)])

    done = call("region", "form", "--out", tmp_path / "forms")
    assert [name for name in FORMS if name in done.output] == list(FORMS)
    assert "delete the rows of explanations" in " ".join(done.output.split())
    forms = lay_out(tmp_path / "filled")
    assert (
        "Newtown (新城市): 9 districts"
        in call("region", "import", forms, "--out", tmp_path / "region").output
    )
    new = ["new", "Newtown", "--region", tmp_path / "region", "--seed", "s", "--out", tmp_path / "case"]
    assert "Newtown (新城市): case in" in call(*new).output
    assert call("verify", tmp_path / "case").exit_code == 0
    other = call("new", "Hefei", "--region", tmp_path / "region", "--seed", "s", "--out", tmp_path / "other")
    assert "the region is Newtown (新城市), not 'Hefei'" in str(other.exception)
    for help_ in (call("region", "form", "--help"), call("region", "import", "--help")):
        assert "Example: playbook case region" in " ".join(help_.output.split())
