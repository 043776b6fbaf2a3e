// What explores the programs of a page: Python in a worker, and a spare one for when that is ended.

import { Stopped } from "./stopped.js";

const PATIENCE = 150; // milliseconds in which a worker that is asked to stop may answer
const TOO_DEEP = /call stack|too much recursion/; // as browsers say it

/** Whether this browser can switch stacks, which exploring needs, and unpack what is compressed. */
export const able = "Suspending" in WebAssembly && "DecompressionStream" in globalThis;

/** A worker with Python in it, which explores one program at a time. */
class Engine {
  constructor() {
    // a worker from a text of the page is under the page's policy: nothing in it can ask another
    // site for anything; one from an address would be under none
    const text = `import ${JSON.stringify(new URL("worker.js", import.meta.url).href)};`;
    const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    this.worker = new Worker(address, { type: "module" });
    this.loaded = 0;
    this.ready = false;
    this.busy = false;
    /** @type {((heard: EngineMessage) => void) | undefined} */
    this.heard = undefined;
    this.worker.onmessage = ({ data }) => this.#hear(data);
    this.worker.onerror = ({ message }) => this.#hear({ broken: message || "it did not start" });
  }

  /** @param {EngineMessage} message */
  #hear(message) {
    this.loaded = message.loaded ?? this.loaded;
    this.broken = message.broken;
    if (message.stopping) clearTimeout(this.late);
    if (message.ready) {
      this.ready = true;
      this.#ask();
    } else this.heard?.(message);
  }

  /**
   * Say what it means that it has broken down.
   *
   * @param {string} why
   */
  #failure(why) {
    if (this.ready && TOO_DEEP.test(why)) {
      return new Error("This goes deeper than a browser lets Python go: let it go less deep.");
    }
    const what = this.ready ? "Python has broken down" : "Python could not be loaded";
    return new Error(`${what} (${why}). Press Explore to try again.`);
  }

  /** Ask what is to be asked, once there is somebody to hear it. */
  #ask() {
    if (!this.ready || !this.request) return;
    this.worker.postMessage(this.request);
    this.request = undefined;
    this.heard?.({ ready: true });
  }

  /**
   * @param {ExploreRequest} request
   * @param {Tell} tell
   * @returns {Promise<ExploreAnswer>}
   */
  async explore(request, tell) {
    this.busy = true;
    this.asked = false;
    try {
      return await new Promise((resolve, reject) => {
        this.reject = reject;
        this.heard = ({ answer, broken, stopping, told }) => {
          if (broken !== undefined) reject(this.#failure(broken));
          else if (answer) resolve(answer);
          else {
            const { loaded, ready } = this;
            tell({ loaded, ready, ...(told && { told }), ...(stopping && { stopping }) });
          }
        };
        if (this.broken !== undefined) reject(this.#failure(this.broken));
        /** @type {ExploreRequest | undefined} */
        this.request = request;
        this.#ask();
      });
    } finally {
      this.busy = false;
      clearTimeout(this.late);
    }
  }

  /** Ask Python to stop, which it does between two executions; end it else, or when asked again. */
  stop() {
    if (!this.busy) return; // it has answered, and this is being shown
    if (!this.ready || this.asked) {
      this.end();
      return;
    }
    this.asked = true;
    this.worker.postMessage("stop");
    this.late = setTimeout(() => this.end(), PATIENCE);
  }

  end() {
    this.worker.terminate();
    this.reject?.(new Stopped());
  }
}

/** Explores in workers, one program at a time; when one has to be ended, a spare takes its place. */
export class Explorer {
  constructor() {
    /** @type {Engine | undefined} */
    this.engine = undefined;
    /** @type {Engine | undefined} */
    this.spare = undefined;
  }

  /**
   * @param {ExploreRequest} request
   * @param {Tell} tell hears how far it is
   * @returns {Promise<ExploreAnswer>}
   */
  async explore(request, tell) {
    if (this.engine?.busy) this.#end(this.engine);
    if (this.spare?.broken !== undefined) this.spare = undefined; // it was loaded in a bad moment
    const engine = (this.engine ??= this.spare ?? new Engine());
    if (engine === this.spare) this.spare = undefined;
    try {
      const answer = await engine.explore(request, tell);
      if (answer.kind === "explored" && answer.renew) this.#end(engine);
      return answer;
    } catch (error) {
      this.#end(engine);
      throw error;
    } finally {
      if (engine.ready) this.spare ??= new Engine(); // and not where none can be loaded
    }
  }

  stop() {
    this.engine?.stop();
  }

  /** @param {Engine} engine */
  #end(engine) {
    engine.end();
    if (this.engine === engine) this.engine = undefined;
  }
}
