// The stacks that jspi.py, beside this, switches between: each waits for a promise of its own.

/**
 * Return what Pyodide is to register as the module `anyorder_switches` before the tool is imported.
 *
 * @param {(error: unknown) => void} fail called when a stack breaks; nothing goes on after that
 */
export function switches(fail) {
  /** @type {Map<number, () => void>} those that wait, by number */
  const waiting = new Map();

  /** @param {number} here */
  const pause = (here) => new Promise((/** @type {(_: void) => void} */ go) => waiting.set(here, go));

  /** @param {number} there */
  function wake(there) {
    const go = waiting.get(there);
    waiting.delete(there);
    go?.();
  }

  return {
    /**
     * Begin another stack.
     *
     * @param {number} here the present one
     * @param {{ copy: Function }} live what the other does
     */
    begin(here, live) {
      const kept = live.copy(); // what is handed over is gone once this returns
      Promise.resolve()
        .then(() => kept.callPromising())
        .then(() => kept.destroy())
        .catch(fail);
      return pause(here);
    },

    /**
     * Go on in another stack.
     *
     * @param {number} here the present one
     * @param {number} there the other
     */
    go_on(here, there) {
      wake(there);
      return pause(here);
    },

    /** Come to the end of the present stack, and go on in another. */
    end: wake,
  };
}
