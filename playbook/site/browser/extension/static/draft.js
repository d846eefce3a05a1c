// Nothing is lost between two saves: what stands in the notebook is also written at once, in one step that
// a closing tab cannot interrupt, and put back when the notebook opens again.
//
// The notebook's own storage takes its time; localStorage is written before the next line runs.

const SOON = 200;
const prefix = () => `${window.playbook.store.key}:draft:`;

function withoutOutputs(notebook) {
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === "code" ? { ...cell, outputs: [], execution_count: null } : cell,
  );
  return { ...notebook, cells };
}

function put(key, notebook) {
  try {
    localStorage.setItem(key, JSON.stringify(notebook));
    return true;
  } catch {
    return false;
  }
}

export function readDraft(file) {
  try {
    return JSON.parse(localStorage.getItem(prefix() + file));
  } catch {
    return null;
  }
}

function drop(file) {
  try {
    localStorage.removeItem(prefix() + file);
  } catch {
    // Where nothing can be stored, there is nothing to drop.
  }
}

// Saves follow one another, whoever asks for them: two at a time would look like a change from outside, and
// JupyterLab would ask which of the two is to stay.
export function oneAtATime(context) {
  const plain = context.save.bind(context);
  let last = Promise.resolve();
  context.save = () => {
    const mine = last.then(plain, plain);
    last = mine.catch(() => {});
    return mine;
  };
}

// Put back what an earlier tab could not save any more; returns whether there was something.
export function putBack(panel, file) {
  const draft = readDraft(file);
  if (!draft) {
    return false;
  }
  const { model } = panel.content;
  if (JSON.stringify(draft) !== JSON.stringify(model.toJSON())) {
    model.fromJSON(draft);
    model.dirty = true;
  }
  return true;
}

// From now on: write down each change soon, each run and each leaving at once.
// `silent()` says whether another tab has the notebook, so that this one must not write.
// Returns {ran}: to be called when a cell is started and when it has ended.
export function keepDrafts(panel, file, silent) {
  const { context } = panel;
  const { model } = panel.content;
  let waiting = null;
  let version = 0;
  let written = 0;

  function write() {
    clearTimeout(waiting);
    waiting = null;
    if (silent() || panel.isDisposed || written === version) {
      return;
    }
    const notebook = model.toJSON();
    const key = prefix() + file;
    if (put(key, notebook) || put(key, withoutOutputs(notebook))) {
      written = version;
    }
  }

  let saving = -1;
  context.saveState.connect((_, state) => {
    if (state === "started") {
      saving = version;
    } else if (state === "completed" && saving === version && !silent()) {
      drop(file);
    }
  });
  model.contentChanged.connect(() => {
    version += 1;
    waiting = waiting || setTimeout(write, SOON);
  });
  // Before the browser's own question, which comes at "beforeunload", and wherever it is not asked.
  const leave = () => {
    write();
    if (!silent() && model.dirty) {
      context.save().catch((error) => console.warn(error));
    }
  };
  window.addEventListener(
    "beforeunload",
    (event) => {
      leave();
      // What is written down needs no question; one that could not be written is still asked about.
      if (written === version) {
        event.stopImmediatePropagation();
      }
    },
    { capture: true },
  );
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => document.hidden && leave());

  // What is asked for while a save waits for its turn is in that one.
  let last = Promise.resolve();
  let queued = false;
  function save() {
    if (!queued) {
      queued = true;
      last = last.then(() => {
        queued = false;
        return silent() || panel.isDisposed ? null : context.save();
      });
      last = last.catch((error) => console.warn(error));
    }
    return last;
  }
  return {
    ran() {
      write();
      save();
    },
  };
}
