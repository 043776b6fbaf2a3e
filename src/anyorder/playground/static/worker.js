// The worker in which programs are explored: Python, and the tool in it.

import { LOCK } from "./files.js";
import { loadPyodide } from "./pyodide.mjs";
import { switches } from "./switching.js";

const HERE = new URL("./", import.meta.url);
const TOOL = "/anyorder"; // where Python finds it

let loaded = 0; // bytes
let stopping = false;

/** @param {unknown} error after which nothing goes on */
const fail = (error) => postMessage({ broken: String(Object(error).message ?? error) });

/**
 * Say how much has come whenever something is fetched, and undo what the build compressed.
 *
 * @type {typeof fetch}
 */
async function fetchCounted(what, options) {
  try {
    return await counted(what, options);
  } catch (error) {
    fail(error); // Pyodide may wait on all the same
    throw error;
  }
}

/** @type {typeof fetch} */
async function counted(what, options) {
  const { href } = new URL(what instanceof Request ? what.url : what, HERE);
  const compressed = href.endsWith(".wasm");
  const answer = await fetchAsIs(compressed ? `${href}.packed` : href, options);
  if (!answer.ok || !answer.body) throw new Error(`${href} did not come: ${answer.status}`);
  const count = new TransformStream({
    transform(/** @type {Uint8Array<ArrayBuffer>} */ chunk, out) {
      loaded += chunk.byteLength;
      postMessage({ loaded });
      out.enqueue(chunk);
    },
  });
  answer.body.pipeTo(count.writable).catch(fail);
  if (!compressed) return new Response(count.readable);
  const unpacked = new DecompressionStream("gzip");
  count.readable.pipeTo(unpacked.writable).catch(fail);
  const headers = { "Content-Type": "application/wasm" }; // it is compiled as it comes
  return new Response(unpacked.readable, { headers });
}

const fetchAsIs = self.fetch;
self.fetch = fetchCounted;

/** Load Python and the tool, and return the function that explores. */
async function load() {
  const tool = fetch(new URL("anyorder.zip", HERE)).then((answer) => answer.arrayBuffer());
  const python = await loadPyodide({
    indexURL: HERE.href,
    packageBaseUrl: HERE.href,
    lockFileContents: LOCK,
  });
  python.registerJsModule("anyorder_switches", switches(fail));
  python.unpackArchive(await tool, "zip", { extractDir: TOOL });
  python.runPython(`import sys; sys.path.insert(0, "${TOOL}")`);
  return python.pyimport("anyorder.playground.browser").explored;
}

/**
 * Say how far the search is, and let a message come in: it may be that it is to stop.
 *
 * @param {number[]} progress
 */
async function tell(...progress) {
  postMessage({ told: progress });
  await new Promise((go) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = go;
    port2.postMessage(null);
  });
  if (stopping) postMessage({ stopping });
  return stopping;
}

const explored = load();
explored.then(() => postMessage({ ready: true }), fail);

self.onmessage = async ({ data }) => {
  if (data === "stop") {
    stopping = true;
    return;
  }
  stopping = false;
  try {
    const answer = await (await explored).callPromising(JSON.stringify(data), tell);
    postMessage({ answer: JSON.parse(answer) });
  } catch (error) {
    fail(error);
  }
};
