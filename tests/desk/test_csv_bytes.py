"""Cells change in a CSV file, and every other byte stays."""

import pytest

from playbook.desk.filling.csv_bytes import CsvBytes, read_csv_bytes
from playbook.errors import PlaybookError

FILES = {
    "plain": b"a,b\r\n1,2\r\n",
    "no line end behind the last row": b"a,b\n1,2",
    "a mark and semicolons": b"\xef\xbb\xbfa;b\n1;2,5\n",
    "quotes, a quoted line end and a quote in a cell": b'"a","b"\r\n"x\r\ny","say ""hi"""\r\n',
    "rows of several lengths and line ends": b"a,b,c\r\n1\n\n,,,,\r4,5,6",
    "tabs in UTF-16": "\ufeffa\tb\r\n李\t2\r\n".encode("utf-16-le"),
    "UTF-16 the other way": "\ufeffa\tb\r\n".encode("utf-16-be"),
    "GBK": "学号,姓名\r\n1,李伟\r\n".encode("gbk"),
    "GB18030, for a name beyond GBK": "学号,姓名\r\n1,李㐀\r\n".encode("gb18030"),
    "Latin": "Name;Note\r\nMüller;2,5\r\n".encode("cp1252"),
    "nothing": b"",
    "blanks around cells": b"    Points Possible,,12\r\n a , b ,\r\n",
    "a quote inside": b'5" disk,b\n',
}


@pytest.mark.parametrize("name", FILES)
def test_an_unchanged_file_is_the_same_byte_for_byte(name):
    assert CsvBytes(FILES[name], "f.csv").bytes() == FILES[name]


def test_one_cell_changes_and_keeps_its_quotes():
    file = CsvBytes(b'"a";b\r\n"1"; 2 \r\n', "f.csv")
    file.put(1, 0, "9")
    file.put(1, 1, 'x;"y"')
    assert file.bytes() == b'"a";b\r\n"9";"x;""y"""\r\n'


def test_a_row_that_is_too_short_grows_to_the_cell():
    file = CsvBytes(b"a,b,c\n1\n", "f.csv")
    file.put(1, 2, "3")
    assert file.bytes() == b"a,b,c\n1,,3\n"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'a,b\n1,"2\n', "f.csv row 2: a quote is opened and never closed"),
        (b'a,b\n"say ""no"", she,2\n', "f.csv row 2: a quote is opened and never closed"),
        (b"PK\x03\x04rest", "this is a spreadsheet's own file, and marks go into CSV"),
        (b"\x00\x01\x02", "this is no CSV text"),
    ],
)
def test_what_is_no_csv_is_refused_in_words(data, said):
    with pytest.raises(PlaybookError) as caught:
        CsvBytes(data, "f.csv")
    assert said in str(caught.value)
    assert "download" in caught.value.remedy


def test_a_character_that_the_encoding_lacks_is_told():
    file = CsvBytes("Name;Note\r\nMüller;2,5\r\n".encode("cp1252"), "f.csv")
    with pytest.raises(PlaybookError) as caught:
        file.put(1, 1, "李")
    assert str(caught.value) == (
        "f.csv row 2: the file is in cp1252, which has no '李'\n"
        "What to do: save it as CSV UTF-8, or leave the words out with --no-feedback"
    )


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(PlaybookError, match="the file can't be read: No such file") as caught:
        read_csv_bytes(tmp_path / "none.csv")
    assert caught.value.remedy == "check the path in --into"
