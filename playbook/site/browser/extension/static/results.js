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

// What "Check my work" says: a heading, a line per question, and where to go on. A question without a result
// is one whose cell stopped before its check.
export function summary(checked, errors, titles) {
  const known = new Map(checked.map((result) => [result.question, result]));
  const names = Object.keys(titles);
  const stopped = (question) => ({ question, outcome: "errored", points: 0 });
  const all = checked.length && names.length ? names.map((name) => known.get(name) || stopped(name)) : checked;
  const passed = all.filter(({ outcome }) => outcome === "passed").length;
  const points = all.reduce((sum, result) => sum + (result.points || 0), 0);
  const total = checked.length ? checked[checked.length - 1].points_total : 0;
  const node = document.createElement("div");
  node.className = "playbook-summary";
  const heading = document.createElement("p");
  heading.textContent = all.length
    ? say("{passed} of {asked} questions are right: {points} of {total} points.", {
        passed,
        asked: all.length,
        points: +points.toFixed(1),
        total,
      })
    : say("No question was checked.");
  node.append(heading);
  const list = document.createElement("ul");
  for (const result of all) {
    const { sign, words } = outcomes[rank(result.outcome)] || { sign: "", words: result.outcome };
    const item = document.createElement("li");
    item.dataset.question = result.question;
    const mark = document.createElement("span");
    mark.setAttribute("aria-hidden", "true");
    mark.textContent = sign;
    item.append(mark, ` ${titles[result.question] || result.question}: ${words}`);
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
  const title = passed === all.length && all.length ? say("All questions are right") : say("Your work, checked");
  return { title, node };
}
