// Shows on the book's pages what this browser remembers of its reader: nothing is sent anywhere.
// The exercises write the record (see the browser edition's store.js); these pages read it.
(function () {
  "use strict";
  var root = new URL("..", document.currentScript.src).pathname;
  var key = "playbook:" + root;

  function read() {
    try {
      var record = JSON.parse(localStorage.getItem(key));
      return record && record.version === 1 ? record : null;
    } catch (error) {
      return null;
    }
  }

  function number(value) {
    return String(Math.round(value * 10) / 10);
  }

  function all(selector) {
    return Array.prototype.slice.call(document.querySelectorAll(selector));
  }

  function reached(exercise) {
    var questions = Object.keys(exercise.questions || {}).map(function (id) {
      return exercise.questions[id];
    });
    return {
      points: questions.reduce(function (sum, question) {
        return sum + (question.points || 0);
      }, 0),
      passed: questions.filter(function (question) {
        return question.outcome === "passed";
      }).length,
      open: questions.filter(function (question) {
        return question.outcome !== "passed" && question.outcome !== "recorded";
      }).length,
      asked: questions.length,
    };
  }

  function show(place, exercise) {
    var total = Number(place.dataset.points);
    var now = reached(exercise);
    var done = now.asked > 0 && now.open === 0 && now.points >= total;
    var words = now.asked
      ? say("{points} of {total} points, {passed} of {asked} questions right", {
          points: number(now.points),
          total: number(total),
          passed: now.passed,
          asked: now.asked,
        })
      : say("begun");
    place.textContent = "";
    var text = document.createElement("span");
    var sign = document.createElement("span");
    sign.setAttribute("aria-hidden", "true");
    sign.textContent = done ? "✓ " : "◐ ";
    text.append(sign, done ? say("Done: {words}", { words: words }) : say("So far: {words}", { words: words }));
    var bar = document.createElement("progress");
    bar.max = total;
    bar.value = now.points;
    bar.setAttribute(
      "aria-label",
      say("Points: {points} of {total}", { points: number(now.points), total: number(total) }),
    );
    place.append(text, bar);
    place.dataset.state = done ? "done" : "begun";
    place.hidden = false;
  }

  function documents(use) {
    return new Promise(function (resolve) {
      try {
        var request = indexedDB.open(key);
        request.onupgradeneeded = function () {
          request.transaction.abort();
        };
        request.onerror = function (event) {
          event.preventDefault();
          resolve(undefined);
        };
        request.onsuccess = function () {
          var asked = use(request.result.transaction("documents").objectStore("documents"));
          asked.onsuccess = function () {
            request.result.close();
            resolve(asked.result);
          };
        };
      } catch (error) {
        resolve(undefined);
      }
    });
  }

  function save(text, type, name) {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: type }));
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(function () {
      URL.revokeObjectURL(link.href);
    }, 60000);
  }

  function deleteDatabase(name) {
    return new Promise(function (resolve) {
      var request = indexedDB.deleteDatabase(name);
      request.onsuccess = request.onerror = request.onblocked = function () {
        resolve();
      };
    });
  }

  function tell(text) {
    all("[data-told]").forEach(function (place) {
      place.textContent = text;
    });
  }

  function clear() {
    var sure = window.confirm(
      say("Clear everything this course keeps in this browser?") +
        "\n\n" +
        say(
          "Your notebooks, your progress and your City Playbook are deleted here and cannot be brought back. " +
            "Save what you want to keep first.",
        ),
    );
    if (!sure) {
      return;
    }
    Object.keys(localStorage).forEach(function (name) {
      if (name === key || name.indexOf(key + ":") === 0) {
        localStorage.removeItem(name);
      }
    });
    var storage = "JupyterLite Storage - " + root + "lite/";
    Promise.all([deleteDatabase(key), deleteDatabase(storage)]).then(function () {
      draw();
      tell(say("Everything this course kept in this browser is cleared."));
    });
  }

  function draw() {
    var record = read();
    all("[data-exercise]").forEach(function (place) {
      var exercise = record && record.exercises[place.dataset.exercise];
      if (exercise) {
        show(place, exercise);
      } else {
        place.hidden = true;
      }
    });
    all("[data-open]").forEach(function (button) {
      if (record && record.exercises[button.dataset.open] && button.dataset.begun) {
        button.firstChild.textContent = button.dataset.begun;
      }
    });
    all("[data-mine]").forEach(function (row) {
      row.hidden = !record;
    });
    all("[data-none]").forEach(function (note) {
      note.hidden = Boolean(record);
    });
    all("[data-resume]").forEach(function (place) {
      place.hidden = !(record && record.last);
      place.textContent = "";
      if (!place.hidden) {
        var title = titleOf(record.last);
        var link = document.createElement("a");
        link.className = "course-button primary";
        link.href = root + "lite/notebooks/index.html?path=" + encodeURIComponent(record.last) + ".ipynb";
        link.textContent = say("Go on where you were: {title}", { title: title });
        place.append(link);
      }
    });
    documents(function (store) {
      return store.count("city-playbook");
    }).then(function (count) {
      all('[data-export="document"]').forEach(function (button) {
        button.hidden = !count;
      });
    });
  }

  function titleOf(slug) {
    var place = document.querySelector('.course-overview [data-exercise="' + slug + '"]');
    return place ? place.parentNode.querySelector("a").textContent : slug;
  }

  function exportRecord() {
    var record = read() || {};
    record.exported = new Date().toISOString();
    save(JSON.stringify(record, null, 1), "application/json", "progress.json");
  }

  function exportDocument() {
    documents(function (store) {
      return store.get("city-playbook");
    }).then(function (html) {
      if (html) {
        save(html, "text/html", "city-playbook.html");
      }
    });
  }

  function start() {
    draw();
    all("[data-export]").forEach(function (button) {
      button.addEventListener("click", button.dataset.export === "record" ? exportRecord : exportDocument);
    });
    all("[data-clear]").forEach(function (button) {
      button.addEventListener("click", clear);
    });
    window.addEventListener("pageshow", draw);
    window.addEventListener("storage", draw);
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
