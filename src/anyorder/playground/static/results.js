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

/** @param {string} text */
function output(text) {
  if (!text) return make("p", "", "no output");
  return make("div", "anyorder-output", make("div", "highlight", make("pre", "", text)));
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
  cell.append(output(first));
  if (others.length) {
    const summary = make("summary", "", `${others.length} more`);
    cell.append(make("details", "", summary, ...others.map(output)));
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
export function table(rows, caption, board) {
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
export function board({ data, html }, name) {
  const element = document.createElement("anyorder-board");
  element.id = name;
  const script = make("script", "", JSON.stringify(data));
  script.type = "application/json";
  const drawn = document.createElement("template");
  drawn.innerHTML = html; // of the tool itself, which has escaped what the program says
  element.append(make("div", "anyorder-play anyorder-board", script, drawn.content));
  return element;
}
