import filecmp
import json
from hashlib import sha256

import pytest

from playbook.casemaking import make_case, make_shared, make_shipped, shipped_seed
from playbook.casemaking.names import WELL_KNOWN
from playbook.casemaking.search import MOST_BYTES
from playbook.cases import list_cases, read_case
from playbook.errors import PlaybookError
from playbook.places import data_root

pytestmark = pytest.mark.slow


def assert_same_files(made, shipped):
    names = sorted(path.name for path in shipped.iterdir())
    assert sorted(path.name for path in made.iterdir()) == names
    assert filecmp.cmpfiles(made, shipped, names, shallow=False)[0] == names


def test_a_shipped_case_is_made_again_byte_for_byte(tmp_path):
    make_case("350500", shipped_seed("350500"), tmp_path / "quanzhou")
    assert_same_files(tmp_path / "quanzhou", data_root() / "cases" / "quanzhou")


def test_the_shared_tables_are_made_again_byte_for_byte(tmp_path):
    make_shared(tmp_path)
    assert_same_files(tmp_path, data_root() / "shared")


@pytest.mark.slow
@pytest.mark.long
def test_all_that_ships_is_made_again_byte_for_byte(tmp_path):
    for case in make_shipped(tmp_path):
        assert_same_files(case.folder, data_root() / "cases" / case.name)


def test_the_record_holds_the_sum_of_every_table():
    for case in list_cases():
        record = json.loads((case.folder / "case.json").read_text(encoding="utf-8"))
        assert set(record["tables"]) >= {"accounts", "customers_home", "cities"}
        for name, entry in record["tables"].items():
            assert sha256(case.path(name).read_bytes()).hexdigest() == entry["sha256"]


@pytest.mark.long
def test_the_same_secret_makes_the_same_case_and_another_another(tmp_path):
    first, again, other = (
        make_case("330400", seed, tmp_path / name, resample_public=True)
        for seed, name in ((b"secret", "a"), (b"secret", "b"), (b"another", "c"))
    )
    assert_same_files(first.folder, again.folder)
    assert first.fingerprint == again.fingerprint != other.fingerprint


@pytest.mark.long
def test_a_case_from_a_secret_seed_works_like_a_shipped_one(tmp_path):
    case = make_case("330400", "5f0cc7e1", tmp_path / "secret")
    assert read_case(tmp_path / "secret") == case
    assert (case.name, case.city_zh, case.role) == ("jiaxing", "嘉兴市", "trainee")
    assert 2_300 < len(case.accounts) < 2_900
    assert not (tmp_path / "secret" / "cities.csv").exists()
    assert case.cities.equals(list_cases()[0].cities)


@pytest.mark.parametrize(
    ("seed", "resample"),
    [
        (b"s3cret-bytes", True),
        pytest.param("s3cret-text", False, marks=pytest.mark.long),
        pytest.param("9f86d081884c7d659a2feaa0c55ad015", True, marks=pytest.mark.long),
        pytest.param("9f86d081884c7d659a2feaa0c55ad015", False, marks=pytest.mark.long),
    ],
)
def test_a_secret_seed_is_in_no_file(tmp_path, seed, resample):
    case = make_case("330400", seed, tmp_path / "x", resample_public=resample)
    text = seed if isinstance(seed, str) else seed.decode()
    for path in case.folder.iterdir():
        content = path.read_bytes()
        assert text.encode() not in content
        assert text.encode().hex().encode() not in content
    assert "seed" not in json.loads((case.folder / "case.json").read_text(encoding="utf-8"))


def test_a_case_stays_small():
    for case in list_cases():
        assert sum(path.stat().st_size for path in case.folder.glob("*.csv")) < MOST_BYTES
    assert sum(path.stat().st_size for path in data_root().rglob("*.csv")) < 15_000_000


def test_no_brand_is_well_known_and_none_comes_twice():
    for case in list_cases():
        firms = case.accounts.drop_duplicates(["district", "division", "founded", "revenue_10k"])
        assert firms["name_zh"].is_unique
        assert not any(brand == name[2:4] for name in firms["name_zh"] for brand in WELL_KNOWN)


def test_only_shipped_cases_state_their_seed():
    for case in list_cases():
        record = json.loads((case.folder / "case.json").read_text(encoding="utf-8"))
        assert record["seed"] == shipped_seed(case.adcode)


def test_every_value_of_the_files_is_rounded():
    for case in list_cases():
        for cell in case.path("accounts").read_text(encoding="utf-8").replace("\n", ",").split(","):
            assert len(cell.partition(".")[2]) <= 5 or not cell.partition(".")[0].lstrip("-").isdigit()


@pytest.mark.parametrize("adcode", ["330100", "999999", "", "jiaxing"])
def test_no_case_is_made_for_a_home_market_or_an_unknown_code(tmp_path, adcode):
    with pytest.raises(PlaybookError, match=r"330400 \(Jiaxing\)"):
        make_case(adcode, 1, tmp_path)
