// A page that holds the course in a frame, or opened it in a window, may ask how far one exercise is: a package for a
// learning platform does. It is told outcomes and points of that exercise, and nothing else. Anybody else is not
// answered.
(function () {
  "use strict";
  var script = document.currentScript && document.currentScript.src;
  var page = location.href.split(/[?#]/)[0];
  var key = "playbook:" + new URL(script ? ".." : "../..", script || page).pathname;

  // Whether this browser lets the page keep anything: in a frame of another site it may not.
  function keeps() {
    try {
      return Boolean(localStorage);
    } catch (error) {
      return false;
    }
  }

  function questions(exercise) {
    try {
      var kept = JSON.parse(localStorage.getItem(key)).exercises[exercise].questions;
      return Object.keys(kept).reduce(function (found, id) {
        var one = kept[id];
        found[id] = { outcome: one.outcome, points: one.points, max_points: one.max_points };
        return found;
      }, {});
    } catch (error) {
      return {};
    }
  }

  window.addEventListener("message", function (event) {
    var asked = event.data;
    var ours = event.source !== window && (event.source === window.parent || event.source === window.opener);
    if (ours && asked && asked.playbook === "standing?") {
      var answer = { playbook: "standing", exercise: asked.exercise, keeps: keeps(), questions: questions(asked.exercise) };
      event.source.postMessage(answer, event.origin);
    }
  });
})();
