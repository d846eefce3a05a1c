// Names for what JupyterLab leaves without one, so that a screen reader and a keyboard get everywhere.

const ENOUGH = 200;

export function watchAccess(panel) {
  let waiting = null;
  const mend = () => {
    waiting = null;
    if (!panel.isDisposed) {
      nameParts(panel);
    }
  };
  new MutationObserver(() => {
    waiting = waiting || setTimeout(mend, ENOUGH);
  }).observe(panel.content.node, { childList: true, subtree: true });
  mend();
}

function nameParts(panel) {
  const { node, widgets } = panel.content;
  // A feed holds articles that grow without end; a notebook is a group of cells.
  set(node.querySelector(".jp-WindowedPanel-viewport"), { role: "group", "aria-label": say("Cells") });
  for (const button of node.querySelectorAll(".jp-collapseHeadingButton")) {
    set(button, { "aria-label": say("Show or hide this section") });
  }
  for (const handle of node.querySelectorAll(".widget-slider .noUi-handle")) {
    const label = handle.closest(".widget-slider").querySelector(".widget-label");
    set(handle, { "aria-label": (label && label.textContent) || say("Slider") });
  }
  for (const player of node.querySelectorAll(".widget-play")) {
    const [play, stop] = player.querySelectorAll("button");
    set(play, { "aria-label": say("Play or pause") });
    set(stop, { "aria-label": say("Back to the start") });
  }
  // Keys pressed in a panel are the panel's: an arrow moves its slider and does not change the cell.
  for (const part of node.querySelectorAll(".jupyter-widgets")) {
    set(part, { "data-lm-suppress-shortcuts": "true" });
  }
  widgets.forEach((cell, place) => {
    const number = place + 1;
    const label =
      cell.model.type === "code" ? say("Code of cell {number}", { number }) : say("Text of cell {number}", { number });
    set(cell.node.querySelector(".cm-content"), { "aria-label": label });
    for (const [at, output] of [...cell.node.querySelectorAll(".jp-OutputArea-child")].entries()) {
      nameOutput(cell, output, at);
    }
  });
}

function nameOutput(cell, output, number) {
  for (const image of output.querySelectorAll("img:not([alt])")) {
    const metadata = cell.model.outputs?.get(number)?.metadata || {};
    const known = Object.values(metadata).find((entry) => entry && entry.alt);
    image.alt = known ? known.alt : say("A figure drawn by this cell");
  }
  for (const box of output.querySelectorAll(".jp-OutputArea-output")) {
    if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) {
      set(box, { tabindex: "0", role: "group", "aria-label": say("Result") });
    }
  }
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (element && element.getAttribute(name) !== value) {
      element.setAttribute(name, value);
    }
  }
}
