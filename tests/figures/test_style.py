import io

import matplotlib as mpl
import pytest
from PIL import Image

from playbook.figures.style import (
    COLORS,
    CYCLE,
    HAN_FAMILY,
    describe,
    emphasise,
    finish,
    new_figure,
    to_img,
    to_png,
)


@pytest.fixture
def figure():
    fig, ax = new_figure()
    ax.bar(["Manufacturing 制造业", "Trade 批发零售"], [1.9, 1.1])
    ax.set_title("Jinhua (金华) specialises in manufacturing")
    ax.set_ylabel("Location quotient (1 = as in China)")
    return finish(fig, "Census 2020")


def luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in mpl.colors.to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", CYCLE)
def test_every_series_stands_out_from_white(colour):
    assert 1.05 / (luminance(colour) + 0.05) >= 3


def test_text_is_readable_on_white():
    assert 1.05 / (luminance(COLORS["ink"]) + 0.05) >= 7
    assert 1.05 / (luminance(COLORS["muted"]) + 0.05) >= 4.5


def test_a_figure_stands_on_a_white_card(figure):
    with Image.open(io.BytesIO(to_png(figure))) as picture:
        assert picture.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_chinese_is_drawn_without_a_warning(figure, caplog):
    to_png(figure)
    assert HAN_FAMILY in mpl.rcParams["font.family"]
    assert not caplog.records


def test_the_source_is_below_the_axes(figure):
    assert figure.get_supxlabel() == "Source: Census 2020"


def test_a_long_title_is_broken_into_lines_that_fit():
    fig, ax = new_figure()
    ax.set_title("A title that says in a whole sentence what the figure shows and why it matters to you")
    finish(fig)
    fig.draw_without_rendering()
    width = fig.get_window_extent().width
    assert fig.get_suptitle().count("\n") >= 1
    assert fig._suptitle.get_window_extent().x1 <= width


def test_a_long_axis_label_is_broken_into_lines_that_fit():
    fig, ax = new_figure()
    ax.barh(["A very long name of an industry, with a remark"], [1])
    ax.set_xlabel("Location quotient (1: as in China; dashed: from here on a city is called specialised)")
    finish(fig)
    fig.draw_without_rendering()
    box = ax.xaxis.label.get_window_extent()
    assert box.x1 <= fig.get_window_extent().width


def test_the_bar_to_look_at_has_stripes_beside_its_colour():
    _fig, ax = new_figure()
    first, second = ax.bar(["a", "b"], [1, 2], color=COLORS["second"])
    emphasise(second)
    assert (first.get_hatch(), second.get_hatch()) == (None, "///")
    assert mpl.colors.same_color(second.get_facecolor(), COLORS["accent"])


def test_lines_of_a_title_are_about_as_long_as_each_other():
    fig, ax = new_figure()
    ax.set_title("The longest part of a bar holds the city back")
    finish(fig)
    first, second = fig.get_suptitle().splitlines()
    assert abs(len(first) - len(second)) < 8


def test_the_alternative_text_is_made_from_titles_and_labels(figure):
    text = describe(figure)
    assert "specialises in manufacturing" in text
    assert "Location quotient" in text


def test_a_given_alternative_text_goes_with_the_picture():
    fig, ax = new_figure()
    ax.set_title("Short")
    finish(fig, alt='Two bars; the "left" one is longer')
    data, metadata = fig._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"] == 'Two bars; the "left" one is longer'
    assert 'alt="Two bars; the &quot;left&quot; one is longer"' in to_img(fig)


def test_the_same_figure_gives_the_same_bytes(figure):
    assert to_png(figure) == to_png(figure)
