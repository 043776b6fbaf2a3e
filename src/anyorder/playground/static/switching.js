// The stacks that exploring/engine/jspi.py switches between: each pauses until it is woken.

/**
 * Return what Pyodide is to register as the module `anyorder_switches` before the tool is imported.
 *
 * @param {(error: unknown) => void} fail called when a stack breaks; nothing goes on after that
 */
export function switches(fail) {
  /** @type {Map<number, () => void>} those that pause, by number */
  const paused = new Map();
  return {
    /**
     * Begin another stack once the present one pauses or ends.
     *
     * @param {{ copy: Function }} live what the other does
     */
    begin(live) {
      const kept = live.copy(); // what is handed over is gone once this returns
      Promise.resolve()
        .then(() => kept.callPromising())
        .then(() => kept.destroy())
        .catch(fail);
    },

    /** @param {number} here the present stack, which is to wait for what this returns */
    pause(here) {
      return new Promise((/** @type {(_: void) => void} */ go) => paused.set(here, go));
    },

    /**
     * Let another stack go on once the present one pauses or ends.
     *
     * @param {number} there the other
     */
    wake(there) {
      const go = paused.get(there);
      paused.delete(there);
      if (go) go();
      else fail(new Error("a stack is woken that does not pause"));
    },
  };
}
