// What ran in this Python, and what only stands in the notebook from before.

const RESULT = "application/vnd.playbook.result+json";
const ASSIGNED = /^(?:(?:def|class)\s+(\w+)|(?:from\s+\S+\s+)?import\s+(.+)|([\w, \t]+?)\s*(?:[-+*/|&]|\/\/|\*\*)?=(?!=).*)$/gm;

function made(source) {
  const names = new Set();
  for (const [, defined, imported, assigned] of source.matchAll(ASSIGNED)) {
    if (defined) {
      names.add(defined);
    }
    for (const part of (imported || assigned || "").split(",")) {
      const name = part.trim().split(/\s+/).pop();
      if (name) {
        names.add(name);
      }
    }
  }
  return names;
}

const used = (source) => new Set(source.replace(/#.*$/gm, "").match(/[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*/g) || []);

function isCode(cell) {
  return cell.model.type === "code" && cell.model.sharedModel.getSource().trim();
}

// The cells above one, not run yet, that make what it uses: first one first.
export function needed(cells, place, ran) {
  const wanted = used(cells[place].source);
  const found = [];
  for (let at = place - 1; at >= 0; at--) {
    const { id, source } = cells[at];
    const names = made(source);
    if ([...names].some((name) => wanted.has(name))) {
      if (!ran.has(id)) {
        found.unshift(id);
        used(source).forEach((name) => wanted.add(name));
      }
      names.forEach((name) => wanted.delete(name));
    }
  }
  return found;
}

export function watchFresh(panel, execute) {
  const ran = new Set();
  const { content, sessionContext } = panel;

  function mark() {
    for (const cell of content.widgets) {
      const results = cell.model.type === "code" && cell.model.outputs.toJSON().some(({ data }) => data && RESULT in data);
      const old = results && !ran.has(cell.model.id);
      const note = cell.node.querySelector(".playbook-before");
      if (old && !note) {
        const words = document.createElement("p");
        words.className = "playbook-before";
        words.textContent = say("From before: this answer was checked earlier. Run the cell to check it again.");
        (cell.node.querySelector(".jp-Cell-outputWrapper") || cell.node).before(words);
      } else if (!old && note) {
        note.remove();
      }
    }
  }

  const started = (cell) => {
    ran.add(cell.model.id);
    mark();
  };

  // Python that has started anew knows nothing of what ran before.
  const forget = () => {
    ran.clear();
    mark();
  };
  sessionContext.kernelChanged.connect((_, { oldValue }) => oldValue && forget());
  sessionContext.statusChanged.connect((_, status) => {
    if (status === "restarting" || status === "autorestarting") {
      forget();
    }
  });
  mark();
  return {
    has: (cell) => ran.has(cell.id),
    started,
    // A cell that was started and never came to run, because one before it failed.
    dropped(cell) {
      ran.delete(cell.model.id);
      mark();
    },
    forget,
    // Run first what a cell stands on, where the trainee came back to a notebook whose Python is new.
    async prepare(cell) {
      const code = content.widgets.filter(isCode);
      const place = code.indexOf(cell);
      if (place < 0) {
        return;
      }
      const plain = code.map(({ model }) => ({ id: model.id, source: model.sharedModel.getSource() }));
      for (const id of needed(plain, place, ran)) {
        const one = code.find(({ model }) => model.id === id);
        if (one && !ran.has(id)) {
          started(one);
          await execute(one);
        }
      }
    },
  };
}
