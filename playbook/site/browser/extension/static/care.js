// Care for saved work: two tabs, a private window, full storage, a newer version of the exercise.

import { close, notice } from "./notices.js";

const ME = Math.random().toString(36).slice(2);
const NEARLY_FULL = 0.9;

// A second tab with the same notebook says so and does not save, until one of the two gives way.
// Returns a function that says whether this tab has given way.
export function watchTabs(panel, file, download) {
  if (!window.BroadcastChannel) {
    return () => false;
  }
  const channel = new BroadcastChannel(`playbook:${window.playbook.root}`);
  const { context } = panel;
  const save = context.save.bind(context);
  let frozen = false;

  function freeze(text, first = []) {
    frozen = true;
    context.save = async () => {};
    const actions = [...first, [say("Work here"), takeOver], [say("Download what is here"), download]];
    notice("tabs", text, actions, { urgent: true });
  }

  function takeOver() {
    frozen = false;
    context.save = save;
    channel.postMessage({ taken: file, by: ME });
  }

  channel.onmessage = ({ data }) => {
    if (data.opened === file && data.by !== ME && !frozen) {
      channel.postMessage({ here: file, to: data.by, by: ME });
    } else if (data.here === file && data.to === ME && !frozen) {
      freeze(
        say(
          "This exercise is open in another tab. To keep the two from overwriting each other, this tab does not save.",
        ),
      );
    } else if (data.taken === file && data.by !== ME) {
      freeze(
        say("You went on in another tab, so this one no longer saves. Reload it to see what was saved there."),
      );
    } else if (data.left === file && frozen) {
      freeze(say("The other tab was closed. Reload this one to go on with what was saved there."), [
        [say("Reload"), () => location.reload()],
      ]);
    }
  };
  channel.postMessage({ opened: file, by: ME });
  window.addEventListener("pagehide", () => {
    if (!frozen) {
      channel.postMessage({ left: file });
    }
  });
  return () => frozen;
}

async function databaseWorks() {
  return new Promise((resolve) => {
    try {
      const request = indexedDB.open("playbook-probe", 1);
      request.onerror = (event) => {
        event.preventDefault();
        resolve(false);
      };
      request.onsuccess = () => {
        request.result.close();
        indexedDB.deleteDatabase("playbook-probe");
        resolve(true);
      };
    } catch {
      resolve(false);
    }
  });
}

// Says before work is lost that nothing is kept, or that there is hardly room left.
export async function watchStorage(panel, download) {
  const offer = [[say("Download my work"), download]];
  if (!(await databaseWorks())) {
    notice(
      "storage",
      say(
        "This browser window keeps nothing (a private window, or storage is switched off): your work is gone " +
          "when you close it. Download it before you leave.",
      ),
      offer,
      { urgent: true },
    );
    return;
  }
  // Where it needs no question to the reader, ask the browser to keep what is stored when space runs short.
  if (navigator.userAgentData && navigator.storage && navigator.storage.persist) {
    navigator.storage.persist().catch((error) => console.warn(error));
  }
  const estimate = navigator.storage && navigator.storage.estimate && (await navigator.storage.estimate());
  if (estimate && estimate.quota && estimate.usage / estimate.quota > NEARLY_FULL) {
    notice(
      "storage",
      say("The storage of this browser is nearly full. Download your work now, then free some space."),
      offer,
      { urgent: true },
    );
  }
  panel.context.saveState.connect((_, state) => {
    if (state === "failed") {
      notice(
        "storage",
        say(
          "Your last changes could not be saved: the storage of this browser is full or closed. Download your " +
            "work now.",
        ),
        offer,
        { urgent: true },
      );
    } else if (state === "completed") {
      close("storage");
    }
  });
}

// Saved work stays under the version it was begun with; a newer version is announced, not imposed.
export function watchVersion(slug, file) {
  const known = window.playbook.site.exercises[slug];
  if (known && known.file !== file) {
    notice(
      "version",
      say("There is a newer version of this exercise. What you have done here stays as it is."),
      [
        [
          say("Open the newer version"),
          () => {
            location.search = `?path=${encodeURIComponent(known.file)}`;
          },
        ],
      ],
    );
  }
}
