// What explores the program of `anyorder show`: the Python that the command runs on.

import { Stopped } from "./stopped.js";

export const able = true;

const GONE = "The command anyorder show does not answer any more. Start it again, and open its page.";

/** Explores by asking the command, which answers line by line. */
export class Explorer {
  /**
   * @param {ExploreRequest} request
   * @param {Tell} tell hears how far it is
   * @returns {Promise<ExploreAnswer>}
   */
  async explore(request, tell) {
    this.stop(); // one program at a time
    this.asking = new AbortController();
    const { signal } = this.asking;
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify(request);
    try {
      const answer = await fetch("/explore", { method: "POST", headers, body, signal });
      if (!answer.ok || !answer.body) throw new Error(`It answered ${answer.status}.`);
      let line = "";
      for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
        const lines = (line + text).split("\n");
        line = lines.pop() ?? "";
        for (const each of lines) {
          const message = JSON.parse(each);
          if (message.answer) return message.answer;
          tell({ loaded: 0, ready: true, told: message.told });
        }
      }
      throw new Error("It came to no answer. Press Explore to try again.");
    } catch (error) {
      if (signal.aborted) throw new Stopped();
      // a browser has an error of this kind where nobody answers
      throw error instanceof TypeError ? new Error(GONE) : error;
    }
  }

  /** Stop: the command ends what it began for the request. */
  stop() {
    this.asking?.abort();
  }
}
