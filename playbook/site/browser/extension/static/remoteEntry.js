// The container that JupyterLab loads: a prebuilt extension in plain JavaScript, nothing to compile.
(() => {
  "use strict";
  const here = new URL(".", document.currentScript.src).href;
  let shared = null;

  // What JupyterLab shares with extensions: one version of each library.
  async function library(name) {
    const versions = Object.values(shared[name] || {});
    if (versions.length === 0) {
      throw new Error(`JupyterLab does not share ${name}`);
    }
    return (await versions[0].get())();
  }

  async function extension() {
    const names = {
      apputils: "@jupyterlab/apputils",
      cells: "@jupyterlab/cells",
      kernel: "@jupyterlite/services",
      notebook: "@jupyterlab/notebook",
      widgets: "@lumino/widgets",
    };
    const libraries = await Promise.all(Object.values(names).map(library));
    const given = Object.fromEntries(Object.keys(names).map((key, place) => [key, libraries[place]]));
    const { executorPlugin, kernelPlugin } = await import(`${here}kernel.js`);
    const { notebookPlugin } = await import(`${here}notebook.js`);
    const plugins = [kernelPlugin(given), executorPlugin(given), notebookPlugin(given)];
    return () => ({ __esModule: true, default: plugins });
  }

  async function style() {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = `${here}style.css`;
    document.head.append(link);
    return () => ({});
  }

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["playbook-browser"] = {
    init(scope) {
      shared = scope;
    },
    get(request) {
      return request === "./style" ? style() : extension();
    },
  };
})();
