// What settings cannot do: check all work, keep results, stop a cell, take care of what was saved.

import { watchAccess } from "./access.js";
import { showAlone } from "./alone.js";
import { watchStorage, watchTabs, watchVersion } from "./care.js";
import { keepDrafts, oneAtATime, putBack } from "./draft.js";
import { watchFresh } from "./fresh.js";
import { close, notice } from "./notices.js";
import { keepResults, results, summary, unchecked } from "./results.js";
import { heed, knowTrainee } from "./trainee.js";

const WIDGET = "application/vnd.jupyter.widget-view+json";

export function notebookPlugin(libraries) {
  const { apputils, cells, notebook } = libraries;
  const { Dialog, showDialog } = apputils;

  function save(text, type, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  function download(panel) {
    const content = panel.content.model.toJSON();
    content.metadata.kernelspec = { name: "python3", display_name: "Python 3", language: "python" };
    save(JSON.stringify(content, null, 1), "application/x-ipynb+json", `${window.playbook.exercise()}.ipynb`);
    return panel.context.save();
  }

  // Runs every cell, also those after one that fails, and tells how each question stands.
  async function check(panel) {
    const { content, sessionContext } = panel;
    await sessionContext.ready;
    notice("checking", say("Running your notebook from the first cell to the last."));
    let errors = 0;
    for (const cell of content.widgets) {
      if (cell.model.type === "code") {
        window.playbook.fresh.started(cell);
        const reply = await cells.CodeCell.execute(cell, sessionContext);
        errors += reply && reply.content.status === "error" ? 1 : 0;
      }
    }
    close("checking");
    await keep(panel);
    window.playbook.drafts.ran();
    const { model } = content;
    const { title, node } = summary(results(model), errors, described(), unchecked(model));
    const body = new libraries.widgets.Widget({ node });
    const buttons = [Dialog.cancelButton({ label: say("Hand in") }), Dialog.okButton({ label: say("Go on") })];
    const [{ button }] = await Promise.all([showDialog({ title, body, buttons }), keepDocument(panel)]);
    if (button.label === say("Hand in")) {
      await handIn(panel);
    }
  }

  const described = () => window.playbook.site.exercises[window.playbook.exercise()];

  // One file of all chapters that are begun, with its receipt. The notebook that is open counts as it stands.
  async function handIn(panel) {
    await keep(panel);
    const { store, site, exercise } = window.playbook;
    const node = document.createElement("div");
    await window.playbookHandIn.draw(node, {
      root: new URL("..", window.playbook.root).pathname,
      key: store.key,
      record: store.read,
      exercises: Object.values(site.exercises),
      sentTo: site.sentTo,
      current: { exercise: exercise(), notebook: panel.content.model.toJSON() },
      document: () => makeDocument(panel),
      primary: "jp-Dialog-button jp-mod-accept jp-mod-styled",
      plain: "jp-Dialog-button jp-mod-reject jp-mod-styled",
    });
    const body = new libraries.widgets.Widget({ node });
    const saved = panel.context.save().catch((error) => console.warn(error));
    await showDialog({
      title: say("Hand in"),
      body,
      buttons: [Dialog.cancelButton({ label: say("Close") })],
      focusNodeSelector: ".hand-in button",
    });
    await saved;
  }

  // After the last question, or when none is open any more: where to go. Said once for each of the two.
  let told = "";
  function showWay(panel, all) {
    const { store, site, exercise } = window.playbook;
    const own = described();
    const latest = all.length ? all[all.length - 1].question : "";
    if (!own || !latest) {
      return;
    }
    const record = store.read();
    const now = window.playbookStanding.of(record.exercises[exercise()], own);
    const atEnd = latest === own.questions[own.questions.length - 1][0];
    const state = now.complete ? "complete" : atEnd && all[all.length - 1].outcome !== "unattempted" ? "end" : "";
    if (!state || state === told) {
      return;
    }
    told = state;
    const next = window.playbookStanding.next({ ...record, last: exercise() }, Object.values(site.exercises));
    const actions = [
      [say("Hand in"), () => handIn(panel)],
      [say("City Playbook"), () => makeDocument(panel)],
    ];
    if (next && next.exercise !== exercise()) {
      const go = () => {
        location.href = new URL(`../${next.page}`, window.playbook.root).href;
      };
      actions.push([say("The next chapter: {title}", { title: next.title }), go]);
    }
    const left = now.asked - now.right;
    const words = now.complete
      ? say("This chapter is complete.")
      : sayMany(
          "This was the last question; {left} is still open. You can hand in and go on, and come back to it.",
          "This was the last question; {left} are still open. You can hand in and go on, and come back to them.",
          left,
          { left },
        );
    notice("way", words, actions);
  }

  // The City Playbook as it stands, for the button on the course's first page.
  async function keepDocument(panel) {
    const html = await kernelOf(panel)?.document();
    if (html) {
      await window.playbook.store.keepDocument(html);
    }
    return html;
  }

  async function makeDocument(panel) {
    await panel.sessionContext.ready;
    const html = await keepDocument(panel);
    if (html) {
      save(html, "text/html", "city-playbook.html");
    } else {
      notice(
        "document",
        say("Your City Playbook is empty yet: answer and check a question that belongs to it."),
      );
    }
  }

  function kernelOf(panel) {
    const id = panel.sessionContext.session?.kernel?.id;
    return [...window.playbook.kernels].find((kernel) => kernel.id === id);
  }

  // A cell that does not end: interrupted where the browser allows it, else Python starts anew.
  async function stop(panel) {
    const kernel = kernelOf(panel);
    if (kernel && kernel.canInterrupt) {
      kernel.interrupt();
      return;
    }
    const { button } = await showDialog({
      title: say("Stop the running cell?"),
      body: say(
        "Python starts anew. Your notebook and everything written in it stay; only the values computed so " +
          "far are gone, and come back with Run all.",
      ),
      buttons: [Dialog.cancelButton({ label: say("Let it run") }), Dialog.warnButton({ label: say("Stop") })],
    });
    if (button.accept) {
      await panel.sessionContext.session?.kernel?.restart();
    }
  }

  async function keep(panel) {
    const { fresh } = window.playbook;
    if (await heed(libraries, panel)) {
      fresh.forget();
    }
    const all = keepResults(panel.content.model, window.playbook.exercise(), panel.context.path, fresh.has);
    const city = all.length ? all[all.length - 1].case : "";
    const { trainee } = window.playbook.store.read();
    const model = panel.content.model;
    const before = model.getMetadata("playbook") || {};
    const said = { ...before, ...(trainee && { trainee }), ...(city && { case: city }) };
    if (JSON.stringify(said) !== JSON.stringify(before)) {
      model.setMetadata("playbook", said);
    }
    showWay(panel, all);
  }

  async function ready(panel) {
    await panel.context.ready;
    document.getElementById("playbook-loading")?.remove();
    const slug = window.playbook.exercise();
    const file = panel.context.path;
    const { store } = window.playbook;
    const give = () => download(panel);
    window.playbook.panel = panel;
    store.change((record) => {
      store.exercise(record, slug).opened = new Date().toISOString();
      record.last = slug;
    });
    panel.context.saveState.connect((_, state) => {
      if (state === "completed") {
        store.change((record) => {
          store.exercise(record, slug).file = file;
        });
      }
    });
    oneAtATime(panel.context);
    putBack(panel, file);
    watchAccess(panel);
    const silent = watchTabs(panel, file, give);
    window.playbook.drafts = keepDrafts(panel, file, silent);
    window.playbook.fresh = watchFresh(panel, (cell) => cells.CodeCell.execute(cell, panel.sessionContext));
    watchVersion(slug, file);
    await watchStorage(panel, give);
    await knowTrainee(libraries, panel);
    if (location.hash === "#panel" || hasWidgets(panel)) {
      await wakePanel(panel);
    }
  }

  function hasWidgets(panel) {
    return panel.content.widgets.some((cell) =>
      (cell.model.outputs?.toJSON() || []).some((output) => output.data && WIDGET in output.data),
    );
  }

  // A panel lives as long as its Python: who comes back, or comes for the panel, finds it running.
  async function wakePanel(panel) {
    await panel.sessionContext.ready;
    for (const cell of panel.content.widgets) {
      if (cell.model.getMetadata("playbook")?.question) {
        return;
      }
      if (cell.model.type === "code" && !window.playbook.fresh.has(cell.model)) {
        window.playbook.fresh.started(cell);
        await cells.CodeCell.execute(cell, panel.sessionContext);
      }
      if (location.hash === "#panel" && cell.model.getMetadata("playbook")?.panel) {
        cell.node.scrollIntoView();
      }
    }
  }

  return {
    id: "playbook-browser:notebook",
    description: "Check, download, stop; progress and care for saved work.",
    autoStart: true,
    requires: [notebook.INotebookTracker],
    optional: [apputils.IThemeManager],
    activate: (app, tracker, themes) => {
      // JupyterLab looks at the system's colours when it opens; this follows them when they change.
      const dark = window.matchMedia("(prefers-color-scheme: dark)");
      dark.addEventListener("change", () => {
        if (!window.playbook.alone) {
          themes?.setTheme(dark.matches ? themes.preferredDarkTheme : themes.preferredLightTheme);
        }
      });
      const add = (id, label, caption, act) =>
        app.commands.addCommand(id, {
          label,
          caption,
          isEnabled: () => tracker.currentWidget !== null,
          execute: () => tracker.currentWidget && act(tracker.currentWidget),
        });
      add("playbook:course", say("Course"), say("Back to the course's pages"), () => {
        location.href = new URL("../index.html", window.playbook.root).href;
      });
      add("playbook:run-all", say("Run all"), say("Run every cell from the first to the last"), async (panel) => {
        await panel.sessionContext.ready;
        return notebook.NotebookActions.runAll(panel.content, panel.sessionContext);
      });
      add("playbook:check", say("Check my work"), say("Run everything and tell how each question stands"), check);
      add("playbook:hand-in", say("Hand in"), say("One file of all chapters, and a receipt"), handIn);
      add("playbook:download", say("Download my work"), say("Save this notebook alone as a file"), download);
      add("playbook:document", say("City Playbook"), say("Your answers so far as one document"), makeDocument);
      add("playbook:stop", say("Stop"), say("Stop a cell that does not end; the notebook stays"), stop);
      tracker.widgetAdded.connect((_, panel) => {
        const shown = window.playbook.alone ? showAlone(libraries, panel, themes) : ready(panel);
        shown.catch((error) => console.error(error));
      });
      notebook.NotebookActions.executed.connect((_, { notebook: content }) => {
        const panel = tracker.find((candidate) => candidate.content === content);
        if (panel) {
          window.playbook.drafts?.ran();
          keep(panel).catch((error) => console.error(error));
        }
      });
    },
  };
}
