// The reader's Python, chosen once for the whole site: what does not hold there is put away.

const KEY = "anyorder-yours";
// the shares of all runs from which on it is nearly all of them, and one that is told in percent
const [NEARLY, OFTEN] = [0.95, 0.01];

/** @param {string} python */
const versionOf = (python) => python.replace("t", "");

/** @param {string} python */
const buildOf = (python) => (python.endsWith("t") ? "free-threaded" : "with a GIL");

/** @param {number} number */
const written = (number) => number.toLocaleString("en");

/**
 * Round a number to its first two digits.
 *
 * @param {number} number
 */
const rounded = (number) => {
  const unit = 10 ** Math.max(String(Math.floor(number)).length - 2, 0);
  return Math.floor(number / unit + 0.5) * unit;
};

/**
 * @param {number} seen
 * @param {number} runs
 * @returns {string} how often that is, as the page's words were made
 */
const often = (seen, runs) => {
  if (!runs) return "no runs recorded";
  if (!seen) return "never seen";
  if (seen === runs) return "in every run";
  if (seen >= NEARLY * runs) return "in nearly every run";
  if (seen >= OFTEN * runs) return `about ${rounded((100 * seen) / runs)}% of our runs`;
  return `about 1 in ${written(rounded(runs / seen))} of our runs`;
};

class Yours extends HTMLElement {
  connectedCallback() {
    this.pythons = this.getAttribute("pythons")?.split(" ") ?? [];
    /** @type {[string, string[]][]} */
    const choices = [
      ["version", this.pythons.map(versionOf)],
      ["build", this.pythons.map(buildOf)],
      ["start method", this.getAttribute("methods")?.split(" ") ?? []],
    ];
    /** @type {string[]} */
    this.chosen = [];
    try {
      this.chosen = localStorage.getItem(KEY)?.split("|") ?? [];
    } catch {
      // the browser lets no page remember
    }
    this.selects = choices.map(([name, words], place) => this.select(name, words, place));
    this.status = document.createElement("span");
    this.status.setAttribute("role", "status");
    this.append("On your Python: ", ...this.selects, this.status);
    if (this.yours) this.show(); // the page is written for whoever has chosen nothing
  }

  /**
   * @param {string} name
   * @param {string[]} words
   * @param {number} place
   */
  select(name, words, place) {
    const select = document.createElement("select");
    select.ariaLabel = name;
    for (const word of new Set(["", ...words])) select.add(new Option(word || `any ${name}`, word));
    select.value = this.chosen?.[place] ?? "";
    if (select.selectedIndex < 0) select.selectedIndex = 0;
    select.hidden = select.length < 3;
    select.addEventListener("change", () => {
      if (this.chosen) this.chosen[place] = select.value;
      this.choose();
    });
    return select;
  }

  choose() {
    try {
      localStorage.setItem(KEY, this.chosen?.join("|") ?? "");
    } catch {
      // it holds for this page, then
    }
    this.show();
  }

  /** @returns {string[]} what is chosen: the version, the build and the start method */
  get values() {
    return this.selects?.map((select) => select.value) ?? [];
  }

  /** The name of what is chosen. */
  get yours() {
    const [version, build, method] = this.values;
    return [version, build, method && `under ${method}`].filter(Boolean).join(" ");
  }

  /**
   * Put a part of the page away unless it holds for what is chosen.
   *
   * @param {Element} part
   */
  others(part) {
    const away = this.selects?.some((select) => {
      const met = [...select.options].filter(({ value }) =>
        part.classList.contains(`anyorder-on-${value.replaceAll(" ", "-")}`),
      );
      return select.value && met.length && !met.some((option) => option.selected);
    });
    return part.toggleAttribute("data-away", away);
  }

  show() {
    const passages = [...document.querySelectorAll(".anyorder-only")].filter((part) =>
      this.others(part),
    ).length;
    for (const old of document.querySelectorAll(".anyorder-others")) old.remove();
    for (const row of document.querySelectorAll(".anyorder-numbers tbody tr")) this.others(row);
    let outcomes = 0;
    for (const table of document.querySelectorAll("table.anyorder-outcomes")) {
      outcomes += this.table(table);
    }
    // of a table of builds, what is about the chosen ones is marked
    const [version, build] = this.values;
    for (const answer of document.querySelectorAll(".anyorder-reachable [class*=anyorder-on-]")) {
      const away = this.others(answer);
      answer.removeAttribute("data-away");
      answer.classList.toggle("anyorder-here", !away && Boolean(version || build));
    }
    const hidden = [];
    if (outcomes) hidden.push(`${outcomes} ${outcomes > 1 ? "outcomes" : "outcome"}`);
    if (passages) hidden.push(`${passages} ${passages > 1 ? "passages" : "passage"}`);
    const what = hidden.join(" and ");
    if (this.status) this.status.textContent = what && `${what} of other Pythons hidden`;
  }

  /**
   * Show of a table of outcomes what is true of the chosen Python.
   *
   * @param {Element} table
   * @returns {number} how many of its rows are put away
   */
  table(table) {
    const rows = [...table.querySelectorAll(":scope > tbody > tr")];
    const { length } = rows.filter((row) => this.others(row));
    for (const [place, row] of rows.entries()) {
      const [answer] = row.querySelectorAll("[data-answers]");
      if (answer) answer.textContent = this.answer(answer.getAttribute("data-answers") ?? "");
      this.count(row, table.parentElement?.querySelectorAll(`.anyorder-of-${place + 1}`) ?? []);
    }
    if (length) table.after(this.rest(`Hidden: ${length} of ${rows.length} outcomes`));
    return length;
  }

  /** @param {string} answers the words for each choice, the version first and then the build */
  answer(answers) {
    const [version, build] = this.values;
    if (build === "free-threaded" || !answers) return "yes";
    const known = new Map(answers.split("|").map((each) => /** @type {any} */ (each.split(":"))));
    return known.get([version, build].filter(Boolean).join(" ")) ?? known.get(build ?? "") ?? "yes";
  }

  /**
   * Count what was observed of an outcome again.
   *
   * @param {Element} row
   * @param {Iterable<Element>} lines where its numbers are
   */
  count(row, lines) {
    const [version, build] = this.values;
    const total = { seen: 0, runs: 0 };
    let counted = false;
    for (const line of lines) {
      counted = true;
      for (const cell of line.querySelectorAll("[data-seen]")) {
        const [seen = [], runs = []] = (cell.getAttribute("data-seen") ?? "")
          .split("/")
          .map((numbers) => numbers.split(" ").map(Number));
        const tally = { seen: 0, runs: 0 };
        for (const [place, python] of this.pythons?.entries() ?? []) {
          if (version && version !== versionOf(python)) continue;
          if (build && build !== buildOf(python)) continue;
          tally.seen += seen[place] ?? seen[0] ?? 0; // one number stands for all
          tally.runs += runs[place] ?? runs[0] ?? 0;
        }
        const words = `${written(tally.seen)} of ${written(tally.runs)}`;
        cell.textContent = tally.runs ? words : "no runs";
        if (line.hasAttribute("data-away")) continue;
        total.seen += tally.seen;
        total.runs += tally.runs;
      }
    }
    const share = row.querySelector(".anyorder-share");
    const words = share?.nextElementSibling?.firstChild;
    if (!words || !counted) return;
    words.textContent = often(total.seen, total.runs);
    const width = total.runs ? (100 * total.seen) / total.runs : 0;
    share.firstElementChild?.setAttribute("width", `${width}%`);
  }

  /**
   * @param {string} hidden
   * @returns {Element} the line that says what is put away, with the way to have it back
   */
  rest(hidden) {
    const line = document.createElement("p");
    line.className = "anyorder-others";
    const all = document.createElement("button");
    all.type = "button";
    all.textContent = "Show all";
    all.addEventListener("click", () => {
      for (const select of this.selects ?? []) select.value = "";
      this.chosen = [];
      this.choose();
      this.selects?.[0]?.focus({ preventScroll: true }); // the button is gone
    });
    line.append(`${hidden}, not of Python ${this.yours} `, all);
    return line;
  }
}

customElements.define("anyorder-yours", Yours);
