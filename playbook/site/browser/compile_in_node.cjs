// Compile a folder of Python modules with the Python that will run them, inside Node.
// node compile_in_node.cjs PYODIDE_FOLDER SCRIPT FOLDER INSTALLED_AT [TOP ...]
const [pyodideFolder, script, folder, ...rest] = process.argv.slice(2);
const fs = require("node:fs");
const path = require("node:path");
const { loadPyodide } = require(`${pyodideFolder}/pyodide.js`);

(async () => {
  const lockFileURL = path.join(__dirname, "no-packages.json");
  const python = await loadPyodide({ indexURL: pyodideFolder, lockFileURL, packages: [] });
  python.FS.mkdirTree("/tree");
  python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, "/tree");
  const run = `
import sys
sys.argv = ["compile_tree.py", "/tree", *arguments.to_py()]
exec(compile(source, "compile_tree.py", "exec"), {"__name__": "__main__"})
`;
  const globals = python.toPy({ source: fs.readFileSync(script, "utf8") });
  globals.set("arguments", rest);
  python.runPython(run, { globals });
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
