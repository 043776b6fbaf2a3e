// A button over each program that may be changed on its page; what it needs is loaded by the press.

const places = [...document.querySelectorAll(".anyorder-try > span")];
/** @type {Map<Element, Promise<any>>} the playgrounds that are open, or being opened */
const playgrounds = new Map();

/**
 * @param {Element} place
 * @param {boolean} shown
 */
function show(place, shown) {
  place.closest(".anyorder-program")?.toggleAttribute("data-tried", shown);
  place.firstElementChild?.setAttribute("aria-expanded", String(shown));
}

/**
 * @param {Element} place
 * @returns {Promise<any>} a playground in the place of its program
 */
async function loaded(place) {
  const program = place.closest(".anyorder-program");
  const { folder, demand } = /** @type {HTMLElement} */ (place).dataset;
  const root = document.documentElement.dataset.content_root ?? "./";
  await import(new URL(`${root}_static/${folder}/playground.js`, document.baseURI).href);
  const playground = document.createElement("anyorder-playground");
  program?.append(playground);
  const name = program?.querySelector(".anyorder-bar > code")?.textContent;
  const text = program?.querySelector("pre")?.textContent;
  Object(playground).open(name, text, places.indexOf(place) + 1, demand);
  return playground;
}

/**
 * @param {Element} place
 * @returns {Promise<any>} the playground of a program, or nothing where it cannot be loaded
 */
async function opened(place) {
  const playground = playgrounds.get(place) ?? loaded(place);
  playgrounds.set(place, playground);
  place.querySelector("[role=alert]")?.remove();
  try {
    await playground;
    show(place, true);
    return playground;
  } catch {
    playgrounds.delete(place);
    const said = document.createElement("span");
    said.role = "alert";
    said.textContent = "The editor cannot be loaded. Reload the page to try again.";
    place.append(said);
    return undefined;
  }
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
    if (button.ariaExpanded === "true") show(place, false);
    else (await opened(place))?.querySelector("textarea").focus({ preventScroll: true });
  });
  place.append(button);
}
addEventListener("hashchange", follow);
follow();
