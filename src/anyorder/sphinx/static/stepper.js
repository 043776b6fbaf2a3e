// The steps that lead to an outcome, forwards and backwards.

class Stepper extends HTMLElement {
  connectedCallback() {
    const script = this.querySelector("script");
    /** @type {StepperData} */
    const data = JSON.parse(script?.textContent ?? "");
    const tables = [...this.querySelectorAll("details")];
    const board = document.createElement("anyorder-board");
    board.open(data, data.ways.flat());

    const controls = document.createElement("div");
    controls.className = "anyorder-controls";
    const choice = document.createElement("select");
    choice.ariaLabel = "Outcome";
    for (const table of tables) {
      const option = document.createElement("option");
      option.textContent = table.querySelector("summary")?.textContent?.trim() ?? "";
      choice.append(option);
    }
    const slider = document.createElement("input");
    slider.type = "range";
    slider.min = "0";
    slider.ariaLabel = "Step";
    const count = document.createElement("span");

    let way = 0;
    let now = 0;

    const show = () => {
      const steps = data.ways[way] ?? [];
      let state = board.begin();
      for (const step of steps.slice(0, now)) state = board.follow(state, step);
      /** @type {Map<number, number>} */
      const lines = new Map();
      for (const [thread, line] of steps.slice(now).reverse()) lines.set(thread, line);
      for (const [, , words] of steps.slice(now)) {
        const started = data.threads.findIndex((name) => data.strings[words] === `starts ${name}`);
        lines.delete(started);
      }
      const waiting = steps[now - 1]?.[6] ?? [];
      /** @type {Map<number, string>} */
      const waits = new Map();
      for (let place = 0; place < waiting.length; place += 2) {
        waits.set(waiting[place] ?? 0, data.strings[waiting[place + 1] ?? 0] ?? "");
      }
      board.show(state, lines, waits);
      slider.max = String(steps.length);
      slider.value = String(now);
      slider.setAttribute("aria-valuetext", `Step ${now} of ${steps.length}`);
      count.textContent = `${now} of ${steps.length}`;
      choice.selectedIndex = way;
      back.ariaDisabled = String(now === 0);
      forward.ariaDisabled = String(now === steps.length);
      for (const [place, table] of tables.entries()) {
        table.hidden = place !== way;
        for (const [number, row] of table.querySelectorAll("tbody tr").entries()) {
          row.ariaCurrent = place === way && number === now - 1 ? "step" : null;
        }
      }
    };
    /** @param {number} step */
    const go = (step) => {
      now = Math.min(Math.max(step, 0), data.ways[way]?.length ?? 0);
      show();
      history.replaceState(null, "", `#${this.id}:${way + 1}:${now}`);
    };
    const back = board.button("Back", () => go(now - 1));
    const forward = board.button("Next", () => go(now + 1));

    choice.addEventListener("change", () => {
      way = choice.selectedIndex;
      go(0);
    });
    slider.addEventListener("input", () => go(Number(slider.value)));
    this.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const target = /** @type {Element} */ (event.target);
      if (!by || event.ctrlKey || event.altKey || event.metaKey) return;
      if (target.matches("select, input, pre, ol")) return; // they have arrows of their own
      event.preventDefault();
      go(now + by);
    });
    for (const [place, table] of tables.entries()) {
      table.open = false;
      for (const [number, row] of table.querySelectorAll("tbody tr").entries()) {
        row.addEventListener("click", () => {
          way = place;
          go(number + 1);
        });
      }
    }
    if (tables.length > 1) controls.append(choice);
    controls.append(back, forward, slider, count);
    script?.after(controls, board);

    /** Go to where the page's address says. */
    const jump = () => {
      const [name, first, second] = location.hash.slice(1).split(":");
      const steps = data.ways[Number(first) - 1];
      if (name !== this.id || !steps) return;
      way = Number(first) - 1;
      now = Math.min(Number(second) || 0, steps.length);
      show();
      forward.focus({ preventScroll: true });
      this.scrollIntoView();
    };
    addEventListener("hashchange", jump);
    show();
    jump();
  }
}

customElements.define("anyorder-stepper", Stepper);
