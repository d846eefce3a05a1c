// Keys of the page that shows one answer after another. Without this script its forms and links do the same.
"use strict";
const byId = (id) => document.getElementById(id);
const judge = byId("judge");
const comment = byId("comment");

function keep() {
  if (judge.querySelector("input:checked")) judge.submit();
  else byId("said").textContent = "Choose points first: press their key.";
}

function choose(halves) {
  const radio = judge.querySelector(`input[value="${halves}"]`);
  if (!radio) {
    byId("said").textContent = `No answer here can have ${halves / 2} points.`;
    return;
  }
  radio.checked = true;
  byId("said").textContent = "";
}

function inComment(event) {
  if (event.key === "Escape") comment.blur();
  else if (event.key === "Enter" && !event.shiftKey) keep();
  else return;
  event.preventDefault();
}

const go = (id) => byId(id)?.click();
const keys = {
  u: () => byId("undo").submit(),
  n: () => go("open"),
  ArrowLeft: () => go("before"),
  ArrowRight: () => go("after"),
};
if (judge) {
  keys.c = () => comment.focus();
  keys.Enter = keep;
  for (let digit = 0; digit < 10; digit += 1) keys[digit] = () => choose(digit);
}

document.addEventListener("keydown", (event) => {
  // Enter that ends a Chinese word is the word's, and keys with Ctrl or Alt are the browser's.
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === comment) {
    inComment(event);
    return;
  }
  if (event.key === "Enter" && event.target.closest("a, button")) return;
  const key = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!key) return;
  event.preventDefault();
  key();
});
