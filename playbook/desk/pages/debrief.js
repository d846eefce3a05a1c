"use strict";
// Shows one month of the replay at a time; without it, the months stand below each other.
(() => {
  const stage = document.getElementById("replay");
  if (!stage) return;
  const frames = [...stage.querySelectorAll(".frame")];
  const play = document.getElementById("play");
  const slider = document.getElementById("month");
  let at = 0;
  let timer = 0;
  const show = (month) => {
    at = Math.min(Math.max(month, 0), frames.length - 1);
    frames.forEach((frame, number) => { frame.hidden = number !== at; });
    slider.value = String(at + 1);
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = play.dataset.play;
  };
  const toggle = () => {
    if (timer) { stop(); return; }
    if (at === frames.length - 1) show(0);
    play.textContent = play.dataset.pause;
    timer = setInterval(() => {
      show(at + 1);
      if (at === frames.length - 1) stop();
    }, 1200);
  };
  const move = (month) => { stop(); show(month); };
  play.addEventListener("click", toggle);
  document.getElementById("back").addEventListener("click", () => move(at - 1));
  document.getElementById("on").addEventListener("click", () => move(at + 1));
  slider.addEventListener("input", () => move(Number(slider.value) - 1));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target === slider) return;
    const onButton = event.target instanceof HTMLButtonElement;
    const moves = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: frames.length - 1 };
    if (event.key === " " && !onButton) toggle();
    else if (event.key in moves) move(moves[event.key]);
    else return;
    event.preventDefault();
  });
  document.getElementById("controls").hidden = false;
  show(0);
})();
