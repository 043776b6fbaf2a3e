// A question: the reader chooses, has it checked, and may try again.

const KEY = "anyorder-answered";

class Predict extends HTMLElement {
  connectedCallback() {
    this.choices = [...this.querySelectorAll(".anyorder-choices > li")];
    this.reasons = [...this.querySelectorAll(".anyorder-reasons > li")];
    this.status = /** @type {HTMLElement | null} */ (this.querySelector("[role=status]"));
    this.addEventListener("click", (event) => {
      const pressed = /** @type {Element} */ (event.target).closest("[data-do]");
      if (pressed) this.answer(pressed.matches("[data-do=show]"));
    });
    this.addEventListener("change", () => {
      this.say("", "");
      for (const choice of this.choices ?? []) choice.removeAttribute("data-mark");
    });
    if (this.known().includes(this.place)) this.unfold();
  }

  /** The name under which a browser remembers that this was answered. */
  get place() {
    return `${location.pathname}#${this.id}`;
  }

  /** @returns {string[]} what has been answered */
  known() {
    try {
      return JSON.parse(localStorage.getItem(KEY) ?? "[]");
    } catch {
      return []; // the browser lets no page remember
    }
  }

  /** @param {boolean} shown whether the reader asked for the answer */
  answer(shown) {
    let wrong = 0;
    let missed = 0;
    const boxes = this.querySelectorAll("input");
    for (const [number, box] of boxes.entries()) {
      const right = box.hasAttribute("data-right");
      const mark = box.checked ? (right ? "met" : "mistaken") : right ? "missed" : "left";
      wrong += Number(mark === "mistaken");
      missed += Number(mark === "missed");
      this.choices?.[number]?.setAttribute("data-mark", mark);
    }
    const done = shown || wrong + missed === 0;
    for (const [number, choice] of this.choices?.entries() ?? []) {
      const mistaken = choice.getAttribute("data-mark") === "mistaken";
      if (done || mistaken) this.explain(choice, number);
      if (!done && !mistaken) choice.removeAttribute("data-mark"); // so that there is more to find
    }
    if (!done) return this.say(this.advice(wrong, missed), "anyorder-wrong");
    for (const box of boxes) box.disabled = true;
    this.querySelector(".anyorder-controls")?.remove();
    if (shown) this.say("This is the answer.", "");
    else this.say("That is right.", "anyorder-right");
    this.status?.focus(); // the button is gone
    this.unfold();
    try {
      localStorage.setItem(KEY, JSON.stringify([...new Set([...this.known(), this.place])]));
    } catch {
      // the next visit asks again
    }
  }

  /**
   * @param {number} wrong how many answers were chosen that are not right
   * @param {number} missed how many right ones were not chosen
   */
  advice(wrong, missed) {
    if (!this.querySelector("input:checked")) return "Choose an answer first.";
    if (this.querySelector("input[type=radio]")) return "Not that one. Try another.";
    if (!wrong) return `Right so far, but ${missed} ${missed > 1 ? "are" : "is"} missing. Try again.`;
    const more = missed ? `, and ${missed} ${missed > 1 ? "are" : "is"} missing` : "";
    return `${wrong} of your choices ${wrong > 1 ? "are" : "is"} wrong${more}. Try again.`;
  }

  /**
   * @param {string} words
   * @param {string} mark
   */
  say(words, mark) {
    if (!this.status) return;
    this.status.textContent = words;
    this.status.className = mark;
  }

  /**
   * Say below a choice why it is right or wrong.
   *
   * @param {Element} choice
   * @param {number} number
   */
  explain(choice, number) {
    const reason = this.reasons?.[number];
    if (!reason?.hasChildNodes()) return;
    const told = document.createElement("div");
    told.append(...reason.childNodes);
    choice.append(told);
  }

  /** Open the outcomes that were asked about: those that come next on the page. */
  unfold() {
    const next = [...document.querySelectorAll(".anyorder-fold")].find(
      (fold) => this.compareDocumentPosition(fold) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    next?.setAttribute("open", "");
  }
}

customElements.define("anyorder-predict", Predict);
