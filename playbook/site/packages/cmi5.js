// cmi5: the platform opens this page with the address of its record store and of a token. Statements: initialized,
// completed, passed, terminated; each at most once in a session, as the standard wants. Half points stand in the
// scaled score alone, since raw points are whole numbers there.
(() => {
  "use strict";
  const VERBS = "http://adlnet.gov/expapi/verbs/";
  const CATEGORIES = "https://w3id.org/xapi/cmi5/context/categories/";
  const MASTERY = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore";
  const began = Date.now();
  const sent = new Set();
  let told = null;
  let token = "";
  let launch = null;

  function asked() {
    const query = new URLSearchParams(location.search);
    const found = {};
    for (const name of ["endpoint", "fetch", "actor", "registration", "activityId"]) {
      found[name] = query.get(name);
      if (!found[name]) {
        throw new Error(say("open the chapter from your course there"));
      }
    }
    found.actor = JSON.parse(found.actor);
    found.endpoint = found.endpoint.replace(/\/?$/, "/");
    return found;
  }

  async function call(path, query, options = {}) {
    const address = `${told.endpoint}${path}?${new URLSearchParams(query)}`;
    const headers = { Authorization: `Basic ${token}`, "X-Experience-API-Version": "1.0.3", ...options.headers };
    const answer = await fetch(address, { ...options, headers });
    if (!answer.ok && answer.status !== 404) {
      throw new Error(`${path}: ${answer.status}`);
    }
    return answer;
  }

  // crypto.randomUUID is missing on platforms without https.
  function identifier() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const digits = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  function statement(verb, result) {
    const context = structuredClone(launch.contextTemplate || {});
    context.registration = told.registration;
    context.contextActivities = context.contextActivities || {};
    const category = [{ id: `${CATEGORIES}cmi5` }];
    if (verb === "completed" || verb === "passed") {
      category.push({ id: `${CATEGORIES}moveon` });
    }
    context.contextActivities.category = [...(context.contextActivities.category || []), ...category];
    if (verb === "passed" && typeof launch.masteryScore === "number") {
      context.extensions = { ...context.extensions, [MASTERY]: launch.masteryScore };
    }
    return {
      id: identifier(),
      actor: told.actor,
      verb: { id: VERBS + verb, display: { en: verb } },
      object: { objectType: "Activity", id: told.activityId },
      context,
      timestamp: new Date().toISOString(),
      ...(result ? { result } : {}),
    };
  }

  async function send(verb, result, keepalive = false) {
    if (sent.has(verb)) {
      return;
    }
    const one = statement(verb, result);
    const headers = { "Content-Type": "application/json" };
    await call("statements", { statementId: one.id }, { method: "PUT", headers, body: JSON.stringify(one), keepalive });
    sent.add(verb);
  }

  // A registration gets `completed` and `passed` once, in whatever session.
  async function sentBefore() {
    const who = JSON.stringify(told.actor);
    for (const verb of ["completed", "passed"]) {
      const query = { agent: who, activity: told.activityId, registration: told.registration, verb: VERBS + verb, limit: 1 };
      const found = await (await call("statements", query)).json();
      if ((found.statements || []).length) {
        sent.add(verb);
      }
    }
  }

  function duration() {
    return `PT${((Date.now() - began) / 1000).toFixed(2)}S`;
  }

  function score(now) {
    const whole = Number.isInteger(now.points) && Number.isInteger(now.total);
    const scaled = Math.round(now.share * 10000) / 10000;
    return whole ? { scaled, raw: now.points, min: 0, max: now.total } : { scaled };
  }

  window.playbookPlatform = {
    async start() {
      told = asked();
      const answer = await (await fetch(told.fetch, { method: "POST" })).json();
      token = answer["auth-token"];
      if (!token) {
        throw new Error(answer["error-text"] || "auth-token");
      }
      const who = JSON.stringify(told.actor);
      const where = { activityId: told.activityId, agent: who, registration: told.registration, stateId: "LMS.LaunchData" };
      launch = await (await call("activities/state", where)).json();
      await call("agents/profile", { agent: who, profileId: "cmi5LearnerPreferences" });
      await sentBefore();
      await send("initialized");
      return { share: -1, complete: false };
    },
    async report(now) {
      if (launch.launchMode && launch.launchMode !== "Normal") {
        return; // the platform shows the course and records nothing
      }
      if (now.complete) {
        await send("completed", { completion: true, duration: duration() });
      }
      const least = typeof launch.masteryScore === "number" ? launch.masteryScore : 0;
      if (now.complete && now.share >= least && now.passed) {
        await send("passed", { success: true, score: score(now), duration: duration() });
      }
    },
    stop() {
      if (launch && sent.has("initialized")) {
        send("terminated", { duration: duration() }, true).catch(() => {});
      }
    },
  };
})();
