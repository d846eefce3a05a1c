// Whose notebook this is: asked once, remembered in this browser, written where the notebook opens its case.

const PLACEHOLDER = /open_case\(\s*(["'])your name or staff number\1\s*\)/;

function opening(model) {
  for (const cell of model.cells) {
    if (cell.type === "code" && PLACEHOLDER.test(cell.sharedModel.getSource())) {
      return cell;
    }
  }
  return null;
}

const NAMED = /open_case\(\s*(["'])(.+?)\1\s*\)/;

// A trainee who types another name into the notebook is known by that name from then on.
export function heed(model) {
  const { store } = window.playbook;
  for (const cell of model.cells) {
    const named = cell.type === "code" && NAMED.exec(cell.sharedModel.getSource());
    if (named && !PLACEHOLDER.test(named[0]) && named[2] !== store.read().trainee) {
      store.change((record) => {
        record.trainee = named[2];
      });
    }
    if (named) {
      return;
    }
  }
}

// Python reads a JSON string as it stands.
function fill(cell, name) {
  const source = cell.sharedModel.getSource();
  cell.sharedModel.setSource(source.replace(PLACEHOLDER, () => `open_case(${JSON.stringify(name)})`));
}

export async function knowTrainee({ apputils }, panel) {
  const { store } = window.playbook;
  const model = panel.content.model;
  const cell = opening(model);
  if (!cell) {
    return;
  }
  let name = store.read().trainee;
  if (!name) {
    const { value } = await apputils.InputDialog.getText({
      title: say("Whose city is it?"),
      label: say("Your name or staff number. It decides which city you open; it stays in this browser."),
      placeholder: say("Li Wei or 10042"),
      okLabel: say("Open my city"),
      cancelLabel: say("Not now"),
    });
    name = (value || "").trim();
    if (!name) {
      return;
    }
    store.change((record) => {
      record.trainee = name;
    });
  }
  if (!panel.isDisposed && opening(model) === cell) {
    fill(cell, name);
  }
}
