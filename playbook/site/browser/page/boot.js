// The first thing an exercise's page does: start Python, so that it wakes while JupyterLab is drawn.
// Plain old JavaScript, so that an old browser can still say what is missing.
(function () {
  "use strict";
  var site = JSON.parse(document.getElementById("playbook-site").textContent);
  var root = new URL("..", location.href.split(/[?#]/)[0]).href;
  var asked = decodeURIComponent((/[?&]path=([^&#]*)/.exec(location.search) || ["", ""])[1]);
  var slug = asked.replace(/\.ipynb$/, "").replace(/~[0-9a-f]{8}$/, "");

  // The panel alone, in a frame of a chapter's page: what is saved here is neither read nor written.
  var alone = /[?&]panel(=|&|$)/.test(location.search);

  function current() {
    return site.exercises[slug] || { title: say("This exercise"), file: null };
  }

  function tell(id) {
    var page = document.getElementById("playbook-plain");
    if (!page.hidden) {
      return;
    }
    var loading = document.getElementById("playbook-loading");
    if (loading) {
      loading.hidden = true;
    }
    document.getElementById(id).hidden = false;
    var link = document.getElementById("playbook-plain-download");
    if (current().file) {
      link.href = root + "files/" + current().file;
      link.download = slug + ".ipynb";
    } else {
      link.hidden = true;
    }
    page.hidden = false;
    if (alone) {
      window.parent.postMessage({ playbook: "panel", exercise: slug, failed: true }, location.origin);
    }
  }

  // The book says which exercise; which version of its notebook to open is decided here: the one
  // that was worked on last, so that a new version never hides saved work.
  function choosePath() {
    var query = new URLSearchParams(location.search);
    var known = site.exercises[slug];
    if (!known) {
      return;
    }
    document.title = known.title + " · " + site.title;
    if (asked !== slug + ".ipynb") {
      return;
    }
    var before = (window.playbook.store.read().exercises[slug] || {}).file;
    if (alone || !before || before === known.file) {
      return open(known.file);
    }
    return isSaved(before).then(function (saved) {
      open(saved ? before : known.file);
    });

    function open(file) {
      query.set("path", file);
      history.replaceState(null, "", location.pathname + "?" + query.toString() + location.hash);
    }
  }

  // Whether a notebook is among the saved ones; one that this site no longer has can only be there.
  function isSaved(file) {
    return new Promise(function (resolve) {
      try {
        var request = indexedDB.open("JupyterLite Storage - " + new URL(root).pathname);
        request.onupgradeneeded = function () {
          request.transaction.abort();
        };
        request.onerror = function (event) {
          event.preventDefault();
          resolve(false);
        };
        request.onsuccess = function () {
          var files = request.result.transaction("files").objectStore("files").getKey(file);
          files.onsuccess = function () {
            request.result.close();
            resolve(files.result !== undefined);
          };
          files.onerror = function () {
            resolve(false);
          };
        };
      } catch (error) {
        resolve(false);
      }
    });
  }

  function isTooOld() {
    try {
      return !(
        window.WebAssembly &&
        window.Worker &&
        window.BigInt64Array &&
        window.structuredClone &&
        window.DecompressionStream &&
        Array.prototype.findLast
      );
    } catch (error) {
      return true;
    }
  }

  function configure() {
    var config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
    var base = new URL(root).pathname;
    Object.keys(config).forEach(function (key) {
      if (/Url$/.test(key) && key !== "themesUrl" && key !== "licensesUrl" && /^\.\//.test(config[key])) {
        config[key] = base + config[key].slice(2);
      }
    });
    if (alone) {
      config.enableMemoryStorage = true;
      ["contents", "settings", "workspaces"].forEach(function (kept) {
        config[kept + "StorageDrivers"] = ["memoryStorageDriver"];
      });
    }
    document.getElementById("jupyter-config-data").textContent = JSON.stringify(config);
    var bundle = document.createElement("script");
    bundle.src = document.getElementById("jupyter-lite-main").href;
    bundle.setAttribute("main", "index");
    bundle.onerror = function () {
      tell("playbook-broken");
    };
    document.head.appendChild(bundle);
  }

  function startPython() {
    var worker = new Worker(root + site.extension + "/worker.js");
    var shared = window.crossOriginIsolated ? new Uint8Array(new SharedArrayBuffer(2)) : null;
    var trainee = window.playbook.store.read().trainee;
    var started = {
      worker: worker,
      interruptBuffer: shared,
    };
    worker.onerror = function (event) {
      window.playbook.pythonFailed(event.message || say("the worker could not be loaded"));
    };
    worker.addEventListener("message", function (event) {
      if (event.data.failed) {
        window.playbook.pythonFailed(event.data.failed);
      }
      if (event.data.timings) {
        window.playbook.timings = event.data.timings;
      }
    });
    var city = "case-" + window.playbook.store.read().case;
    var manifest = Object.assign({}, site.manifest, {
      prefetch: site.manifest.prefetch.concat(
        current().archives || [],
        city in site.manifest.archives ? [city] : []
      ),
    });
    var environment = { PLAYBOOK_LANGUAGE: site.language, PLAYBOOK_SITE: new URL("..", root).href };
    if (trainee) {
      environment.PLAYBOOK_TRAINEE = trainee;
    }
    worker.postMessage({
      start: {
        folder: root + "python/",
        manifest: manifest,
        environment: environment,
        words: {
          notLoaded: say("{file} could not be loaded ({status})"),
          gone: say("Is the connection gone?"),
        },
        interruptBuffer: shared,
      },
    });
    return started;
  }

  var playbook = window.playbook;
  playbook.site = site;
  playbook.root = root;
  playbook.alone = alone;
  playbook.kernels = new Set();
  playbook.exercise = function () {
    return slug;
  };
  playbook.pythonFailed = function (reason) {
    document.getElementById("playbook-reason").textContent = reason;
    tell("playbook-no-python");
  };
  // From a folder a browser starts no Python.
  if (location.protocol === "file:") {
    tell("playbook-from-folder");
    return;
  }
  if (isTooOld()) {
    tell("playbook-too-old");
    return;
  }
  var chosen = choosePath();
  var waiting = startPython();
  playbook.takePython = function () {
    var taken = waiting || startPython();
    waiting = null;
    return taken;
  };
  playbook.tell = tell;
  if (chosen) {
    chosen.then(configure, configure);
  } else {
    configure();
  }
})();
