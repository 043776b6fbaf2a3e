// The editor: a text field with numbered lines, in which Tab indents until Escape is pressed.

const INDENT = "    ";
const STEP = /^(\t| {1,4})/; // at the beginning of a line, what Shift and Tab take away
const MANY = 200; // lines; to type more takes browsers minutes, and there is no undoing it

export class Editor {
  /**
   * @param {string} text
   * @param {string} name what a screen reader calls it
   * @param {number} number which editor of the page it is
   */
  constructor(text, name, number) {
    this.element = document.createElement("div");
    this.element.className = "anyorder-editor";
    this.gutter = document.createElement("ol");
    this.gutter.ariaHidden = "true";
    this.field = document.createElement("textarea");
    this.field.ariaLabel = name;
    this.field.spellcheck = false;
    this.field.setAttribute("autocapitalize", "off");
    this.field.setAttribute("autocomplete", "off");
    this.field.setAttribute("wrap", "off");
    this.field.value = text.replace(/\n$/, "");
    const help = document.createElement("p");
    help.id = `anyorder-help-${number}`;
    help.textContent = "Tab indents. To leave the editor by keyboard, press Escape, then Tab.";
    this.field.setAttribute("aria-describedby", help.id);
    const frame = document.createElement("div");
    frame.append(this.gutter, this.field);
    this.element.append(frame, help);
    this.leaving = false;
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("blur", () => (this.leaving = false));
    this.field.addEventListener("input", () => this.mark());
    this.mark();
  }

  get text() {
    return this.field.value.replace(/\n*$/, "\n");
  }

  set text(text) {
    this.field.select();
    this.#type(text.replace(/\n$/, ""));
    this.field.setSelectionRange(0, 0);
  }

  /**
   * Number the lines, and mark some.
   *
   * @param {(number | null)[]} lines those of errors
   */
  mark(...lines) {
    const count = this.field.value.split("\n").length;
    this.field.rows = count;
    const numbers = [...this.gutter.children];
    for (const spare of numbers.splice(count)) spare.remove();
    while (numbers.length < count) numbers.push(document.createElement("li"));
    this.gutter.append(...numbers.slice(this.gutter.childElementCount));
    for (const marked of this.gutter.querySelectorAll(".anyorder-error")) marked.className = "";
    for (const line of lines) numbers[(line ?? 0) - 1]?.classList.add("anyorder-error");
    this.field.ariaInvalid = String(lines.length > 0);
  }

  /**
   * Put the cursor at the beginning of a line.
   *
   * @param {number} line
   */
  goto(line) {
    const before = this.field.value.split("\n").slice(0, line - 1);
    const place = before.reduce((sum, each) => sum + each.length + 1, 0);
    this.field.focus();
    this.field.setSelectionRange(place, place);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { leaving } = this;
    if (event.key !== "Shift") this.leaving = event.key === "Escape";
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.key === "Tab" && !leaving) this.#indent(event.shiftKey);
    else if (event.key === "Enter") this.#newLine();
    else return;
    event.preventDefault();
  }

  /** Begin a line as far in as the one before, and further behind a colon. */
  #newLine() {
    const { value, selectionStart } = this.field;
    const line = value.slice(value.lastIndexOf("\n", selectionStart - 1) + 1, selectionStart);
    const deeper = /:\s*(#.*)?$/.test(line) ? INDENT : "";
    this.#type(`\n${/^[ \t]*/.exec(line)?.[0]}${deeper}`);
  }

  /**
   * Move the selected lines in or out; where none is selected, Tab fills up to the next stop.
   *
   * @param {boolean} out
   */
  #indent(out) {
    const { value, selectionStart, selectionEnd } = this.field;
    const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
    if (!out && selectionStart === selectionEnd) {
      const column = selectionStart - start;
      this.#type(INDENT.slice(column % INDENT.length));
      return;
    }
    const text = value.slice(start, selectionEnd);
    const lines = text.split("\n");
    const moved = lines
      .map((line) => (out ? line.replace(STEP, "") : line && INDENT + line))
      .join("\n");
    if (moved === text) return; // to type nothing would delete what is before the cursor
    this.field.setSelectionRange(start, selectionEnd);
    this.#type(moved);
    const end = this.field.selectionEnd;
    if (selectionStart !== selectionEnd) this.field.setSelectionRange(start, end);
  }

  /**
   * Put a text in the place of the selection, so that the browser can undo it if it is not long.
   *
   * @param {string} text
   */
  #type(text) {
    this.field.focus();
    const { selectionStart, selectionEnd } = this.field;
    if (text.split("\n").length > MANY) {
      this.field.setRangeText(text, selectionStart, selectionEnd, "end");
      this.field.dispatchEvent(new Event("input", { bubbles: true }));
      return;
    }
    // out of favour, and still the one way to type into a field and keep its undo
    document.execCommand(text ? "insertText" : "delete", false, text);
  }
}
