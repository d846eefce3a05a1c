// Python for one notebook, in a worker of its own.
//
// In:  {start: {...}} once, then {id, call, args}.
// Out: {ready: true, timings}, {failed: message}, {id, result} or {id, error},
//      {event, content, buffers} for what a running cell shows,
//      and {answers: text} when a check has noted an answer for the City Playbook.
"use strict";

let python = null;
let kernel = null;
let startup = null;
let interruptible = () => {};
const timings = {};
// What the page says of a file that does not come, by whether the connection may be gone.
let words = {};

const mark = (name) => {
  timings[name] = Math.round(performance.now());
};

function fail(error) {
  postMessage({ failed: String((error && error.message) || error) });
}

// A server that calls WebAssembly by another type than application/wasm must not stop us; and Pyodide
// only warns and waits for ever where its WebAssembly does not come, so that is told here.
const instantiateStreaming = WebAssembly.instantiateStreaming;
async function instantiate(source, imports) {
  const response = await source;
  if (!response.ok) {
    throw notLoaded(response, response.url);
  }
  if (instantiateStreaming && (response.headers.get("Content-Type") || "").startsWith("application/wasm")) {
    return instantiateStreaming.call(WebAssembly, response, imports);
  }
  return WebAssembly.instantiate(await response.arrayBuffer(), imports);
}
WebAssembly.instantiateStreaming = (source, imports) => {
  const done = instantiate(source, imports);
  done.catch(fail);
  return done;
};

function notLoaded(response, url) {
  return new Error(words.notLoaded.replace("{file}", () => url).replace("{status}", response.status));
}

async function bytesOf(url) {
  const response = await fetchFile(url);
  if (!response.ok) {
    throw notLoaded(response, url);
  }
  const plain = response.body.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(plain).arrayBuffer());
}

// Pyodide asks for the standard library by its address, and is given it unpacked.
const fetchFile = self.fetch.bind(self);
let standardLibrary = "";
self.fetch = async (address, options) =>
  String(address) === standardLibrary
    ? new Response(await bytesOf(standardLibrary))
    : fetchFile(address, options);

// The files of a tar archive, written without copying their bytes.
function unpack(tar, folder) {
  const text = new TextDecoder();
  const made = new Set();
  const field = (at, length) => text.decode(tar.subarray(at, at + length)).replace(/\0.*$/s, "");
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const prefix = field(at + 345, 155);
    const path = `${folder}/${prefix ? prefix + "/" : ""}${field(at, 100)}`;
    const size = parseInt(field(at + 124, 12), 8);
    const parent = path.slice(0, path.lastIndexOf("/"));
    if (!made.has(parent)) {
      python.FS.mkdirTree(parent);
      made.add(parent);
    }
    python.FS.writeFile(path, tar.subarray(at + 512, at + 512 + size), { canOwn: true });
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

// For an archive that an import asks for: Python waits, so the fetch is synchronous.
function installNow(url, prefetched) {
  if (prefetched) {
    unpack(prefetched, "/");
    return;
  }
  const request = new XMLHttpRequest();
  request.open("GET", url, false);
  request.responseType = "arraybuffer";
  request.send();
  if (request.status !== 200) {
    throw new Error(`${notLoaded(request, url).message}. ${words.gone}`);
  }
  python.unpackArchive(request.response, "gztar", { extractDir: "/" });
}

// A C library that several modules link to: loaded once, for all of them.
function loadLibrary(name) {
  const fs = {
    findObject: (wanted) => python.FS.findObject(`/usr/lib/${wanted}`, true),
    readFile: (wanted) => python.FS.readFile(`/usr/lib/${wanted}`),
  };
  const options = { loadAsync: false, global: true, nodelete: true, allowUndefined: true, fs };
  python._module.loadDynamicLibrary(name, options);
}

async function start({ folder, manifest, environment, interruptBuffer }) {
  mark("worker");
  const at = (file) => folder + file;
  const archives = manifest.archives;
  standardLibrary = at(manifest.python);
  const first = ["base", "kit"].map((name) => bytesOf(at(archives[name].file)));
  first.forEach((promise) => promise.catch(() => {}));
  importScripts(at("pyodide.js"));
  python = await loadPyodide({
    indexURL: folder,
    lockFileURL: at("no-packages.json"),
    stdLibURL: standardLibrary,
    packages: [],
    env: {
      HOME: "/home/trainee",
      PYTHONDONTWRITEBYTECODE: "1",
      PYTHONTZPATH: "/usr/share/zoneinfo",
      ...environment,
    },
  });
  mark("python");
  if (interruptBuffer) {
    python.setInterruptBuffer(interruptBuffer);
    interruptible = (running) => {
      interruptBuffer[0] = 0;
      interruptBuffer[1] = running ? 1 : 0;
    };
  }
  const prefetched = {};
  for (const archive of first) {
    unpack(await archive, "/");
  }
  mark("unpacked");
  if (manifest.prefetch) {
    for (const name of manifest.prefetch) {
      bytesOf(at(archives[name].file)).then(
        (bytes) => (prefetched[name] = bytes),
        () => {},
      );
    }
  }
  const needs = Object.fromEntries(Object.entries(archives).map(([name, { needs }]) => [name, needs || []]));
  const install = (name) => {
    installNow(at(archives[name].file), prefetched[name]);
    delete prefetched[name];
    archives[name].libraries.forEach(loadLibrary);
  };
  const post = (event, content, buffers) => {
    const copies = buffers ? Array.from(buffers, (view) => new Uint8Array(view.toJs()).slice().buffer) : [];
    postMessage({ event, content: JSON.parse(content), buffers: copies }, copies);
  };
  const module = python.pyimport("browser_kernel");
  const finder = module.ArchiveFinder(python.toPy(manifest.modules), python.toPy(needs), install);
  python.pyimport("sys").meta_path.append(finder);
  module.fetch_cases(finder);
  kernel = module.Kernel(post);
  mark("kernel");
  postMessage({ ready: true, timings });
  // Nobody waits for these: they are imported while the page is still being drawn.
  for (const name of manifest.warm || []) {
    await new Promise((resolve) => setTimeout(resolve));
    python.runPython(`import ${name}`);
    mark(name);
  }
  postMessage({ warm: true, timings });
}

const calls = {
  execute: async (code, parent) => {
    const running = kernel.execute(code, parent);
    interruptible(true);
    try {
      return JSON.parse(await running);
    } finally {
      interruptible(false);
      running.destroy();
      const answers = kernel.news();
      if (answers) {
        postMessage({ answers });
      }
    }
  },
  remember: (text) => kernel.remember(text),
  document: () => kernel.document(),
  ask: (what, request) => JSON.parse(kernel.ask(what, request)),
  comm: (kind, message, buffers) => kernel.comm(kind, message, buffers || []),
};

self.onmessage = async ({ data }) => {
  if (data.start) {
    words = data.start.words;
    startup = start(data.start);
    startup.catch(fail);
    return;
  }
  const { id, call, args } = data;
  try {
    await startup;
    postMessage({ id, result: await calls[call](...args) });
  } catch (error) {
    postMessage({ id, error: String((error && error.message) || error) });
  }
};
