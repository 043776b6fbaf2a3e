// The playground below a program: an editor, and what the program in it can do.

import { Editor } from "./editor.js";
import { able, Explorer } from "./explorer.js";
import { WHERE } from "./files.js";
import { packed, unpacked } from "./fragment.js";
import { changes, Report } from "./report.js";
import { board, counted, make, table } from "./results.js";
import { Stopped } from "./stopped.js";

const HERE = new URL("./", import.meta.url);
const explorer = new Explorer();

/** Load what a page has only where there is a board on it. */
async function needBoard() {
  if (customElements.get("anyorder-board")) return;
  await style("play.css");
  await import("./board.js");
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

class Playground extends HTMLElement {
  report = new Report();

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
    this.editor = new Editor(program, `The program ${name}`, number);
    this.explore = button("Explore", () => this.press());
    this.stop = button("Stop", () => this.halt());
    this.stop.hidden = true;
    this.again = button("Start again", () => this.reset());
    this.link = button("Copy a link to this", () => this.copy());
    this.link.hidden = true;
    this.results = make("div", "anyorder-results");
    this.append(
      make(
        "div",
        "anyorder-play anyorder-playground",
        this.editor.element,
        make("div", "anyorder-controls", this.explore, this.stop, this.again, this.link),
        make("p", "anyorder-note", `What explores here is ${WHERE}.`),
        this.report.bar,
        this.report.status,
      ),
      this.results,
    );
    if (!able) this.refuse();
  }

  /** Say which browsers can explore, and how it goes without one. */
  refuse() {
    if (this.explore) this.explore.disabled = true;
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
    try {
      if (this.editor) this.editor.text = await unpacked(letters);
      if (able) this.report.say("", "This program came with a link. Press Explore to see what it can do.");
    } catch {
      this.report.say("anyorder-wrong", "The program in this link cannot be read: here is the page's own.");
    }
  }

  reset() {
    if (this.editor && this.given) this.editor.text = this.given.program;
    this.editor?.mark();
    this.report.say("");
  }

  async copy() {
    await navigator.clipboard.writeText(location.href);
    this.report.say("", "Copied: the link leads to this program, and to this step.");
  }

  /** @param {boolean} busy */
  #busy(busy) {
    if (!this.explore || !this.stop) return;
    const focused = [this.explore, this.stop].includes(Object(document.activeElement));
    this.explore.hidden = busy;
    this.stop.hidden = !busy;
    this.report.bar.hidden = true;
    if (focused) (busy ? this.stop : this.explore).focus();
  }

  /** Explore what is in the editor. */
  async press() {
    const { editor, given } = this;
    if (!editor || !given) return;
    const { text } = editor;
    editor.mark();
    this.results?.replaceChildren();
    this.report.stage = "";
    this.#busy(true);
    this.report.say("", "Starting.");
    const request = {
      name: given.name,
      text,
      ...(text !== given.program && { against: given.program }),
      ...(given.demand && { demand: given.demand }),
    };
    try {
      const answer = await explorer.explore(request, (progress) => this.report.told(progress));
      await this.show(answer, `try-${given.number}-${await packed(text)}`);
    } catch (error) {
      if (error instanceof Stopped) this.report.say("", "Stopped. Nothing of this search was kept.");
      else this.report.say("anyorder-wrong", `Python has broken down. The next press starts it again. ${error}`);
    } finally {
      this.#busy(false);
    }
  }

  halt() {
    explorer.stop();
    this.report.say("", "Stopping.");
  }

  /**
   * @param {ExploreAnswer} answer
   * @param {string} name of the board, and in the page's address
   */
  async show(answer, name) {
    if (answer.kind === "refused") {
      this.editor?.mark(answer.line);
      const { line } = answer;
      const go = line ? [" ", button(`Go to line ${line}`, () => this.editor?.goto(line))] : [];
      this.report.say("anyorder-wrong", answer.says, ...go);
      return;
    }
    this.report.conclude(answer);
    if (this.link) this.link.hidden = !navigator.clipboard;
    await needBoard();
    const { rows, gone, board: content, verdict } = answer;
    this.results?.replaceChildren(
      ...changes(answer),
      table(rows, `What ${this.given?.name} can print`, name),
      ...(answer.more ? [make("p", "", `And ${counted(answer.more, "outcome")} more.`)] : []),
      ...(gone.length ? [make("p", "", "It can no longer print:"), table(gone, "Gone", name)] : []),
    );
    const { hash } = location;
    if (!hash.startsWith(`#${name}:`)) history.replaceState(null, "", `#${name}`);
    if (content) this.results?.append(board(content, name));
    if (verdict && !verdict.held && verdict.way !== null) location.hash = `${name}:${verdict.way + 1}:0`;
    const yours = document.querySelector("anyorder-yours");
    /** @type {any} */ (yours)?.show?.();
  }
}

await style("playground.css");
customElements.define("anyorder-playground", Playground);
