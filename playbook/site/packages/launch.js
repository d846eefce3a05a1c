// The page of a package for a learning platform: it opens one chapter of the published course, in a window of its own
// or in a frame, asks it how far the trainee is, and reports that through `playbookPlatform` (scorm12.js or cmi5.js).
// It never reports less than it has reported before.
(() => {
  "use strict";
  const EVERY = 2000; // milliseconds between two questions to the course
  const about = JSON.parse(document.getElementById("about").textContent);
  const platform = window.playbookPlatform;
  const line = document.getElementById("line");
  const frame = document.getElementById("chapter");
  let opened = null;
  let before = { share: -1, complete: false };
  let reporting = Promise.resolve();

  function tell(text) {
    line.textContent = text;
  }

  function ask() {
    for (const one of [frame.hidden ? null : frame.contentWindow, opened]) {
      if (one && !one.closed) {
        one.postMessage({ playbook: "standing?", exercise: about.exercise }, about.origin);
      }
    }
  }

  function take(questions) {
    const now = window.playbookStanding.of({ questions }, about);
    const share = now.total ? Math.min(now.points / now.total, 1) : 0;
    if (!now.begun || !Number.isFinite(share)) {
      return;
    }
    const better = share > before.share || (now.complete && !before.complete);
    if (!better) {
      return;
    }
    before = { share: Math.max(share, before.share), complete: now.complete || before.complete };
    const words = window.playbookStanding.words(now);
    const told = { ...before, passed: before.complete && before.share >= about.mastery, points: now.points, total: now.total };
    reporting = reporting
      .then(() => platform.report(told))
      .then(() => tell(say("{standing}. Your learning platform knows.", { standing: words })))
      .catch((error) => {
        before = { share: -1, complete: false };
        tell(say("Your learning platform did not take it: {reason}. It is tried again.", { reason: error.message }));
      });
  }

  window.addEventListener("message", (event) => {
    const said = event.data;
    if (event.origin !== about.origin || !said || said.playbook !== "standing" || said.exercise !== about.exercise) {
      return;
    }
    if (said.keeps) {
      take(said.questions || {});
    } else {
      tell(say("Your browser keeps nothing for a course that is shown in this page. Open the chapter in its own window."));
    }
  });
  window.addEventListener("pagehide", () => platform.stop());

  const open = document.getElementById("open");
  const here = document.getElementById("here");
  open.textContent = say("Open the chapter");
  here.textContent = say("Show it in this page");
  frame.title = about.title;
  open.addEventListener("click", () => {
    opened = window.open(about.address, "playbook-chapter");
    tell(say("Leave this page open: it reports how far you are."));
    setTimeout(() => {
      if (!opened || opened.closed) {
        tell(say("This page cannot hear the window: it was blocked, or the course keeps its windows apart. Show the chapter in this page."));
      }
    }, EVERY);
  });
  here.addEventListener("click", () => {
    frame.hidden = false;
    frame.src = about.address;
  });
  platform
    .start(about)
    .then((kept) => {
      before = { share: kept.share, complete: kept.complete };
      tell(say("Your learning platform hears how far you are."));
      setInterval(ask, EVERY);
    })
    .catch((error) => tell(say("There is no learning platform here: {reason}. Nothing is reported.", { reason: error.message })));
})();
