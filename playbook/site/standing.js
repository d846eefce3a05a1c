// How far a reader is, in the same words and with the same bar everywhere: on the book's pages, in the exercises'
// messages and on the receipt. A notebook's own results say it as playbook/exercises/view.py does.
//
// An exercise is described by {exercise, title, points, page, questions: [[id, title, stretch], ...]}; what was
// reached of it is the browser's record (site/browser/page/store.js).
(function () {
  "use strict";

  function settled(question) {
    return Boolean(question) && (question.outcome === "passed" || question.outcome === "recorded");
  }

  function number(value) {
    return String(Math.round(value * 10) / 10);
  }

  function of(kept, described) {
    var reached = (kept && kept.questions) || {};
    var tried = Object.keys(reached).filter(function (id) {
      return reached[id].outcome !== "unattempted";
    });
    var open = described.questions.filter(function (one) {
      return !settled(reached[one[0]]);
    });
    function sum(field, wanted) {
      return tried.reduce(function (total, id) {
        return total + (wanted(reached[id]) ? reached[id][field] || 0 : 0);
      }, 0);
    }
    return {
      begun: tried.length > 0,
      points: sum("points", Boolean),
      later: sum("max_points", function (question) {
        return question.outcome === "recorded";
      }),
      total: described.points,
      asked: described.questions.length,
      right: described.questions.length - open.length,
      open: open.map(function (one) {
        return one[1];
      }),
      complete:
        tried.length > 0 &&
        open.every(function (one) {
          return one[2];
        }),
    };
  }

  function points(now) {
    var gaps = { points: number(now.points), total: number(now.total), later: number(now.later || 0) };
    return now.later
      ? say("{points} of {total} points; up to {later} more when you hand in", gaps)
      : say("{points} of {total} points", gaps);
  }

  function words(now) {
    var left = now.asked - now.right;
    return now.complete
      ? say("{points}, complete", { points: points(now) })
      : sayMany("{points}, {left} question open", "{points}, {left} questions open", left, {
          points: points(now),
          left: left,
        });
  }

  function bar(now) {
    var element = document.createElement("progress");
    element.max = now.total || 1;
    element.value = now.points;
    element.setAttribute("aria-label", points(now));
    return element;
  }

  // Sign, words and bar of an exercise that is begun, put into a place.
  function show(place, now) {
    var text = document.createElement("span");
    var sign = document.createElement("span");
    sign.setAttribute("aria-hidden", "true");
    sign.textContent = now.complete ? "✓ " : "◐ ";
    text.append(sign, words(now));
    place.textContent = "";
    place.append(text, bar(now));
    place.dataset.state = now.complete ? "done" : "begun";
  }

  // The chapter to go on with: the one that was worked on last while it is open, else the next open one behind it,
  // else the first open one; nothing when all are complete.
  function next(record, all) {
    var last = all.findIndex(function (one) {
      return one.exercise === record.last;
    });
    var turned = all.slice(Math.max(last, 0)).concat(all.slice(0, Math.max(last, 0)));
    return turned.find(function (one) {
      return !of(record.exercises[one.exercise], one).complete;
    });
  }

  window.playbookStanding = { of: of, points: points, words: words, bar: bar, show: show, next: next };
})();
