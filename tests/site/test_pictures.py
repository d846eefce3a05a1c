"""Pictures of panels: a cell that did not hear its key is asked again, and what is lacking is told."""

import pytest

from playbook.errors import PlaybookError
from playbook.site import pictures

#: What of JupyterLab a picture needs; the first presses of the keys are lost.
PAGE = """<div class="jp-NotebookPanel-toolbar"><span data-status="idle">idle</span></div>
<div class="jp-Notebook"><div class="jp-CodeCell"><div class="jp-InputPrompt">[ ]:</div>
<div class="cm-content" contenteditable="true">panel()</div></div></div>
<script>
let heard = 0;
document.querySelector(".cm-content").addEventListener("keydown", event => {{
  if (!event.ctrlKey || event.key !== "Enter" || ++heard <= {lost}) return;
  document.querySelector(".jp-InputPrompt").textContent = "[1]:";
  document.body.insertAdjacentHTML("beforeend", `<div class="jp-OutputArea-output"><div class="jupyter-widgets">
    <table><tr><td>Heard ${{heard}}</td></tr></table></div></div>`);
}});
</script>"""


@pytest.fixture
def lab(chromium_browser, tmp_path):
    """Gives a page and the address of a notebook that loses so many key presses."""
    page = chromium_browser.new_page()

    def lab(lost):
        (tmp_path / "lab.html").write_text(PAGE.format(lost=lost), encoding="utf-8")
        return page, (tmp_path / "lab.html").as_uri()

    yield lab
    page.close()


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("lost", [0, 2])
def test_a_cell_that_did_not_hear_its_key_is_asked_again(lab, monkeypatch, lost):
    """Once JupyterLab took the focus away while it started, and the picture waited for a cell that nobody had run."""
    monkeypatch.setattr(pictures, "_TRIES", 300)  # a fifth of a second each
    page, address = lab(lost)
    assert pictures._picture(page, address, "03").startswith(b"\x89PNG")
    assert page.locator("td").inner_text() == f"Heard {lost + 1}"


@pytest.mark.slow
@pytest.mark.browser
def test_a_panel_that_does_not_appear_is_told(lab, monkeypatch):
    monkeypatch.setattr(pictures, "_SECONDS", 1)
    page, address = lab(1_000)
    with pytest.raises(PlaybookError) as caught:
        pictures._picture(page, address, "03-entry-industries")
    assert str(caught.value).startswith("03-entry-industries: the panel does not appear: ")
    assert caught.value.remedy == "run its cell in `playbook lab` and see what it says."


def test_without_chromium_it_is_said_how_to_get_it(root, monkeypatch):
    monkeypatch.delenv("PLAYBOOK_CHROMIUM", raising=False)
    monkeypatch.setattr(pictures.shutil, "which", lambda name: None)
    with pytest.raises(PlaybookError, match="pictures are taken with Chromium, and there is none") as caught:
        pictures.picture_panels(root)
    assert "apt-get install chromium" in caught.value.remedy
