// Sphinx's search, for learners: lessons before the glossary and the reference, these before names,
// and words kept apart.

/** What stands on a line of its own, and what no sentence is about. */
const BLOCKS = "h1, h2, h3, p, li, dt, dd, th, td, pre, summary, caption";
const ASIDE = ".headerlink, .section-number, .anyorder-bar, script, style, svg, footer";

/** Where one looks things up, and learns nothing else. */
const LOOKED_UP = /^(reference\/|glossary$)/;

/** A name comes after every page, and a page to look things up in after every lesson. */
Scorer.score = ([page, , , , score, , kind]) =>
  score - (kind === "object" ? 2000 : 0) - (LOOKED_UP.test(page) ? 1000 : 0);

Search.htmlToText = (html, anchor) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const each of page.querySelectorAll(ASIDE)) each.remove();
  for (const each of page.querySelectorAll(BLOCKS)) each.append(" ");
  const main = page.querySelector("main");
  const part = anchor && page.getElementById(anchor.slice(1))?.closest("section");
  return (part || main)?.textContent?.replace(/\s+/g, " ").trim() ?? "";
};

// A page is found once: at the best place of those that match. The best results come last.
const search = Search._performSearch;
Search._performSearch = (...query) => {
  const pages = new Set();
  const kept = search(...query).toReversed().filter(([page, , , , , , kind]) => {
    if (kind === "object") return true;
    return !pages.has(page) && pages.add(page);
  });
  return kept.toReversed();
};
