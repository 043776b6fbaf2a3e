// The board of a program: a reader steps through an outcome there, or takes the turns.

const SIGNS = "●■▲◆★⬢";
const DIGITS = 36; // a thread is a letter or a digit in the page's address

/** What the moves so far have come to. */
class State {
  /** @type {Map<string, string>} */
  values = new Map();
  /** @type {Map<string, number>} */
  locks = new Map();
  /** @type {Map<number, Record<string, string>>} */
  keeps = new Map();
  started = new Set([0]);
  output = "";

  /** @param {Move[]} path */
  constructor(path) {
    for (const { event } of path) {
      this.started.add(event.thread).add(event.starts ?? event.thread);
      for (const [name, value] of Object.entries(event.sets ?? {})) this.values.set(name, value);
      this.keeps.set(event.thread, event.keeps ?? {});
      for (const [lock, holder] of this.locks) {
        if (holder === event.thread || lock === event.frees) this.locks.delete(lock);
      }
      for (const lock of event.holds ?? []) this.locks.set(lock, event.thread);
      this.output += event.prints ?? "";
    }
  }
}

/** The turns that threads can take, and what comes of them. */
class Turns {
  /** @param {BoardData} data */
  constructor(data) {
    this.data = data;
    let node = 0;
    this.sure = new Set(data.sure?.map((farther) => (node += farther)));
  }

  /**
   * @param {number} node
   * @returns {Move[]} what can happen there
   */
  choices(node) {
    const flat = this.data.nodes[node] ?? [];
    /** @type {Move[]} */
    const found = [];
    for (let place = 0; place < flat.length; place += 2) {
      const event = this.data.events[flat[place] ?? 0];
      if (event) found.push({ event, to: node + (flat[place + 1] ?? 0), pressed: false });
    }
    return found;
  }

  /**
   * @param {number} node
   * @param {number | null | undefined} thread
   */
  choice(node, thread) {
    return this.choices(node).find(({ event }) => event.thread === thread);
  }

  /** @param {number} node */
  nearest(node) {
    /** @param {Move} move */
    const far = (move) => this.data.far?.[move.to] ?? Infinity;
    return this.choices(node).sort((one, other) => far(one) - far(other))[0];
  }

  /** @param {number} node */
  lost(node) {
    return this.data.far?.[node] === null;
  }

  /** @param {number} node */
  end(node) {
    return this.data.outcomes[this.data.ends[node] ?? -1];
  }

  /**
   * @param {number} node
   * @returns {PlayOutcome | undefined} what it comes to on the shortest way from there
   */
  outcome(node) {
    const seen = new Set([node]);
    for (const at of seen) {
      const end = this.end(at);
      if (end) return end;
      for (const { to } of this.choices(at)) seen.add(to);
    }
    return undefined;
  }

  /**
   * @param {number} node
   * @param {number} thread
   * @returns {PlayEvent | undefined} what a thread will do next, once it can
   */
  ahead(node, thread) {
    const seen = new Set([node]);
    for (const at of seen) {
      for (const { event, to } of this.choices(at)) {
        if (event.thread === thread) return event;
        seen.add(to);
      }
    }
    return undefined;
  }

  /**
   * @param {number} node
   * @param {number} thread
   * @param {Move[]} path
   * @param {State} state
   * @returns {Prospect} what a thread can do
   */
  prospect(node, thread, path, state) {
    const can = this.choice(node, thread);
    if (can) return { words: `next: ${can.event.words}`, line: can.event.line, can: true };
    const next = this.ahead(node, thread);
    const line = next?.line;
    const here = this.end(node) ?? path.at(-1)?.event;
    // a thread that does nothing any more ends as it is now, whichever way the others go
    const waits = (next ? here : this.outcome(node))?.waits?.[thread];
    if (waits) return { words: `waits for ${waits}`, ...(line && { line }), can: false };
    if (next && !state.started.has(thread)) return { words: "has not been started", can: false };
    if (next && line !== undefined) {
      if (!this.data.forced) return { words: `next: ${next.words}`, line, can: false };
      const name = next.joins === undefined ? "" : this.data.threads[next.joins];
      const words = name ? `waits for ${name} to end` : `waits, then ${next.words}`;
      return { words, line, can: false };
    }
    // a process does not end before its other threads do, and those that are stuck never do
    const stuck = thread === 0 && Object.keys(here?.waits ?? {}).length;
    return { words: stuck ? "has run its last line, and waits" : "has ended", can: false };
  }
}

/** What the board shows, in the elements that the page has for it. */
class Screen {
  /**
   * @param {HTMLElement} board
   * @param {BoardData} data
   */
  constructor(board, data) {
    /** @param {string} selector */
    const find = (selector) => board.querySelector(selector);
    this.names = data.threads.map((name, place) => `${SIGNS[place % SIGNS.length]}\u00a0${name}`);
    this.room = Math.max(...data.outcomes.map(({ text }) => text.split("\n").length));
    this.board = board;
    this.status = find(".anyorder-status");
    this.now = find(".anyorder-now");
    this.output = find("dd pre");
    /** @type {HTMLElement[]} */
    this.lanes = [...board.querySelectorAll("[data-thread]")].map((lane) => Object(lane));
    this.lines = [...board.querySelectorAll(".anyorder-code > li")];
    /** @type {NodeListOf<HTMLElement>} */
    this.facts = board.querySelectorAll("[data-fact]");
  }

  /** @param {number} thread */
  #colour(thread) {
    return `anyorder-t${thread % SIGNS.length}`;
  }

  /**
   * @param {State} state
   * @param {Prospect[]} prospects what each thread can do
   * @param {PlayEvent[]} last what has just happened
   */
  show(state, prospects, last) {
    for (const lane of this.lanes) {
      const thread = Number(lane.dataset.thread);
      const [words, keeps] = lane.querySelectorAll("span, i");
      if (words) words.textContent = prospects[thread]?.words ?? "";
      const kept = Object.entries(state.keeps.get(thread) ?? {});
      if (keeps) keeps.textContent = kept.map((each) => each.join(" = ")).join(", ") || "\u00a0";
      lane.ariaDisabled = String(!prospects[thread]?.can);
    }
    const own = new Set(this.lanes.map(({ dataset }) => Number(dataset.thread)));
    /** @type {Record<string, string[]>} */
    const facts = {
      values: [...state.values].map((each) => each.join(" = ")),
      locks: [...state.locks].map(([lock, holder]) => `${lock}: held by ${this.names[holder]}`),
      others: prospects.flatMap(({ words }, thread) =>
        own.has(thread) ? [] : `${this.names[thread]}: ${words}`,
      ),
    };
    for (const fact of this.facts) {
      const texts = facts[fact.dataset.fact ?? ""] ?? [];
      fact.innerText = texts.join("\n") || "–";
    }
    if (this.output) {
      const left = this.room - state.output.split("\n").length;
      this.output.textContent = state.output + "\n".repeat(Math.max(left, 0));
    }
    if (this.now) {
      const told = last.flatMap(({ thread, words, line }, place) => {
        const step = document.createElement("span"); // which begins a line rather than breaks
        const where = line ? ` (line ${line})` : "";
        const more = place < last.length - 1 ? "\u00a0·" : "";
        step.textContent = `${this.names[thread]} ${words}${where}${more}`;
        return place ? [" ", step] : [step];
      });
      this.now.replaceChildren(...told);
      this.now.textContent ||= "Nothing has happened yet";
      const first = last[0];
      this.now.className = `anyorder-now ${first ? this.#colour(first.thread) : ""}`;
    }
    this.#mark(prospects, last.at(-1)?.line);
  }

  /**
   * Show which threads are at which lines.
   *
   * @param {Prospect[]} prospects
   * @param {number | undefined} now the line of the last event
   */
  #mark(prospects, now) {
    for (const [place, item] of this.lines.entries()) {
      item.classList.toggle("anyorder-at", now === place + 1);
      const here = prospects.flatMap(({ line }, thread) => {
        if (line !== place + 1) return [];
        const mark = document.createElement("span");
        mark.className = this.#colour(thread);
        mark.textContent = this.names[thread] ?? "";
        return mark;
      });
      item.lastElementChild?.replaceChildren(...here);
    }
  }

  /**
   * Say how it stands.
   *
   * @param {string} words
   * @param {string} mark the class of what is won or lost
   * @param {PlayOutcome} [outcome] what it comes to
   */
  say(words, mark = "", outcome) {
    if (!this.status) return;
    this.board.classList.toggle("anyorder-won", mark === "anyorder-right");
    this.status.className = `anyorder-status ${mark}`;
    this.status.textContent = words;
    if (!outcome) return;
    const text = document.createElement("pre");
    text.textContent = outcome.text;
    const more = document.createElement("p");
    const ends = outcome.ends && `It does not end: ${outcome.ends.replace(": it never ends", "")}.`;
    more.textContent = [ends, outcome.why, outcome.ways].filter(Boolean).join(" ");
    this.status.append(...(outcome.text ? [text] : []), more);
  }
}

/** A game on the board: the steps that have been taken, and the ones that were undone. */
class Game {
  /**
   * @param {Turns} turns
   */
  constructor(turns) {
    this.turns = turns;
    this.data = turns.data;
    /** @type {Move[]} */
    this.path = [];
    /** @type {Move[]} */
    this.undone = [];
    /** @type {number | null} */
    this.way = null;
    this.begin(this.data.forced ? null : 0);
  }

  /** The node at which the program is. */
  get node() {
    return this.path.at(-1)?.to ?? this.data.ways[this.way ?? 0]?.from ?? 0;
  }

  /** Whether the reader has won: then there is nothing to press. */
  get over() {
    return this.way === null && this.turns.sure.has(this.node);
  }

  /** How many steps the reader has asked for. */
  get presses() {
    return this.path.filter((move) => move.pressed).length;
  }

  /** Which buttons can be pressed. */
  get can() {
    const following = this.data.ways[this.way ?? -1];
    const ended = this.turns.end(this.node);
    return {
      back: this.presses > 0,
      next:
        this.undone.length > 0 ||
        (this.over && !ended) ||
        Boolean(following && this.path.length < following.turns.length),
      hint: !this.over && !ended && !this.turns.lost(this.node),
      again: this.path.length > 0,
    };
  }

  /** @param {number | null} way the outcome to step through, or none: the reader takes the turns */
  begin(way) {
    this.way = way;
    this.path = [];
    this.undone = [];
    if (way === null) this.settle();
  }

  /**
   * Let a thread go on.
   *
   * @param {number} thread
   * @param {boolean} whole to the end of its line
   */
  press(thread, whole) {
    if (!this.data.forced || this.over) return;
    let line;
    for (let first = true; first || whole; first = false) {
      const move = this.turns.choice(this.node, thread);
      if (!move || (line !== undefined && move.event.line !== line)) break;
      line = move.event.line;
      this.path.push({ ...move, pressed: first });
      this.way = null;
      this.undone = [];
    }
    this.settle();
  }

  /** Take the steps that are forced. */
  settle() {
    while (!this.over) {
      const move = this.turns.choice(this.node, this.data.forced?.[this.node]);
      if (!move) break;
      this.path.push(move);
    }
  }

  back() {
    const pressed = this.path.findLastIndex((move) => move.pressed);
    if (pressed >= 0) this.undone.unshift(...this.path.splice(pressed));
  }

  /** Do again what was undone, or take the next step of an outcome that is stepped through. */
  next() {
    const again = this.undone.findIndex((move, place) => place > 0 && move.pressed);
    const redone = this.undone.splice(0, again < 0 ? Infinity : again);
    this.path.push(...redone);
    if (redone.length) return;
    const turn = this.data.ways[this.way ?? -1]?.turns[this.path.length];
    const move = this.over ? this.turns.nearest(this.node) : this.turns.choice(this.node, turn);
    if (move) this.path.push({ ...move, pressed: true });
  }
}

/** Where a game is, in the page's address: `board-1:2:5` is step 5 to outcome 2. */
class Address {
  /**
   * @param {string} name the board's
   * @param {Game} game
   */
  constructor(name, game) {
    this.name = name;
    this.game = game;
  }

  get text() {
    const { way, path } = this.game;
    if (way !== null) return `${this.name}:${way + 1}:${path.length}`;
    const told = path.map(({ event, pressed }) => {
      return (pressed ? "." : "") + event.thread.toString(DIGITS);
    });
    return `${this.name}::${told.join("")}`;
  }

  /**
   * Take the game to where the page's address says, as far as there is such a place.
   *
   * @returns {boolean} whether it says a place in this game, and another one than where that is
   */
  follow() {
    const [name, way = "", where = ""] = location.hash.slice(1).split(":");
    if (name !== this.name || location.hash === `#${this.text}`) return false;
    if (way) this.#step(Number(way) - 1, Number(where));
    else if (this.game.data.forced) this.#take(where);
    return true;
  }

  /**
   * @param {number} way
   * @param {number} steps
   */
  #step(way, steps) {
    const turns = this.game.data.ways[way]?.turns;
    if (!turns) return;
    this.game.begin(way);
    for (let step = 0; step < Math.min(steps, turns.length); step += 1) this.game.next();
  }

  /** @param {string} told the threads in the order of their turns, a dot before each press */
  #take(told) {
    const { game } = this;
    game.begin(null);
    game.path = [];
    for (const [, pressed, thread] of told.matchAll(/(\.?)(\w)/g)) {
      const move = game.turns.choice(game.node, parseInt(thread ?? "", DIGITS));
      if (!move) break;
      game.path.push({ ...move, pressed: pressed === "." });
    }
  }
}

/** The board itself: what the reader does, and what is shown of the game. */
class Board extends HTMLElement {
  hinted = -1;

  connectedCallback() {
    /** @type {BoardData} */
    this.data = JSON.parse(this.querySelector("script")?.textContent ?? "");
    this.game = new Game(new Turns(this.data));
    this.address = new Address(this.id, this.game);
    this.screen = new Screen(this, this.data);
    this.choice = this.querySelector("select");
    this.whole = this.querySelector("input");
    this.addEventListener("click", (event) => {
      const pressed = /** @type {Element} */ (event.target).closest("[data-thread], [data-do]");
      if (pressed) this.act(Object(pressed).dataset);
    });
    this.addEventListener("keydown", (event) => this.key(event));
    this.choice?.addEventListener("change", () => {
      const chosen = this.choice?.selectedIndex ?? 0;
      this.game?.begin(this.data?.forced ? (chosen ? chosen - 1 : null) : chosen);
      this.show(true);
    });
    addEventListener("hashchange", () => this.restore());
    this.show();
    this.restore();
  }

  /**
   * @param {{ thread?: string, do?: string }} asked
   */
  act(asked) {
    const { game } = this;
    if (!game) return;
    this.hinted = -1;
    if (asked.do === "hint") this.hinted = game.turns.nearest(game.node)?.event.thread ?? -1;
    else if (asked.do === "back") game.back();
    else if (asked.do === "next") game.next();
    else if (asked.do === "again") game.begin(null);
    else game.press(Number(asked.thread), Boolean(this.whole?.checked));
    this.show(true);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const target = /** @type {Element} */ (event.target);
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (target.matches("select, pre, ol")) return; // they have keys of their own
    const keys = { ArrowLeft: "back", u: "back", ArrowRight: "next", h: "hint" };
    const command = Object(keys)[event.key];
    const lane = this.querySelector(`[aria-keyshortcuts="${event.key.replace(/\D/g, "")}"]`);
    if (!command && !lane) return;
    event.preventDefault();
    this.act(command ? { do: command } : Object(lane).dataset);
  }

  /** @param {boolean} [keep] whether the page's address is to say where the board is */
  show(keep) {
    const { game, screen, data } = this;
    if (!game || !screen || !data) return;
    const { turns, path, node, way } = game;
    const state = new State(path);
    const prospects = data.threads.map((_, thread) => turns.prospect(node, thread, path, state));
    if (game.over) for (const each of prospects) each.can = false;
    const pressed = Math.max(path.findLastIndex((move) => move.pressed), 0);
    screen.show(state, prospects, path.slice(pressed).map(({ event }) => event));
    for (const lane of screen.lanes) {
      lane.classList.toggle("anyorder-hinted", Number(lane.dataset.thread) === this.hinted);
    }
    this.#say(game, screen);
    for (const [name, able] of Object.entries(game.can)) {
      const button = this.querySelector(`[data-do="${name}"]`);
      if (button) button.ariaDisabled = String(!able);
    }
    if (this.choice) this.choice.selectedIndex = data.forced ? (way ?? -1) + 1 : (way ?? 0);
    if (keep) history.replaceState(null, "", `#${this.address?.text}`);
  }

  /**
   * @param {Game} game
   * @param {Screen} screen
   */
  #say({ turns, node, presses, way, over, data }, screen) {
    const end = turns.end(node);
    const counted = `${presses} ${presses === 1 ? "turn" : "turns"}`;
    if (way !== null) {
      const total = data.ways[way]?.turns.length ?? 0;
      screen.say(`Step ${presses} of ${total}` + (end ? ". It came to:" : ""), "", end);
    } else if (over) {
      const outcome = turns.outcome(node);
      screen.say(`You did it, in ${counted}! Now it comes to:`, "anyorder-right", outcome);
    } else if (end) screen.say("That is not the goal: go back. It came to:", "anyorder-wrong", end);
    else if (turns.lost(node)) {
      screen.say("From here the goal is out of reach: go back, and try another way.", "anyorder-wrong");
    } else if (this.hinted >= 0) {
      screen.say(`The shortest way goes on with ${screen.names[this.hinted]}.`);
    } else screen.say(presses ? `${counted}. Who goes next?` : "Who goes first? Press a thread.");
  }

  /** Go to where the page's address says. */
  restore() {
    if (!this.address?.follow()) return;
    this.show();
    const forward = /** @type {HTMLElement | null} */ (this.querySelector('[data-do="next"]'));
    forward?.focus({ preventScroll: true });
    this.scrollIntoView();
  }
}

customElements.define("anyorder-board", Board);
