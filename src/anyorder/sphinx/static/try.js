// A button over each program that may be changed on its page; what it needs is loaded by the press.

const places = [...document.querySelectorAll(".anyorder-try > span")];

/**
 * @param {Element} place
 * @returns {Promise<any>} the playground of a program, in the program's place
 */
async function opened(place) {
  const program = place.closest(".anyorder-program");
  const block = program?.querySelector("pre");
  if (!program || !block) return undefined;
  program.toggleAttribute("data-tried", true);
  place.firstElementChild?.setAttribute("aria-expanded", "true");
  const before = program.querySelector("anyorder-playground");
  if (before) return before;
  const playground = document.createElement("anyorder-playground");
  program.append(playground);
  const { folder, demand } = /** @type {HTMLElement} */ (place).dataset;
  const root = document.documentElement.dataset.content_root ?? "./";
  await import(new URL(`${root}_static/${folder}/playground.js`, document.baseURI).href);
  const name = program.querySelector(".anyorder-bar > code")?.textContent;
  Object(playground).open(name, block.textContent, places.indexOf(place) + 1, demand);
  return playground;
}

/** Open what the page's address speaks of. */
async function follow() {
  const [name = ""] = location.hash.slice(1).split(":");
  const [, number, letters] = /^try-(\d+)-([\w-]+)$/.exec(name) ?? [];
  const place = places[Number(number) - 1];
  if (!place || document.getElementById(name)) return;
  const playground = await opened(place);
  await playground?.follow(letters);
  playground?.scrollIntoView();
}

for (const place of places) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Try it";
  button.ariaExpanded = "false";
  button.addEventListener("click", async () => {
    const program = place.closest(".anyorder-program");
    if (button.ariaExpanded === "true") {
      button.ariaExpanded = "false";
      program?.removeAttribute("data-tried");
    } else {
      const playground = await opened(place);
      playground?.querySelector("textarea").focus({ preventScroll: true });
    }
  });
  place.append(button);
}
addEventListener("hashchange", follow);
follow();
