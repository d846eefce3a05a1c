"""Code that is named as package.module:function is found, and what is not there is named."""

import pytest

from playbook import lazily
from playbook.errors import PlaybookError


def test_a_function_is_found_by_its_name():
    assert lazily.named("playbook.lazily:named") is lazily.named


@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("draw", "'draw' names no function"),
        ("playbook.nowhere:draw", r"a module that there is not \(playbook\.nowhere\)"),
        ("playbook.lazily:nothing", "the module playbook.lazily has no function 'nothing'"),
        ("playbook.words:SOURCE", "the module playbook.words has no function 'SOURCE'"),
    ],
)
def test_what_is_not_there_is_named(function, words):
    with pytest.raises(PlaybookError, match=words) as caught:
        lazily.named(function)
    assert caught.value.remedy


def test_a_package_offers_names_of_its_modules_and_no_others():
    load, names = lazily.lazy_names("playbook", {"lazily": "named lazy_names"})
    assert names == ["named", "lazy_names"]
    assert load("named") is lazily.named
    with pytest.raises(AttributeError, match="module 'playbook' has no attribute 'other'"):
        load("other")
