// The reader's Python, chosen once for the whole site: what does not hold there is put away.

const KEY = "anyorder-yours";

/** @param {string} python */
const versionOf = (python) => python.replace("t", "");

/** @param {string} python */
const buildOf = (python) => (python.endsWith("t") ? "free-threaded" : "with a GIL");

/** @param {number} number */
const written = (number) => number.toLocaleString("en");

class Yours extends HTMLElement {
  connectedCallback() {
    const pythons = this.getAttribute("pythons")?.split(" ") ?? [];
    /** @type {[string, string[]][]} */
    const choices = [
      ["version", pythons.map(versionOf)],
      ["build", pythons.map(buildOf)],
      ["start method", this.getAttribute("methods")?.split(" ") ?? []],
    ];
    /** @type {string[]} */
    let chosen = [];
    try {
      chosen = localStorage.getItem(KEY)?.split("|") ?? [];
    } catch {
      // the browser lets no page remember
    }
    const selects = choices.map(([name, words], place) => {
      const select = document.createElement("select");
      select.ariaLabel = name;
      for (const word of new Set(["", ...words])) {
        select.add(new Option(word || `any ${name}`, word));
      }
      select.value = chosen[place] ?? "";
      if (select.selectedIndex < 0) select.selectedIndex = 0;
      select.hidden = select.length < 3;
      select.addEventListener("change", () => {
        chosen[place] = select.value;
        choose();
      });
      return select;
    });
    const status = document.createElement("span");
    status.setAttribute("role", "status");
    this.append("On your Python: ", ...selects, status);

    const choose = () => {
      try {
        localStorage.setItem(KEY, chosen.join("|"));
      } catch {
        // it holds for this page, then
      }
      show();
    };

    /**
     * Put a part of the page away unless it holds for what is chosen.
     *
     * @param {Element} part
     */
    const others = (part) => {
      const away = selects.some((select) => {
        const met = [...select.options].filter(({ value }) =>
          part.classList.contains(`anyorder-on-${value.replaceAll(" ", "-")}`),
        );
        return select.value && met.length && !met.some((option) => option.selected);
      });
      return part.toggleAttribute("data-away", away);
    };

    const show = () => {
      const [version, build, method] = selects.map((select) => select.value);
      const yours = [version, build, method && `under ${method}`].filter(Boolean).join(" ");
      let count = [...document.querySelectorAll(".anyorder-only")].filter(others).length;
      for (const old of document.querySelectorAll(".anyorder-others")) old.remove();
      for (const table of document.querySelectorAll("table.anyorder-outcomes")) {
        const rows = [...table.querySelectorAll("tbody tr")];
        const { length } = rows.filter(others);
        count += length;
        if (!length) continue;
        const line = document.createElement("p");
        line.className = "anyorder-others";
        const all = document.createElement("button");
        all.type = "button";
        all.textContent = "Show all";
        all.addEventListener("click", () => {
          for (const select of selects) select.value = "";
          chosen = [];
          choose();
          selects[0]?.focus({ preventScroll: true }); // the button is gone
        });
        line.append(`Hidden: ${length} of ${rows.length} outcomes, not of Python ${yours} `, all);
        table.after(line);
      }
      // of a table of builds, what is about the chosen ones is marked
      const answers = "table.anyorder-reachable [class*=anyorder-on-]";
      for (const answer of document.querySelectorAll(answers)) {
        const away = others(answer);
        answer.removeAttribute("data-away");
        answer.classList.toggle("anyorder-here", !away && Boolean(version || build));
      }
      status.textContent = count ? `${count} hidden` : "";

      for (const line of document.querySelectorAll("[data-seen]")) {
        others(line);
        const [seen = [], runs = []] = (line.getAttribute("data-seen") ?? "")
          .split("/")
          .map((numbers) => numbers.split(" ").map(Number));
        /** @type {Record<string, [number, number]>} */
        const tallies = {};
        let all = 0;
        for (const [place, python] of pythons.entries()) {
          if (version && version !== versionOf(python)) continue;
          if (build && build !== buildOf(python)) continue;
          const ran = runs[place] ?? runs[0] ?? 0; // one number stands for all
          if (!ran) continue;
          const tally = (tallies[buildOf(python)] ??= [0, 0]);
          tally[0] += seen[place] ?? seen[0] ?? 0;
          tally[1] += ran;
          all += ran;
        }
        const counts = Object.entries(tallies).sort().reverse();
        let words = counts
          .map(([name, [some, ran]]) => `${written(some)} of ${written(ran)} ${name}`)
          .join(", ");
        if (counts.every(([, [some, ran]]) => some === ran)) words = `all ${written(all)}`;
        if (!counts.some(([, [some]]) => some)) words = `not seen in ${written(all)} runs`;
        if (!all) words = "no runs recorded";
        line.textContent = `${line.textContent?.split(": ")[0]}: ${words}`;
      }
    };
    show();
  }
}

customElements.define("anyorder-yours", Yours);
