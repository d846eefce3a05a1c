// Hand in: says what is complete and what is open, makes one file of all that is begun, and shows its receipt.
// Drawn on a page of the book, and in a dialog of the exercises.
(() => {
  "use strict";
  const NAMED = /open_case\(\s*(["'])(.*?)\1/;
  const standing = window.playbookStanding;
  const person = (name) => name.normalize("NFKC").toLowerCase().replace(/\s+/gu, "");
  const cityName = (slug) => slug.charAt(0).toUpperCase() + slug.slice(1);

  function make(name, content = [], attributes = {}) {
    const element = document.createElement(name);
    element.append(...[content].flat());
    for (const [key, value] of Object.entries(attributes)) {
      element.setAttribute(key, value);
    }
    return element;
  }

  function stored(key, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(key)) || otherwise;
    } catch {
      return otherwise;
    }
  }

  // A notebook as it was saved in this browser; one that a closing tab could still note is newer.
  function savedNotebook({ root, key }, file) {
    const draft = stored(`${key}:draft:${file}`, null);
    if (draft || !file) {
      return Promise.resolve(draft);
    }
    return new Promise((resolve) => {
      try {
        const request = indexedDB.open(`JupyterLite Storage - ${root}lite/`);
        request.onupgradeneeded = () => request.transaction.abort();
        request.onerror = (event) => {
          event.preventDefault();
          resolve(null);
        };
        request.onsuccess = () => {
          const database = request.result;
          try {
            const asked = database.transaction("files").objectStore("files").get(file);
            asked.onsuccess = () => {
              database.close();
              resolve(asked.result?.content || null);
            };
            asked.onerror = () => resolve(null);
          } catch {
            database.close();
            resolve(null);
          }
        };
      } catch {
        resolve(null);
      }
    });
  }

  function typedName(notebook) {
    let name = "";
    for (const { cell_type: kind, source } of notebook.cells || []) {
      const found = kind === "code" && NAMED.exec([source].flat().join(""));
      name = found ? found[2] : name;
    }
    return name;
  }

  const asAnswers = (notebook) =>
    (notebook.cells || []).filter(({ metadata }) => metadata?.playbook?.question).map(({ source }) => [source].flat().join(""));

  // Each exercise with how far it is, and its notebook or why there is none to hand in.
  async function gather(options, record) {
    const rows = [];
    for (const described of options.exercises) {
      const kept = record.exercises[described.exercise];
      const row = { described, now: standing.of(kept, described), why: "" };
      rows.push(row);
      const notebook =
        options.current?.exercise === described.exercise
          ? options.current.notebook
          : await savedNotebook(options, kept?.file);
      const answered = notebook && asAnswers(notebook).some((source) => !source.includes("..."));
      if (!notebook || !(row.now.begun || answered)) {
        row.why = row.now.begun ? say("its notebook is not in this browser") : say("not begun");
        continue;
      }
      const typed = typedName(notebook);
      const own = notebook.metadata?.playbook || {};
      if (person(typed) !== person(record.trainee)) {
        row.why = say("the notebook in this browser belongs to {name}", { name: typed || "?" });
      } else if (own.case && record.case && own.case !== record.case) {
        row.why = say("the notebook in this browser was done on another city's figures");
      } else {
        const kernelspec = { name: "python3", display_name: "Python 3", language: "python" };
        const metadata = { ...notebook.metadata, kernelspec };
        row.text = JSON.stringify({ ...notebook, metadata }, null, 1);
      }
    }
    return rows;
  }

  function chapterRow({ described, now, why, text }) {
    const item = make("li", make("strong", described.title));
    if (!text) {
      item.append(make("span", why));
      return item;
    }
    const place = make("span", [], { class: "hand-in-standing" });
    standing.show(place, now);
    item.append(place);
    if (now.open.length) {
      item.append(make("small", say("Open: {questions}", { questions: now.open.join(", ") })));
    }
    return item;
  }

  function sendTo(options) {
    const line = make("p", [], { class: "hand-in-send" });
    if (!options.sentTo.length) {
      line.append(make("strong", say("Send it to your instructor.")));
      return line;
    }
    const [before, after] = say("Send it to: {address}", { address: "\0" }).split("\0");
    const parts = options.sentTo.map(([text, href]) => (href ? make("a", text, { href }) : text));
    line.append(make("strong", [before, ...parts, after]));
    return line;
  }

  function facts(receipt) {
    const moment = `${receipt.made.slice(0, 16).replace("T", " ")} (${receipt.time_zone})`;
    const rows = [
      [say("Code"), receipt.code],
      [say("Date"), moment],
      [say("Trainee"), receipt.trainee],
      [say("City"), receipt.city],
      [say("File"), receipt.file],
    ];
    return make("dl", rows.flatMap(([label, value]) => [make("dt", label), make("dd", value || "?")]));
  }

  function receiptNode(receipt, options) {
    const chapters = receipt.chapters.map((one) => {
      const now = { ...one, total: one.max_points, asked: one.questions };
      const place = make("span", [], { class: "hand-in-standing" });
      standing.show(place, now);
      return make("li", [make("strong", one.title), place]);
    });
    return make("div", [facts(receipt), make("ul", chapters), sendTo(options)], { class: "hand-in-receipt" });
  }

  function save(blob, name) {
    const link = make("a", [], { href: URL.createObjectURL(blob), download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  function button(label, act, kind) {
    const element = make("button", label, { type: "button", class: kind });
    element.addEventListener("click", act);
    return element;
  }

  const receiptsKey = ({ key }) => `${key}:receipts`;

  function keepReceipt(options, receipt) {
    try {
      const before = stored(receiptsKey(options), []);
      localStorage.setItem(receiptsKey(options), JSON.stringify([receipt, ...before].slice(0, 20)));
    } catch (error) {
      console.warn(error); // nothing can be kept here; the file holds the receipt too
    }
  }

  function earlier(options, trainee) {
    const own = stored(receiptsKey(options), []).filter((one) => person(one.trainee) === person(trainee));
    if (!own.length) {
      return [];
    }
    const folded = own.map((one) =>
      make("details", [
        make("summary", `${one.code} · ${one.made.slice(0, 16).replace("T", " ")}`),
        receiptNode(one, options),
      ]),
    );
    return [make("h3", say("Your receipts")), ...folded];
  }

  function wayOn(options, record) {
    const next = standing.next(record, options.exercises);
    const links = [];
    if (options.document) {
      links.push(button(say("City Playbook"), options.document, options.plain));
    }
    if (next) {
      const begun = standing.of(record.exercises[next.exercise], next).begun;
      const label = begun
        ? say("Go on with {title}", { title: next.title })
        : say("The next chapter: {title}", { title: next.title });
      const href = options.root + (begun ? next.live : next.page);
      links.push(make("a", label, { href, class: options.plain }));
    }
    return make("p", links, { class: "hand-in-ways" });
  }

  // Draw into a place. options: {root, key, record(), exercises, sentTo, current, document, print, primary, plain}.
  async function draw(place, options) {
    const record = options.record();
    place.classList.add("hand-in");
    if (!record || !record.trainee) {
      place.replaceChildren(
        make("p", say("Nothing is begun in this browser yet: open a chapter's exercise, and type your name there.")),
      );
      return;
    }
    const rows = await gather(options, record);
    const ready = rows.filter(({ text }) => text);
    const done = ready.filter(({ now }) => now.complete).length;
    const total = rows.reduce((sum, { now }) => sum + now.total, 0);
    const points = ready.reduce((sum, { now }) => sum + now.points, 0);
    const who = record.case ? `${record.trainee} · ${cityName(record.case)}` : record.trainee;
    const words = make("p", [
      make("strong", who),
      make("br"),
      say("{done} of {all} chapters are complete, {points} of {total} points.", {
        done,
        all: rows.length,
        points: +points.toFixed(1),
        total: +total.toFixed(1),
      }),
    ]);
    const note = ready.length
      ? say("The file holds every chapter that you have begun. You can hand in again at any time: the later file counts.")
      : say("There is nothing to hand in yet: answer a question of an exercise first.");
    const acts = make("p", [], { class: "hand-in-ways" });
    if (ready.length) {
      acts.append(button(say("Make the file"), () => handIn(ready), options.primary));
    }
    const list = make("ul", rows.map(chapterRow), { class: "hand-in-chapters" });
    place.replaceChildren(words, make("p", note), acts, list, ...earlier(options, record.trainee));

    async function handIn(chosen) {
      const chapters = chosen.map(({ described, now, text }) => ({
        exercise: described.exercise,
        title: described.title,
        text,
        points: now.points,
        max_points: now.total,
        later: now.later,
        right: now.right,
        questions: now.asked,
        complete: now.complete,
      }));
      const { trainee, case: city } = record;
      const { receipt, blob } = await window.playbookHandInFile.make({
        trainee,
        city,
        cityName: cityName(city),
        chapters,
      });
      save(blob, receipt.file);
      keepReceipt(options, receipt);
      const heading = make("h3", say("Receipt of your hand-in"), { tabindex: "-1" });
      const again = button(say("Save the file again"), () => save(blob, receipt.file), options.plain);
      const told = say("The file {file} was saved among your downloads.", { file: receipt.file });
      const print = options.print ? [button(say("Print"), () => window.print(), options.plain)] : [];
      place.replaceChildren(
        heading,
        make("p", told, { role: "status" }),
        receiptNode(receipt, options),
        make("p", [again, ...print], { class: "hand-in-ways" }),
        make("p", say("Your instructor sees the same code. This receipt stays in this browser, on the page Hand in.")),
        wayOn(options, record),
      );
      heading.focus();
    }
  }

  window.playbookHandIn = { draw };

  const place = document.querySelector("[data-hand-in]");
  if (place) {
    const root = new URL("..", document.currentScript.src).pathname;
    const key = `playbook:${root}`;
    const record = () => {
      const found = stored(key, null);
      return found?.version === 1 ? found : null;
    };
    const given = JSON.parse(place.dataset.handIn);
    const kinds = { primary: "course-button primary", plain: "course-button" };
    const options = { root, key, record, print: true, ...given, ...kinds };
    draw(place, options);
    window.addEventListener("pageshow", (event) => event.persisted && draw(place, options));
  }
})();
