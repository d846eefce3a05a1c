// Messages that stay until they are answered or no longer true; and short dialogs.

let region = null;
const shown = new Map();

function place() {
  if (!region) {
    region = document.createElement("section");
    region.className = "playbook-notices";
    region.setAttribute("aria-label", say("Messages"));
    document.body.append(region);
  }
  return region;
}

// Show a message under a key (one at a time per key).
// actions: [[label, function]]; a message is closed by any of them, and by its own button.
export function notice(key, text, actions = [], { urgent = false } = {}) {
  close(key);
  const box = document.createElement("div");
  box.className = urgent ? "playbook-notice urgent" : "playbook-notice";
  box.dataset.notice = key;
  box.setAttribute("role", urgent ? "alert" : "status");
  const words = document.createElement("p");
  words.textContent = text;
  box.append(words);
  const row = document.createElement("p");
  for (const [label, act] of [...actions, [say("Close"), null]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => {
      close(key);
      if (act) {
        act();
      }
    });
    row.append(button);
  }
  box.append(row);
  place().append(box);
  shown.set(key, box);
}

export function close(key) {
  const box = shown.get(key);
  if (box) {
    box.remove();
    shown.delete(key);
  }
}
