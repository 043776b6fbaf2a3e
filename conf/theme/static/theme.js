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
    if (button?.lastChild) button.lastChild.textContent = `Colours: ${name}`;
    return choice;
  };

  /** Mark in the list of headings the one that is being read: the last one above the middle. */
  const follow = () => {
    /** @type {NodeListOf<HTMLAnchorElement>} */
    const links = document.querySelectorAll("#headings li a");
    const headings = [...links].map((link) => document.getElementById(link.hash.slice(1)));
    const mark = () => {
      const above = headings.filter(
        (each) => each && each.getBoundingClientRect().top < innerHeight / 2,
      );
      for (const [place, link] of links.entries()) {
        if (headings[place] === above.at(-1)) link.ariaCurrent = "true";
        else link.removeAttribute("aria-current");
      }
    };
    if (links.length) addEventListener("scroll", mark, { passive: true });
    mark();
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
    follow();
  });

  // a page that opens at one of its headings is there at once; from then on it scrolls smoothly
  addEventListener("load", () => setTimeout(() => (page.dataset.loaded = "")));
}
