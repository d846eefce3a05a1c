// The panel of an exercise by itself, in a frame of a chapter's page. It runs on a copy of the notebook as it was
// released: what a trainee has saved is neither read nor written (see page/boot.js for the storage).

import { watchAccess } from "./access.js";
import { fillName } from "./trainee.js";

const SOON = 50;

// The book's page has a switch for light and dark, which this frame follows.
function followColours(themes) {
  const book = window.parent.document.documentElement;
  const follow = () =>
    themes?.setTheme(book.dataset.theme === "dark" ? themes.preferredDarkTheme : themes.preferredLightTheme);
  new MutationObserver(follow).observe(book, { attributeFilter: ["data-theme"] });
  follow();
}

function tell(message) {
  window.parent.postMessage({ playbook: "panel", exercise: window.playbook.exercise(), ...message }, location.origin);
}

// Show one part of the page and nothing else: what is on the way to it stays, what is beside the way goes.
function showOnly(part) {
  document.querySelectorAll(".playbook-way").forEach((node) => node.classList.remove("playbook-way"));
  for (let node = part; node !== document.documentElement; node = node.parentElement) {
    node.classList.add("playbook-way");
  }
  part.classList.add("playbook-alone");
}

function tellHeight(part) {
  let waiting = null;
  const measure = () => {
    waiting = null;
    tell({ height: Math.ceil(part.getBoundingClientRect().bottom + window.scrollY) });
    // JupyterLab scrolls to its cell; the frame is as high as what it shows.
    window.scrollTo(0, 0);
  };
  const soon = () => {
    waiting = waiting || setTimeout(measure, SOON);
  };
  new ResizeObserver(soon).observe(part);
  // An open list or a label that wraps changes what stands in the part before it changes the part.
  new MutationObserver(soon).observe(part, { childList: true, subtree: true });
  measure();
}

// What the opening cell says of the city, or whose city it is while nobody is known.
function cityOf(cell, known) {
  if (!known) {
    return say("This is Jinhua, the city of the book. The notebook asks for your name; then you see your own city.");
  }
  return (cell.model.outputs.toJSON() || []).map(({ text }) => [text || ""].flat().join("")).join("").trim();
}

export async function showAlone({ cells }, panel, themes) {
  await panel.context.ready;
  followColours(themes);
  // No key may run or change a cell that nobody sees.
  document.documentElement.setAttribute("data-lm-suppress-shortcuts", "true");
  const { trainee } = window.playbook.store.read();
  if (trainee) {
    fillName(panel.content.model, trainee);
  }
  watchAccess(panel);
  await panel.sessionContext.ready;
  let city = "";
  for (const cell of panel.content.widgets.filter(({ model }) => model.type === "code")) {
    const reply = await cells.CodeCell.execute(cell, panel.sessionContext);
    city = city || cityOf(cell, trainee);
    const failed = reply?.content.status === "error";
    const found = cell.model.getMetadata("playbook")?.panel;
    if (failed || found) {
      const part = cell.outputArea.node;
      if (found && !failed) {
        const words = document.createElement("p");
        words.className = "playbook-city";
        words.textContent = city;
        part.prepend(words);
      }
      showOnly(part);
      document.getElementById("playbook-loading")?.remove();
      tellHeight(part);
      tell({ ready: true });
      return;
    }
  }
}
