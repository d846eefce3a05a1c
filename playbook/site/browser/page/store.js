// What the browser remembers of a trainee: one record in this origin's own storage, sent nowhere.
// Loaded by the exercises' page; the book's pages read the same record (book/_static/progress.js).
//
// localStorage["playbook:<path of the site>"] = {
//   version: 1, trainee, case, last: slug,
//   exercises: {slug: {file, opened, release, max_points, questions: {id: {outcome, points, max_points, at}}}}}
(function () {
  "use strict";
  var root = new URL("../..", location.href.split(/[?#]/)[0]).pathname;
  var key = "playbook:" + root;
  var memory = null;

  function empty() {
    return { version: 1, trainee: "", case: "", last: "", exercises: {} };
  }

  function read() {
    if (memory) {
      return memory;
    }
    try {
      var record = JSON.parse(localStorage.getItem(key));
      return record && record.version === 1 ? record : empty();
    } catch (error) {
      return empty();
    }
  }

  // Returns whether the record will still be there after the tab is closed.
  function write(record) {
    try {
      localStorage.setItem(key, JSON.stringify(record));
      memory = null;
      return true;
    } catch (error) {
      memory = record;
      return false;
    }
  }

  function change(edit) {
    var record = read();
    edit(record);
    return write(record);
  }

  function exercise(record, slug) {
    record.exercises[slug] = record.exercises[slug] || { questions: {} };
    return record.exercises[slug];
  }

  // The City Playbook and the answers it is made from are too large for that record: they have a
  // database of their own.
  function documents(mode, use) {
    return new Promise(function (resolve, reject) {
      var request = indexedDB.open(key, 1);
      request.onupgradeneeded = function () {
        request.result.createObjectStore("documents");
      };
      request.onerror = function () {
        reject(request.error);
      };
      request.onsuccess = function () {
        var transaction = request.result.transaction("documents", mode);
        var asked = use(transaction.objectStore("documents"));
        transaction.oncomplete = function () {
          request.result.close();
          resolve(asked.result);
        };
        transaction.onerror = function () {
          reject(transaction.error);
        };
      };
    });
  }

  window.playbook = {
    store: {
      key: key,
      read: read,
      change: change,
      exercise: exercise,
      keepDocument: function (html) {
        return documents("readwrite", function (store) {
          return store.put(html, "city-playbook");
        });
      },
      answers: function () {
        return documents("readonly", function (store) {
          return store.get("answers");
        });
      },
      // Of each exercise the answers that its own notebook noted; those of another city go.
      keepAnswers: function (text, slug) {
        var noted = JSON.parse(text);
        return documents("readonly", function (store) {
          return store.get("answers");
        }).then(function (before) {
          var kept = before ? JSON.parse(before) : {};
          var same = kept.case === noted.case;
          var answers = same ? Object.assign({}, kept.answers) : {};
          answers[slug] = noted.answers[slug] || answers[slug];
          noted.answers = answers;
          return documents("readwrite", function (store) {
            return store.put(JSON.stringify(noted), "answers");
          });
        });
      },
    },
  };
})();
