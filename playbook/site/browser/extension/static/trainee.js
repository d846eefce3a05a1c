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

// Blanks, capitals, full width and ways to write an accent make no other person.
export function person(name) {
  return name.normalize("NFKC").toLowerCase().replace(/\s+/gu, "");
}

const city = (slug) => slug.charAt(0).toUpperCase() + slug.slice(1);

function another(model) {
  const { trainee } = window.playbook.store.read();
  for (const cell of model.cells) {
    const named = cell.type === "code" && NAMED.exec(cell.sharedModel.getSource());
    if (named) {
      const other = !PLACEHOLDER.test(named[0]) && named[2] !== trainee;
      return other ? { cell, typed: named[0], name: named[2] } : null;
    }
  }
  return null;
}

let asking = false;

// A name that was changed: the same person by another spelling, or somebody else, who is asked about.
// Each keeps their own answers; resolves to whether it is somebody else from now on.
export async function heed({ apputils }, panel) {
  const { store } = window.playbook;
  const changed = another(panel.content.model);
  if (!changed || asking) {
    return false;
  }
  const { trainee, case: before } = store.read();
  const { cell, typed, name } = changed;
  if (!trainee || person(trainee) === person(name)) {
    store.change((record) => {
      record.trainee = name;
    });
    return false;
  }
  asking = true;
  try {
    const { button } = await apputils.showDialog({
      title: before
        ? say("You were {name} in {city}. Are you somebody else?", { name: trainee, city: city(before) })
        : say("You were {name}. Are you somebody else?", { name: trainee }),
      body: say("The answers of both are kept, each under its own name."),
      buttons: [
        apputils.Dialog.cancelButton({ label: say("No, I am {name}", { name: trainee }) }),
        apputils.Dialog.okButton({ label: say("Yes, I am {name}", { name }) }),
      ],
    });
    if (button.accept) {
      store.become(name, person);
      return true;
    }
    const source = cell.sharedModel.getSource();
    cell.sharedModel.setSource(source.replace(typed, () => `open_case(${JSON.stringify(trainee)})`));
    return false;
  } finally {
    asking = false;
  }
}

// Python reads a JSON string as it stands.
function fill(cell, name) {
  const source = cell.sharedModel.getSource();
  cell.sharedModel.setSource(source.replace(PLACEHOLDER, () => `open_case(${JSON.stringify(name)})`));
}

export function fillName(model, name) {
  const cell = opening(model);
  if (cell) {
    fill(cell, name);
  }
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
