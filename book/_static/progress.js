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

  function all(selector) {
    return Array.prototype.slice.call(document.querySelectorAll(selector));
  }

  var standing = window.playbookStanding;

  function described(place) {
    return JSON.parse(place.dataset.about);
  }

  // The exercises in their order, as the overview lists them.
  function exercises() {
    return all(".course-overview [data-exercise]").map(described);
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
      var now = exercise && standing.of(exercise, described(place));
      place.hidden = !exercise;
      if (now && now.begun) {
        standing.show(place, now);
      } else {
        place.textContent = say("begun");
        place.removeAttribute("data-state");
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
        place.append(wayOn(record));
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

  // The next open chapter: into its exercise where that is begun, to its page where it is not.
  function wayOn(record) {
    var next = standing.next(record, exercises());
    var link = document.createElement("a");
    link.className = "course-button primary";
    if (!next) {
      link.href = root + "book/hand-in.html";
      link.textContent = say("Every chapter is complete: hand in");
      return link;
    }
    var begun = Boolean(record.exercises[next.exercise]);
    link.href = root + (begun ? next.live : next.page);
    link.textContent = begun
      ? say("Go on with {title}", { title: next.title })
      : say("The next chapter: {title}", { title: next.title });
    return link;
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
