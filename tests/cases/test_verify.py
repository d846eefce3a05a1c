import csv
import io
import json

import pytest

from playbook.casemaking.verify import accept_sums, verify_case, verify_common, verify_tables
from playbook.casemaking.write import write_record
from playbook.cases import list_cases, read_case
from playbook.cases.schema import SCHEMA
from playbook.errors import PlaybookError

pytestmark = pytest.mark.slow

NEVER_EMPTY = {
    "name": "a text",
    "lat": "a number",
    "need": "true or false",
    "founded": "a whole number",
}


@pytest.fixture
def case_file(spoilt):
    """Write a cell, rows or bytes of a table, and seal the folder anew so that only the breach is left."""

    class File:
        folder = spoilt

        def cell(self, table, row, column, value):
            """Put a value into the row that a spreadsheet counts as ``row``."""
            rows = self.rows(table)
            rows[row - 1][rows[0].index(column)] = value
            self.write(table, rows)

        def rows(self, table):
            return list(
                csv.reader(io.StringIO((spoilt / f"{table}.csv").read_text(encoding="utf-8"), newline=""))
            )

        def write(self, table, rows):
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(rows)
            self.raw(table, text.getvalue().encode())

        def raw(self, table, content):
            (spoilt / f"{table}.csv").write_bytes(content)

        def breaches(self):
            write_record(spoilt, json.loads((spoilt / "case.json").read_text(encoding="utf-8")))
            return [str(breach) for breach in verify_case(spoilt)]

    return File()


@pytest.mark.long
def test_all_that_ships_is_clean():
    assert verify_common() == []
    assert [breach for case in list_cases() for breach in verify_case(case.folder)] == []


def test_an_unseen_case_is_clean(unseen):
    assert verify_case(unseen.folder) == []


def test_bad_cells_are_named_with_file_row_column_value_and_expectation(case_file):
    cells = [
        ("employees", "twenty", "a whole number"),
        ("employees", "20.5", "a whole number"),
        ("employees", "二十", "a whole number"),
        ("employees", "١٢", "a whole number"),
        ("employees", "0", "at least 1 (unit: persons)"),
        ("revenue_10k", "1,200", "a number"),
        ("revenue_10k", "nan", "a number"),
        ("revenue_10k", "1e400", "a number"),
        ("revenue_10k", "-3", "at least 0 (unit: CNY 10,000 a year)"),
        ("founded", "1066", "between 1949 and 2025 (unit: year)"),
        ("lat", "290", "between -180 and 180 (unit: degrees)"),
        ("export", "yes", "true or false"),
        ("it_maturity", "6", "between 1 and 5"),
        ("owner_type", "Private", "one of private, foreign, state, collective"),
        ("comp_installed", "K9", "one of K1, K2, K3, K4, K5"),
        ("division", "33", "a letter A-S and 2 digits"),
        ("district_adcode", "330799", "a district_adcode of the table districts"),
        ("district_adcode", "330402", "a district of Jinhua"),
        *((column, "", f"{kind}, never empty") for column, kind in NEVER_EMPTY.items()),
    ]
    told = set()
    for row, (column, value, expected) in enumerate(cells, start=7):
        case_file.cell("accounts", row, column, value)
        what = repr(value) if value else "an empty cell"
        told.add(f"accounts.csv, row {row}, column {column}: {what}; expected {expected}")
    assert told <= set(case_file.breaches())


def test_an_empty_cell_is_none_where_the_schema_allows_it(case_file):
    case_file.cell("accounts", 3, "employees", "")
    assert case_file.breaches() == []


def test_a_date_must_exist(case_file):
    case_file.cell("opportunities", 2, "created", "2025-02-30")
    case_file.cell("opportunities", 3, "created", "30/06/2025")
    assert case_file.breaches() == [
        "opportunities.csv, row 2, column created: '2025-02-30'; expected a date such as 2025-06-30",
        "opportunities.csv, row 3, column created: '30/06/2025'; expected a date such as 2025-06-30",
    ]


def test_every_breach_is_listed_not_the_first(case_file):
    for row in range(2, 42):
        case_file.cell("accounts", row, "owner_type", "?")
    assert len(case_file.breaches()) == 40


def test_both_rows_of_a_doubled_id_are_named(case_file):
    case_file.cell("references", 5, "reference_id", "F00001")
    assert case_file.breaches() == [
        f"references.csv, row {row}, column reference_id: 'F00001'; expected a reference_id that no other row has"
        for row in (2, 5)
    ]


def test_a_doubled_key_of_two_columns_is_named_by_both(case_file):
    panel = read_case(case_file.folder).launch_panel.head(24).copy()
    panel["treated"] = "false"
    panel.loc[5, "month"] = 1
    panel.to_csv(case_file.folder / "launch_panel.csv", index=False)
    said = "'L01' and '1'; expected a city_id and month that no other row has"
    assert case_file.breaches() == [f"launch_panel.csv, row {row}, column city_id: {said}" for row in (2, 7)]


def test_a_link_to_nowhere_is_named(case_file):
    case_file.cell("opportunities", 9, "account_id", "A99999")
    assert case_file.breaches() == [
        "opportunities.csv, row 9, column account_id: 'A99999'; expected an account_id of the table accounts"
    ]


def test_columns_that_contradict_each_other_are_named(case_file):
    rows = case_file.rows("opportunities")
    at = rows[0].index("status")
    expectations = {}
    for status, column, value, expected in (
        ("won", "closed", "", "a date where status is won or lost"),
        ("open", "closed", "2025-01-01", "nothing while status is open"),
        ("lost", "loss_reason", "", "a reason where status is lost"),
        ("won", "loss_reason", "price", "nothing where status is not lost"),
    ):
        row = next(n for n, cells in enumerate(rows, 1) if cells[at] == status and n not in expectations)
        case_file.cell("opportunities", row, column, value)
        expectations[row] = column, expected
    breaches = case_file.breaches()
    assert len(breaches) == len(expectations)
    for row, (column, expected) in expectations.items():
        (breach,) = [one for one in breaches if f", row {row}, " in one]
        assert breach.startswith(f"opportunities.csv, row {row}, column {column}: ")
        assert breach.endswith(f"; expected {expected}")


def test_nobody_refers_to_themselves(case_file):
    rows = case_file.rows("references")
    case_file.cell("references", 2, "prospect_id", rows[1][rows[0].index("referrer_id")])
    assert "expected another account than the referrer" in case_file.breaches()[0]


def test_a_division_belongs_to_its_section(case_file):
    case_file.cell("accounts", 2, "section", "F")
    case_file.cell("accounts", 2, "division", "C33")
    assert case_file.breaches() == [
        "accounts.csv, row 2, column division: 'C33'; expected a division of the row's section"
    ]


def test_a_missing_column_and_a_strange_one_are_named(case_file):
    rows = case_file.rows("references")
    rows[0][rows[0].index("influence")] = "Influence"
    case_file.write("references", rows)
    assert case_file.breaches() == [
        "references.csv, row 1, column influence: the column is missing; expected one column of that name",
        "references.csv, row 1, column Influence: the column is not in the schema; "
        "expected only the schema's columns",
    ]


def test_a_doubled_column_is_named(case_file):
    rows = case_file.rows("densities")
    case_file.write("densities", [[*row, row[0]] for row in rows])
    assert case_file.breaches() == [
        "densities.csv, row 1, column city: the column is there twice; expected one column of that name"
    ]


def test_a_row_with_too_many_cells_is_named_and_the_rest_is_still_checked(case_file):
    rows = case_file.rows("densities")
    rows[2].append("x")
    rows[3][rows[0].index("reps")] = "many"
    case_file.write("densities", rows)
    assert case_file.breaches() == [
        "densities.csv, row 3: 14 cells; expected 13 cells as in the heading",
        "densities.csv, row 4, column reps: 'many'; expected a whole number",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "densities.csv: the file is empty; expected the heading city,adcode"),
        (
            "city,adcode\n金华,330700\n".encode("gbk"),
            "densities.csv, row 2: the byte 0xbd is not UTF-8; expected UTF-8",
        ),
        (b'city,adcode\n"Jinhua', "densities.csv: not a CSV file"),
        (b"\x00\x01\x02", "densities.csv"),
    ],
)
def test_a_file_that_is_no_table_is_named(case_file, content, said):
    case_file.raw("densities", content)
    assert any(breach.startswith(said) for breach in case_file.breaches())


def test_a_heading_without_rows_is_a_breach(case_file):
    case_file.write("densities", case_file.rows("densities")[:1])
    assert "densities.csv: there are no rows; expected at least one row" in case_file.breaches()


def test_a_missing_file_is_a_breach(case_file):
    (case_file.folder / "references.csv").unlink()
    assert case_file.breaches() == ["references.csv: the file is missing; expected the table references"]


def test_the_city_itself_must_be_among_the_densities(case_file):
    rows = case_file.rows("densities")
    case_file.write("densities", [rows[0], *rows[2:]])
    assert case_file.breaches() == [
        "densities.csv, column adcode: no row for the case's city; expected a row 330700"
    ]


def test_a_mark_at_the_start_of_the_file_does_no_harm(case_file):
    case_file.raw("densities", b"\xef\xbb\xbf" + (case_file.folder / "densities.csv").read_bytes())
    assert case_file.breaches() == []
    assert len(read_case(case_file.folder).densities) == 6


def test_a_changed_file_is_told_and_can_be_accepted(spoilt):
    path = spoilt / "densities.csv"
    path.write_text(path.read_text().replace("Jinhua", "JINHUA"))
    before = read_case(spoilt).fingerprint
    (breach,) = verify_case(spoilt)
    assert (breach.file, breach.value[:20]) == ("densities.csv", "the file has changed")
    accept_sums(spoilt)
    assert verify_case(spoilt) == []
    assert read_case(spoilt).fingerprint != before
    assert "seed" not in json.loads((spoilt / "case.json").read_text())


def test_accepting_does_nothing_while_cells_are_wrong(spoilt):
    path = spoilt / "densities.csv"
    path.write_text(path.read_text().replace("Jinhua,330700", "Jinhua,33"))
    accept_sums(spoilt)
    assert len(verify_case(spoilt)) > 1


def test_a_folder_of_nothing_lists_all_that_is_missing(tmp_path):
    assert [breach.file for breach in verify_case(tmp_path)] == [
        "case.json",
        *(f"{table.name}.csv" for table in SCHEMA.values() if table.home == "case"),
    ]


def test_no_folder_is_an_error(tmp_path):
    with pytest.raises(PlaybookError, match="no such folder"):
        verify_case(tmp_path / "none")


def test_a_directory_in_a_files_place_is_a_breach(spoilt):
    (spoilt / "references.csv").unlink()
    (spoilt / "references.csv").mkdir()
    assert any(b.file == "references.csv" and b.value == "the file is missing" for b in verify_case(spoilt))


def test_tables_can_be_verified_without_a_case(spoilt):
    assert verify_tables({"densities": spoilt / "densities.csv"}, lambda name: spoilt / "none.csv") == []


def test_a_very_long_value_is_cut(case_file):
    case_file.cell("accounts", 2, "owner_type", "x" * 5000)
    assert all(len(breach) < 250 for breach in case_file.breaches())
