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

  /**
   * Mark in the list of headings the one that is being read: the last one above the middle, or the
   * first of all.
   */
  const follow = () => {
    /** @type {NodeListOf<HTMLAnchorElement>} */
    const links = document.querySelectorAll("#headings li li a");
    const headings = [...links].map((link) => document.getElementById(link.hash.slice(1)));
    const mark = () => {
      const above = headings.filter(
        (each) => each && each.getBoundingClientRect().top < innerHeight / 2,
      );
      const read = above.at(-1) ?? headings[0];
      for (const [place, link] of links.entries()) {
        if (headings[place] === read) link.ariaCurrent = "true";
        else link.removeAttribute("aria-current");
      }
    };
    if (!links.length) return;
    addEventListener("scroll", mark, { passive: true });
    requestAnimationFrame(mark); // when the page is laid out anyway
  };

  /** Bring the page itself into view in the list of pages, and the search out of it only then. */
  const find = () => {
    /** @type {HTMLElement | null} */
    const here = document.querySelector("#pages a.current");
    const list = here?.offsetParent;
    if (list && here.offsetTop + here.offsetHeight > list.clientHeight)
      list.scroll(0, here.offsetTop - innerHeight / 2);
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

  // now that its style is here, too
  addEventListener("load", () => {
    find();
    // a page that opens at one of its headings is there at once; from then on it scrolls smoothly
    setTimeout(() => (page.dataset.loaded = ""));
  });
}
