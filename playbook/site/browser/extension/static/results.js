// Reads the outcomes of checks from a notebook's outputs and keeps them for the book's pages.

const RESULT = "application/vnd.playbook.result+json";
// How a question can end, the least outcome first: [{outcome, sign, words}], from the kit's own vocabulary.
const { outcomes } = window.playbook.site;
const rank = (outcome) => outcomes.findIndex((one) => one.outcome === outcome);

function* bundles(model) {
  for (const cell of model.cells) {
    if (cell.type !== "code") {
      continue;
    }
    for (let place = 0; place < cell.outputs.length; place++) {
      const value = cell.outputs.get(place).data[RESULT];
      if (value !== undefined) {
        yield [cell, value];
      }
    }
  }
}

// The last result of each question, in the order of the notebook: [{cell, ...result}].
export function results(model) {
  const found = new Map();
  for (const [cell, result] of bundles(model)) {
    found.set(result.question, { cell, ...result });
  }
  return [...found.values()];
}

// Keep what was reached: an outcome is replaced by a better one, never by a worse one.
// Of the results that stand there only those count that a cell of this sitting gave: `fresh(cell)`.
export function keepResults(model, slug, file, fresh) {
  const { store } = window.playbook;
  const all = results(model).filter(({ cell }) => fresh(cell));
  if (all.length === 0) {
    return all;
  }
  store.change((record) => {
    const kept = store.exercise(record, slug);
    for (const { question, outcome, points, max_points: maximum, case: city, release, points_total: total } of all) {
      const before = kept.questions[question];
      if (!before || rank(outcome) >= rank(before.outcome)) {
        kept.questions[question] = { outcome, points, max_points: maximum, at: new Date().toISOString() };
      }
      kept.max_points = total || kept.max_points;
      kept.release = release || kept.release;
      record.case = city || record.case;
    }
    if (file) {
      kept.file = file;
    }
    record.last = slug;
  });
  return all;
}

// Questions whose cell ran to its end and does not ask the check.
export function unchecked(model) {
  const found = new Set();
  for (const cell of model.cells) {
    const question = cell.type === "code" && cell.getMetadata("playbook")?.question;
    const asks = new RegExp(`^[^#\\n]*\\bcheck\\s*\\(.*["']${question}["']`, "m");
    const stopped = question && cell.outputs.toJSON().some((output) => output.output_type === "error");
    if (question && !stopped && !asks.test(cell.sharedModel.getSource())) {
      found.add(question);
    }
  }
  return found;
}

// How a question gets its check back; the kit says the same below a cell (exercises/check.py).
function wayBack(question, answer) {
  const way = document.createElement("div");
  const line = document.createElement("code");
  line.textContent = `check("${question}", ${answer})`;
  const words = say("To have your answer checked, write this line below it and run the cell again: {line}");
  const [before, after] = words.split("{line}");
  way.append(before, line, after);
  return way;
}

// What "Check my work" says: a heading, a line per question, and where to go on. A question without a result
// is one whose cell stopped before its check, or lacks it.
export function summary(checked, errors, described, lacking) {
  const known = new Map(checked.map((result) => [result.question, result]));
  const asked = described ? described.questions : checked.map(({ question }) => [question, question, false]);
  const standing = window.playbookStanding;
  const node = document.createElement("div");
  node.className = "playbook-summary";
  const heading = document.createElement("p");
  const now = checked.length && standing.of({ questions: Object.fromEntries(known) }, { points: 0, questions: asked });
  if (now) {
    now.total = checked[checked.length - 1].points_total;
    standing.show(heading, now);
  } else {
    heading.textContent = say("No question was checked.");
  }
  node.append(heading);
  const list = document.createElement("ul");
  for (const [question, title, , answer] of checked.length || lacking.size ? asked : []) {
    const lacks = lacking.has(question) && !known.has(question);
    const outcome = known.get(question)?.outcome || (lacks ? "unattempted" : "errored");
    const { sign, words } = outcomes[rank(outcome)] || { sign: "", words: outcome };
    const item = document.createElement("li");
    item.dataset.question = question;
    const mark = document.createElement("span");
    mark.setAttribute("aria-hidden", "true");
    mark.textContent = sign;
    item.append(mark, ` ${title}: ${lacks ? say("The check of this question is missing") : words}`);
    if (lacks) {
      item.append(wayBack(question, answer));
    }
    list.append(item);
  }
  node.append(list);
  if (errors) {
    const note = document.createElement("p");
    note.textContent = sayMany(
      "One cell stopped with an error; its message stands below it.",
      "{errors} cells stopped with an error; the messages stand below them.",
      errors,
      { errors },
    );
    node.append(note);
  }
  const title = now && now.complete ? say("This chapter is complete") : say("Your work, checked");
  return { title, node };
}
