// What an exploration came to, in the parts that a page has for it: a table and a board.

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} style its class
 * @param {(Node | string)[]} content
 */
export function make(tag, style = "", ...content) {
  const element = document.createElement(tag);
  if (style) element.className = style;
  element.append(...content);
  return element;
}

/**
 * @param {number} number
 * @param {string} word
 */
export function counted(number, word) {
  return `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
}

/**
 * @param {string} text
 * @param {string} nothing what is said where there is none
 */
function output(text, nothing = "no output") {
  if (!text) return make("p", "", nothing);
  // as the page's own, of which themes know that a long line scrolls
  return make("div", "anyorder-output highlight-none", make("div", "highlight", make("pre", "", text)));
}

/**
 * @param {OutcomeRow} row
 * @param {string} board the name of the board with its steps
 */
function rowOf(row, board) {
  const [first = "", ...others] = row.marked;
  const cell = make("td");
  if (row.new) cell.append(make("p", "anyorder-new", "new"));
  if (row.count > 1) {
    const kind = row.broken ? " with broken lines" : "";
    cell.append(make("p", "", `${counted(row.count, "output")}${kind}, such as:`));
  }
  cell.append(output(first, row.stderr ? "nothing on standard output" : undefined));
  if (others.length) {
    const summary = make("summary", "", `${others.length} more`);
    cell.append(make("details", "", summary, ...others.map((text) => output(text))));
  }
  if (row.stderr) cell.append(make("p", "", "and on standard error:"), output(row.stderr));
  const exit = row.exit ? `exit status ${row.exit}` : "";
  if (row.ends || exit) cell.append(make("p", "", row.ends || exit));
  if (row.way !== null) {
    const link = make("a", "", "Show the steps");
    link.href = `#${board}:${row.way + 1}:0`;
    cell.append(make("p", "anyorder-way", link));
  }
  const can = make("p", "", row.can);
  if (row.answers) can.dataset.answers = row.answers;
  return make("tr", "", cell, make("td", "", can));
}

/**
 * @param {OutcomeRow[]} rows
 * @param {string} caption
 * @param {string} board
 */
function table(rows, caption, board) {
  const heads = ["What it prints", "On your Python"].map((each) => make("th", "head", each));
  for (const head of heads) head.scope = "col";
  return make(
    "table",
    "anyorder-outcomes",
    make("caption", "", caption),
    make("thead", "", make("tr", "", ...heads)),
    make("tbody", "", ...rows.map((row) => rowOf(row, board))),
  );
}

/**
 * @param {NonNullable<Explored["board"]>} content
 * @param {string} name
 */
function board({ data, html }, name) {
  const element = document.createElement("anyorder-board");
  element.id = name;
  const script = make("script", "", JSON.stringify(data));
  script.type = "application/json";
  const drawn = document.createElement("template");
  drawn.innerHTML = html; // of the tool itself, which has escaped what the program says
  element.append(make("div", "anyorder-play anyorder-board", script, drawn.content));
  return element;
}

/**
 * @param {Explored} answer
 * @returns {HTMLElement[]} what has changed, where that was asked
 */
function changes({ against, gone, rows }) {
  if (!against) return [];
  if (!against.complete) {
    const unknown = "What changed is not known: not all was explored that the page's program can do.";
    return [make("p", "anyorder-changed", unknown)];
  }
  /** @param {OutcomeRow[]} of */
  const sum = (of) => of.reduce((total, { count }) => total + count, 0);
  const fresh = sum(rows.filter((row) => row.new));
  const lost = sum(gone);
  const words = `What changed: ${counted(fresh, "outcome")} new, ${lost.toLocaleString("en")} gone`;
  const same = "The same outcomes as the page's program has";
  return [make("p", "anyorder-changed", `${fresh || lost ? words : same}.`)];
}

/** What was found of a program, below its editor. */
export class Results {
  element = make("div", "anyorder-results");
  name = "";

  get board() {
    return this.element.querySelector("anyorder-board");
  }

  /** What the page's address says of the program, and of the step that the board shows. */
  get address() {
    return this.board ? Object(this.board).address.text : this.name;
  }

  clear() {
    this.element.replaceChildren();
  }

  /**
   * @param {Explored} answer
   * @param {string} program what it is called
   * @param {string} name of the board, and in the page's address
   */
  show(answer, program, name) {
    const { rows, more, gone, board: content, verdict } = answer;
    this.name = name;
    this.element.replaceChildren(
      ...changes(answer),
      ...(rows.length ? [table(rows, `What ${program} can print`, name)] : []),
      ...(more ? [make("p", "", `And ${counted(more, "outcome")} more.`)] : []),
      ...(gone.length ? [make("p", "", "It can no longer print:"), table(gone, "Gone", name)] : []),
    );
    if (content) this.element.append(board(content, name)); // which goes to the step of a link
    if (!location.hash.startsWith(`#${name}:`)) history.replaceState(null, "", `#${name}`);
    if (verdict && !verdict.held && verdict.way !== null) location.hash = `${name}:${verdict.way + 1}:0`;
    const yours = document.querySelector("anyorder-yours");
    /** @type {any} */ (yours)?.show?.();
  }
}
