// What a program has come to: its lines with the threads at them, shared values, locks, output.

const MARKS = "●■▲◆★⬢";

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} classes
 * @param {(Node | string)[]} children
 */
function make(tag, classes, ...children) {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  made.append(...children);
  return made;
}

class Board extends HTMLElement {
  /** @type {PlayData} */
  #data = { lines: [], threads: [], strings: [] };
  #now = make("p", "anyorder-now");
  #code = make("ol", "anyorder-code");
  #values = make("dd", "");
  #locks = make("dd", "");
  #waits = make("dd", "");
  #output = make("pre", "");

  /**
   * Draw the program, before anything has happened.
   *
   * @param {PlayData} data
   * @param {PlayEvent[]} events all that can happen
   */
  open(data, events) {
    const values = events.some((event) => event[4]?.length);
    const locks = events.some((event) => event[5]?.length);
    this.#data = data;
    this.#now.setAttribute("aria-live", "polite");
    this.#code.tabIndex = 0;
    this.#code.setAttribute("aria-label", "The program, and where its threads are");
    for (const line of data.lines) {
      this.#code.append(make("li", "", make("code", "", line || " "), make("span", "")));
    }
    this.#output.tabIndex = 0;
    this.#output.setAttribute("role", "group");
    this.#output.setAttribute("aria-label", "Output so far");
    const facts = make("dl", "");
    /** @type {[string, HTMLElement][]} */
    const named = [];
    if (values) named.push(["Shared values", this.#values]);
    if (locks) named.push(["Locks", this.#locks]);
    named.push(["Waiting", this.#waits], ["Output", make("dd", "", this.#output)]);
    for (const [name, fact] of named) facts.append(make("div", "", make("dt", "", name), fact));
    this.append(this.#now, facts, this.#code);
  }

  /**
   * @param {string} text
   * @param {() => void} press
   */
  button(text, press) {
    const made = make("button", "", text);
    made.type = "button";
    made.addEventListener("click", press);
    return made;
  }

  /** @param {number} thread */
  name(thread) {
    return `${MARKS[thread % MARKS.length]} ${this.#data.threads[thread]}`;
  }

  /** @returns {PlayState} */
  begin() {
    return { values: new Map(), locks: new Map(), output: "", now: null };
  }

  /**
   * @param {PlayState} before
   * @param {PlayEvent} event
   * @returns {PlayState} what the event makes of it
   */
  follow(before, event) {
    const { strings } = this.#data;
    const [thread, , words, printed = 0, changed = [], held = []] = event;
    const values = new Map(before.values);
    for (let place = 0; place < changed.length; place += 2) {
      values.set(strings[changed[place] ?? 0] ?? "", strings[changed[place + 1] ?? 0] ?? "");
    }
    const released = strings[words] ?? "";
    const locks = new Map(
      [...before.locks].filter(
        ([lock, holder]) => holder !== thread && released !== `lets go of ${lock}`,
      ),
    );
    for (const lock of held) locks.set(strings[lock] ?? "", thread);
    return { values, locks, output: before.output + strings[printed], now: event };
  }

  /**
   * @param {PlayState} state
   * @param {Map<number, number>} lines at which line each thread goes on
   * @param {Map<number, string>} waits what each thread waits for that cannot go on
   */
  show(state, lines, waits) {
    const { now } = state;
    const words = now ? `${this.name(now[0])} ${this.#data.strings[now[2]]}` : "Nothing yet";
    this.#now.textContent = now?.[1] ? `${words} (line ${now[1]})` : words;
    this.#now.className = now ? `anyorder-now anyorder-t${now[0] % MARKS.length}` : "anyorder-now";
    for (const [place, item] of [...this.#code.children].entries()) {
      item.classList.toggle("anyorder-at", now?.[1] === place + 1);
      const here = [...lines].filter(([, line]) => line === place + 1);
      item.lastElementChild?.replaceChildren(
        ...here.map(([thread]) =>
          make("span", `anyorder-t${thread % MARKS.length}`, this.name(thread)),
        ),
      );
    }
    this.#list(this.#values, [...state.values].map(([name, value]) => `${name} = ${value}`));
    this.#list(
      this.#locks,
      [...state.locks].map(([lock, holder]) => `${lock}: held by ${this.name(holder)}`),
    );
    this.#list(
      this.#waits,
      [...waits].map(([thread, what]) => `${this.name(thread)}: ${what}`),
    );
    this.#output.textContent = state.output;
  }

  /**
   * @param {HTMLElement} place
   * @param {string[]} texts
   */
  #list(place, texts) {
    place.replaceChildren(...(texts.length ? texts : ["–"]).map((text) => make("div", "", text)));
  }
}

customElements.define("anyorder-board", Board);
