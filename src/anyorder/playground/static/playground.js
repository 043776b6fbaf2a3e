// The playground below a program: an editor, and what the program in it can do.

import { Editor } from "./editor.js";
import { able, Explorer } from "./explorer.js";
import { WHERE } from "./files.js";
import { packed, unpacked } from "./fragment.js";
import { Report } from "./report.js";
import { make, Results } from "./results.js";
import { Stopped } from "./stopped.js";

const HERE = new URL("./", import.meta.url);
const explorer = new Explorer();

/** Load what a page has only where there is a board on it. */
async function needBoard() {
  if (customElements.get("anyorder-board")) return;
  await style("play.css");
  try {
    await import("./board.js");
  } catch {
    throw new Error("The board of this page did not come. Press Explore to try again.");
  }
}

/**
 * @param {string} name
 * @returns {Promise<unknown>} when the style sheet is there, so that nothing moves later
 */
function style(name) {
  const link = make("link");
  link.rel = "stylesheet";
  link.href = new URL(name, HERE).href;
  document.head.append(link);
  return new Promise((go) => (link.onload = link.onerror = go));
}

/**
 * @param {string} words
 * @param {() => void} press
 */
function button(words, press) {
  const element = make("button", "", words);
  element.type = "button";
  element.addEventListener("click", press);
  return element;
}

/** The buttons below an editor. */
class Controls {
  /** @param {Playground} playground whose they are */
  constructor(playground) {
    this.explore = button("Explore", () => playground.press());
    this.stop = button("Stop", () => playground.halt());
    this.again = button("Start again", () => playground.reset());
    this.link = button("Copy a link to this", () => playground.copy());
    this.link.hidden = true;
    this.busy = false;
    const buttons = [this.explore, this.stop, this.again, this.link];
    this.element = make("div", "anyorder-controls", ...buttons);
  }

  get busy() {
    return this.explore.hidden;
  }

  set busy(busy) {
    const focused = [this.explore, this.stop].includes(Object(document.activeElement));
    this.explore.hidden = this.again.hidden = busy;
    this.stop.hidden = !busy;
    if (focused) (busy ? this.stop : this.explore).focus();
  }
}

class Playground extends HTMLElement {
  /** @type {string | undefined} the program that the results are of */
  explored = undefined;
  report = new Report();
  results = new Results();
  controls = new Controls(this);

  /**
   * Open the editor.
   *
   * @param {string} name what the program is called
   * @param {string} program its text, as the page has it
   * @param {number} number which one of the page's it is
   * @param {string} [demand] the outcome file that has to hold: then it is an exercise
   */
  open(name, program, number, demand) {
    this.given = { name, program, number, demand };
    this.since = make("div");
    this.since.ariaLive = "polite";
    this.editor = new Editor(program, `The program ${name}`, number);
    const parts = make(
      "div",
      "anyorder-play anyorder-playground",
      this.editor.element,
      this.controls.element,
      make("p", "anyorder-note", `What explores here is ${WHERE}.`),
      this.report.bar,
      this.report.status,
      this.since,
    );
    parts.addEventListener("input", () => this.compare());
    parts.role = "group";
    parts.ariaLabel = `Try ${name}`;
    this.append(parts, this.results.element);
    this.controls.explore.disabled = !able;
    this.greet();
  }

  /** Say nothing yet, or which browsers can explore, and how it goes without one. */
  greet() {
    if (able) {
      this.report.say("");
      return;
    }
    const can = "Chrome and Edge from version 137, Firefox from 153 and Safari from 27 can.";
    const command = make("code", "", `anyorder explore ${this.given?.name}`);
    this.report.say("", `This browser cannot explore programs. ${can} Or run `, command, ".");
  }

  /**
   * Put in the editor what a link says.
   *
   * @param {string} letters
   */
  async follow(letters) {
    this.clear();
    try {
      if (this.editor) this.editor.text = await unpacked(letters);
      if (able) this.report.say("", "This program came with a link. Press Explore to see what it can do.");
    } catch {
      this.report.say("anyorder-wrong", "The program in this link cannot be read: here is the page's own.");
    }
  }

  /** Take away what was found of another program. */
  clear() {
    this.editor?.mark();
    this.results.clear();
    this.explored = undefined;
    this.controls.link.hidden = true;
    this.compare();
  }

  /** Say whether the results are of another program than the one in the editor. */
  compare() {
    const changed = this.explored !== undefined && this.explored !== this.editor?.text;
    if (changed === this.since?.hasChildNodes()) return;
    const words = "You have changed the program since: what is below is of the one before.";
    this.since?.replaceChildren(...(changed ? [make("p", "", words)] : []));
  }

  reset() {
    if (this.editor && this.given) this.editor.text = this.given.program;
    this.clear();
    this.greet();
    const ours = location.hash.startsWith(`#try-${this.given?.number}-`);
    if (ours) history.replaceState(null, "", location.pathname + location.search);
  }

  async copy() {
    const address = new URL(`#${this.results.address}`, location.href).href;
    try {
      await navigator.clipboard.writeText(address);
      const step = this.results.board ? ", and to this step" : "";
      this.report.say("", `Copied: the link leads to the program that was explored${step}.`);
    } catch {
      history.replaceState(null, "", address);
      this.report.say("", "The page's address is the link: copy it from there.");
    }
  }

  /** Explore what is in the editor. */
  async press() {
    const { editor, given, controls, report } = this;
    if (!editor || !given || controls.busy) return;
    const { text } = editor;
    this.clear();
    report.begin();
    controls.busy = true;
    const request = {
      name: given.name,
      text,
      ...(text !== given.program && { against: given.program }),
      ...(given.demand && { demand: given.demand }),
    };
    try {
      const answer = await explorer.explore(request, (progress) => report.told(progress));
      if (answer.kind === "refused") this.#refused(answer);
      else await this.#show(answer, text);
    } catch (error) {
      if (error instanceof Stopped) report.say("", "Stopped. Nothing of this search was kept.");
      else report.say("anyorder-wrong", Object(error).message);
    } finally {
      report.bar.hidden = true;
      controls.busy = false;
    }
  }

  halt() {
    this.report.say("", "Stopping.");
    explorer.stop();
  }

  /** @param {Refused} answer */
  #refused({ refusals }) {
    this.editor?.mark(...refusals.map(({ line }) => line));
    const [first = [], ...others] = refusals.map(({ line, says }) =>
      line ? [says, " ", button(`Go to line ${line}`, () => this.editor?.goto(line))] : [says],
    );
    const rest = others.map((each) => make("p", "", ...each));
    this.report.say("anyorder-wrong", ...first, ...rest);
  }

  /**
   * @param {Explored} answer
   * @param {string} text of the program
   */
  async #show(answer, text) {
    const { name = "", number } = this.given ?? {};
    const letters = await packed(text);
    if (answer.board) await needBoard();
    this.report.conclude(answer);
    this.results.show(answer, name, [`try-${number}`, letters].filter(Boolean).join("-"));
    this.controls.link.hidden = !letters;
    this.explored = text;
    this.compare();
  }
}

await style("playground.css");
customElements.define("anyorder-playground", Playground);
