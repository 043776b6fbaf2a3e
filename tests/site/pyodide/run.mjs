// Calls answer() of a Python file in Pyodide, under node, and prints what it returns.
//
//     node --experimental-wasm-jspi run.mjs <folder of node_modules> <file> <folder>=<as> ...
//
// Each folder is there under the other name; the ones named /lib/tool/... can be imported from.

import fs from "node:fs";
import path from "node:path";
import { switches } from "../../../src/anyorder/playground/static/switching.js";

/** Copy what is in a folder. */
function copy(python, from, to) {
  python.FS.mkdirTree(to);
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), `${to}/${entry.name}`];
    if (!entry.isDirectory()) python.FS.writeFile(target, fs.readFileSync(source));
    else if (entry.name !== "__pycache__") copy(python, source, target);
  }
}

/** Say what went wrong, without the line of Pyodide's code, which is all of it. */
function fail(error) {
  console.error(String(error));
  process.exit(1);
}

async function run(modules, file, ...folders) {
  const { loadPyodide } = await import(path.resolve(modules, "node_modules/pyodide/pyodide.mjs"));
  const python = await loadPyodide();
  for (const folder of folders) copy(python, ...folder.split("="));
  python.registerJsModule("anyorder_switches", switches(fail));
  python.runPython('import sys; sys.path.insert(0, "/lib/tool")');
  python.runPython(fs.readFileSync(file, "utf8"), { filename: file });
  process.stdout.write(await python.globals.get("answer").callPromising());
}

await run(...process.argv.slice(2)).catch(fail);
process.exit(0);
