// The colours that the reader chose, before anything is painted; and the switch that chooses.
{
  /** What can be chosen, each with the words of the switch. @type {[string, string][]} */
  const CHOICES = [
    ["", "as your device"],
    ["light", "light"],
    ["dark", "dark"],
  ];
  const page = document.documentElement;

  /** What was chosen before, where the browser lets a page remember. */
  const kept = () => {
    try {
      return localStorage.getItem("colours");
    } catch {
      return null;
    }
  };

  /** @param {string} choice */
  const keep = (choice) => {
    try {
      localStorage.setItem("colours", choice);
    } catch {
      // it holds for this page, then
    }
  };

  let chosen = Math.max(
    CHOICES.findIndex(([choice]) => choice === kept()),
    0,
  );

  /** @param {Element | null} button */
  const show = (button) => {
    const [choice, name] = CHOICES[chosen] ?? ["", ""];
    page.dataset.colours = choice;
    if (button) button.textContent = `Colours: ${name}`;
    return choice;
  };

  page.dataset.script = "";
  show(null);

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector(".switch");
    show(button);
    button?.addEventListener("click", () => {
      chosen = (chosen + 1) % CHOICES.length;
      keep(show(button));
    });
  });
}
