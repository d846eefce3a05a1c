// SCORM 1.2: the platform's API stands in a frame around this page or in the window that opened it. A score is a
// percentage, a status one word.
(() => {
  "use strict";
  const DEEP = 10; // frames that are looked through
  const began = Date.now();
  let api = null;
  let stopped = false;

  function above(start) {
    let one = start;
    for (let depth = 0; one && depth < DEEP; depth += 1) {
      try {
        if (one.API) {
          return one.API;
        }
      } catch {
        return null; // a frame of another site
      }
      if (one.parent === one) {
        return null;
      }
      one = one.parent;
    }
    return null;
  }

  function must(done, what) {
    if (String(done) !== "true") {
      const code = api.LMSGetLastError();
      throw new Error(`${what}: ${code} ${api.LMSGetErrorString(code)}`);
    }
  }

  function put(name, value) {
    must(api.LMSSetValue(name, value), name);
  }

  function duration(milliseconds) {
    const seconds = Math.floor(milliseconds / 1000);
    const two = (number) => String(number).padStart(2, "0");
    return `${String(Math.floor(seconds / 3600)).padStart(4, "0")}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  }

  window.playbookPlatform = {
    async start() {
      api = above(window) || (window.opener && above(window.opener));
      if (!api) {
        throw new Error(say("open the chapter from your course there"));
      }
      must(api.LMSInitialize(""), "LMSInitialize");
      const status = api.LMSGetValue("cmi.core.lesson_status");
      const raw = parseFloat(api.LMSGetValue("cmi.core.score.raw"));
      if (status === "not attempted" || status === "") {
        put("cmi.core.lesson_status", "incomplete");
        must(api.LMSCommit(""), "LMSCommit");
      }
      // `failed` is the platform's own word, for a score below the least one: whoever is halfway has it too.
      return { share: Number.isFinite(raw) ? raw / 100 : -1, complete: ["passed", "completed"].includes(status) };
    },
    async report(now) {
      api.LMSSetValue("cmi.core.score.min", "0"); // a platform need not have these two
      api.LMSSetValue("cmi.core.score.max", "100");
      put("cmi.core.score.raw", String(Math.round(now.share * 10000) / 100));
      put("cmi.core.lesson_status", now.passed ? "passed" : now.complete ? "completed" : "incomplete");
      must(api.LMSCommit(""), "LMSCommit");
    },
    stop() {
      if (api && !stopped) {
        stopped = true;
        api.LMSSetValue("cmi.core.session_time", duration(Date.now() - began));
        api.LMSSetValue("cmi.core.exit", "suspend");
        api.LMSCommit("");
        api.LMSFinish("");
      }
    },
  };
})();
