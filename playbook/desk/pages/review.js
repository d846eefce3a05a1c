// Keys of the page that shows one answer after another. Without this script its forms and links do the same.
"use strict";
const byId = (id) => document.getElementById(id);
const judge = byId("judge");
const comment = byId("comment");

const tell = (words) => {
  byId("said").textContent = words;
};
let leaving = false;
let warned = false;
addEventListener("pageshow", () => {
  leaving = false; // the browser's own way back shows the page as it was left
});

// A command that has ended answers nothing: then this page stays as it is, with what was typed.
async function leave(go) {
  if (leaving) return;
  leaving = true;
  try {
    await fetch(location.pathname, { cache: "no-store" });
  } catch {
    leaving = false;
    tell(
      "The command has ended, and this is not kept; all that you kept before is. Copy your comment if you " +
        "need it, start the command again, and open the address that it prints.",
    );
    return;
  }
  go();
}

// What stands here and is not kept; empty where nothing is.
function unkept() {
  if (!judge) return "";
  if (comment.value !== comment.defaultValue) return "Your comment is";
  const chosen = judge.querySelector("input[name=halves]:checked");
  return chosen && !chosen.defaultChecked ? "Your points are" : "";
}

// Away from an answer without keeping it: said once where something would be lost.
function away(go) {
  const what = unkept();
  if (what && !warned) {
    warned = true;
    tell(`${what} not kept yet: Enter keeps ${what.endsWith("are") ? "them" : "it"}. Do the same once more to go on without.`);
    return;
  }
  leave(go);
}

function keep() {
  const [long, most] = [[...comment.value.trim()].length, Number(comment.dataset.most)];
  if (!judge.querySelector("input[name=halves]:checked")) tell("Choose points first: press their key.");
  else if (long > most) tell(`Your comment has ${long} characters; it may have ${most}. Shorten it first.`);
  else leave(() => judge.submit());
}

function choose(halves) {
  const radio = judge.querySelector(`input[name="halves"][value="${halves}"]`);
  if (!radio) {
    tell(`No answer here can have ${halves / 2} points.`);
    return;
  }
  radio.checked = true;
  warned = false;
  tell("");
}

function inComment(event) {
  if (event.key === "Escape") comment.blur();
  else if (event.key === "Enter" && !event.shiftKey) keep();
  else return;
  event.preventDefault();
}

const go = (id) => byId(id)?.click();
const keys = {
  u: () => away(() => byId("undo").submit()),
  n: () => go("open"),
  ArrowLeft: () => go("before"),
  ArrowRight: () => go("after"),
};
if (judge) {
  keys.c = () => comment.focus();
  keys.Enter = keep;
  for (let digit = 0; digit < 10; digit += 1) keys[digit] = () => choose(digit);
}

for (const link of document.querySelectorAll("nav a")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    away(() => location.assign(link.href));
  });
}
judge?.addEventListener("input", () => {
  warned = false;
});
judge?.addEventListener("submit", (event) => {
  event.preventDefault();
  keep();
});
byId("undo").addEventListener("submit", (event) => {
  event.preventDefault();
  keys.u();
});

document.addEventListener("keydown", (event) => {
  // Enter that ends a Chinese word is the word's, and keys with Ctrl or Alt are the browser's.
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
  if (leaving) {
    event.preventDefault();
    return;
  }
  if (event.target === comment) {
    inComment(event);
    return;
  }
  if (event.key === "Enter" && event.target.closest("a, button")) return;
  const key = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!key) return;
  event.preventDefault();
  if (!event.repeat) key(); // a key that is held down would act again on every page that it leads to
});
