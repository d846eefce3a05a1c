import re
import xml.etree.ElementTree as ElementTree

import pytest

from playbook.errors import PlaybookError
from playbook.site.formulas import formula_svg


def height_of(svg: str) -> float:
    return float(re.search(r";height:([\d.]+)em", svg)[1])


@pytest.mark.parametrize(
    "tex",
    [
        r"LQ_i = \frac{e_{ir}/e_r}{e_{in}/e_n}",
        r"B = k \cdot M^{\alpha} \cdot S^{\beta} \cdot K^{\gamma}",
        r"\mathrm{BRV}_i = \sum_n \mathrm{Ref}_n \cdot \frac{\mathrm{CLV}_n}{(1+r)^{t_n}}",
        r"\text{share} = \dfrac{\text{workers in it}}{\text{all workers}}",
        r"f(S) = \sum_j w_j \left[\exists i \in S : s_{ij} \ge \tau\right]",
        r"x \le 60\,\%",
    ],
)
def test_a_formula_of_the_chapters_becomes_one_wellformed_picture_with_a_name(tex):
    (svg,) = formula_svg(tex)
    element = ElementTree.fromstring(svg)
    assert element.attrib["role"] == "img"
    assert element.attrib["aria-label"]
    assert element.find("path").attrib["d"].startswith("M")


def test_aligned_rows_stand_under_one_another():
    rows = formula_svg(r"\begin{aligned} a &= b \\ c &= d \end{aligned}")
    assert len(rows) == 2


def test_fractions_on_lines_of_their_own_are_large():
    tex = r"x = \frac{a}{b}"
    assert height_of(formula_svg(tex, display=True)[0]) > height_of(formula_svg(tex)[0])


def test_a_formula_asks_the_browser_for_nothing():
    (svg,) = formula_svg(r"\sqrt{x}")
    assert "href" not in svg
    assert "url(" not in svg


def test_what_cannot_be_drawn_is_named():
    with pytest.raises(PlaybookError, match="underbrace"):
        formula_svg(r"\underbrace{a}_{b}")


def test_chinese_in_a_formula_is_sent_to_the_text():
    with pytest.raises(PlaybookError, match="Chinese"):
        formula_svg(r"\text{区位商} = 1")
