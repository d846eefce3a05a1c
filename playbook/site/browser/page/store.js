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

  function pick(record, names) {
    var picked = {};
    names.forEach(function (name) {
      picked[name] = record[name];
    });
    return picked;
  }

  // Answers that a tab noted and could not put into the database any more.
  function pending() {
    var found = [];
    var start = key + ":answers:";
    try {
      for (var place = 0; place < localStorage.length; place++) {
        var name = localStorage.key(place);
        if (name.indexOf(start) === 0) {
          found.push({ slug: name.slice(start.length), text: localStorage.getItem(name) });
        }
      }
    } catch (error) {
      return [];
    }
    return found;
  }

  // What is stored, with what the notebook of one exercise has noted since (see playbook/exercises/answers.py).
  function merged(before, text, slug) {
    var noted = JSON.parse(text);
    var kept = before ? JSON.parse(before) : {};
    var people = Object.assign({}, kept.people);
    if (kept.answers) {
      // Written before answers had owners.
      var owner = (kept.trainee || "").normalize("NFKC").toLowerCase().replace(/\s+/g, "") + " " + kept.case;
      people[owner] = { trainee: kept.trainee, case: kept.case, answers: kept.answers };
    }
    Object.keys(noted.people).forEach(function (one) {
      var own = noted.people[one];
      var before = people[one] || {};
      people[one] = { trainee: own.trainee, case: own.case };
      ["answers", "tries"].forEach(function (kind) {
        var of = Object.assign({}, own[kind], before[kind]);
        if (own[kind] && own[kind][slug]) {
          of[slug] = own[kind][slug];
        }
        people[one][kind] = of;
      });
    });
    return JSON.stringify({ version: 2, last: noted.last, people: people });
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
        }).then(function (text) {
          return pending().reduce(function (before, one) {
            return merged(before, one.text, one.slug);
          }, text);
        });
      },
      // Of each person and city: of each exercise the answers that its own notebook noted. Nobody's go.
      // Written down at once too, for a tab that closes before the database has taken them.
      keepAnswers: function (text, slug) {
        try {
          localStorage.setItem(key + ":answers:" + slug, text);
        } catch (error) {
          // Too large for here; the database takes it.
        }
        return documents("readwrite", function (store) {
          var asked = store.get("answers");
          asked.onsuccess = function () {
            store.put(merged(asked.result, text, slug), "answers");
          };
          return asked;
        }).then(function () {
          if (localStorage.getItem(key + ":answers:" + slug) === text) {
            localStorage.removeItem(key + ":answers:" + slug);
          }
        });
      },
      // Somebody else is at this computer: what they reached comes back, what the other reached is kept.
      become: function (name, person) {
        return change(function (record) {
          var people = record.people || {};
          var own = ["trainee", "case", "last", "exercises"];
          var other = people[person(name)] || empty();
          people[person(record.trainee)] = pick(record, own);
          delete people[person(name)];
          Object.assign(record, pick(other, own), { trainee: name, people: people });
        });
      },
    },
  };
})();
