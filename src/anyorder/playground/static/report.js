// What the page says of a search: how far it is, and what it came to.

import { TOTAL } from "./files.js";
import { counted, make } from "./results.js";

/** @param {number} bytes */
const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

/** The bar that fills as Python is loaded, and the line that is read out. */
export class Report {
  constructor() {
    this.bar = make("progress");
    this.bar.ariaLabel = "Loading Python";
    this.bar.max = TOTAL;
    this.bar.hidden = true;
    this.status = make("div", "anyorder-status");
    this.status.role = "status";
    this.said = 0;
    this.stage = "";
  }

  /**
   * @param {string} mark the class of what is right or wrong
   * @param {(Node | string)[]} words
   */
  say(mark, ...words) {
    this.status.className = `anyorder-status ${mark}`;
    this.status.replaceChildren(...words);
  }

  /** Say that a search is to begin. */
  begin() {
    this.stage = "";
    this.say("", "Starting.");
  }

  /** @param {Progress} progress */
  told({ loaded, ready, told, stopping }) {
    if (stopping) {
      this.say("", "Stopped. What was found is being put into words; Stop again lets it go.");
      return;
    }
    this.bar.hidden = ready || Boolean(told);
    this.bar.value = Math.min(loaded, TOTAL);
    const now = performance.now();
    const stage = told ? "told" : ready ? "ready" : "loading";
    // of one stage as often as a reader can follow
    if (stage === this.stage && now - this.said < 500) return;
    this.stage = stage;
    this.said = now;
    if (told) {
      const [executions = 0, outcomes = 0] = told;
      const many = counted(executions, "execution");
      this.say("", `Exploring: ${many}, ${counted(outcomes, "outcome")} so far.`);
    } else if (ready) this.say("", "Exploring.");
    else if (loaded < TOTAL) {
      this.say("", `Loading Python: ${megabytes(loaded)} of ${megabytes(TOTAL)} MB.`);
    } else this.say("", "Starting Python.");
  }

  /**
   * Say what it came to.
   *
   * @param {Explored} answer
   */
  conclude({ complete, count, executions, limit, mixing, seconds, verdict }) {
    const ran = `${counted(executions, "execution")}, ${seconds.toFixed(1)} s`;
    const found = complete
      ? `${counted(count, "outcome")}, and there are no others (${ran}).`
      : `${counted(count, "outcome")} so far (${ran}). There may be others: ${limit}.`;
    const all = mixing ? `${found} ${mixing}` : found;
    if (!verdict) this.say("", all);
    else if (verdict.held) {
      const solved = "Solved: it does just what is asked.";
      this.say("anyorder-right", solved, make("p", "", all));
    } else this.say("anyorder-wrong", verdict.problems[0] ?? "", make("p", "", all));
  }
}
