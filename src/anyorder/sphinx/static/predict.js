// A question whose answers are chosen and checked; each is then told why it is right or wrong.

class Predict extends HTMLElement {
  connectedCallback() {
    const choices = [...this.querySelectorAll(".anyorder-choices > li")];
    const solution = this.querySelector("details");
    const reasons = [...(solution?.querySelectorAll(".anyorder-reasons > li") ?? [])];
    const boxes = choices.map((choice) => {
      const box = document.createElement("input");
      box.type = "checkbox";
      const label = document.createElement("label");
      const words = document.createElement("span");
      words.append(...choice.childNodes);
      label.append(box, words);
      choice.append(label);
      return box;
    });
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Check";
    const result = document.createElement("p");
    result.setAttribute("role", "status");
    result.tabIndex = -1; // the button goes when it has been pressed, and the focus comes here
    button.addEventListener("click", () => {
      let right = 0;
      for (const [place, box] of boxes.entries()) {
        const reason = reasons[place];
        const choice = choices[place];
        if (!reason || !choice) continue;
        const expected = reason.querySelector(".anyorder-right") !== null;
        const met = box.checked === expected;
        right += Number(met);
        choice.className = met ? "anyorder-met" : "anyorder-missed";
        const told = document.createElement("div");
        told.append(...reason.childNodes);
        choice.append(told);
        box.disabled = true;
      }
      result.textContent = `You were right about ${right} of ${boxes.length}.`;
      result.focus();
      button.remove();
    });
    if (solution) solution.hidden = true;
    solution?.before(button, result);
  }
}

customElements.define("anyorder-predict", Predict);
