// A button over each program and session that copies exactly what runs.

/**
 * What a reader types to run what a block shows: all of a program, and of a session the lines
 * behind its prompts.
 *
 * @param {Element} block
 * @returns {string}
 */
function whatRuns(block) {
  if (!block.querySelector(".gp")) return block.textContent ?? "";
  let typed = "";
  let behindPrompt = false;
  const walk = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.nodeValue ?? "";
    const parent = walk.currentNode.parentElement;
    if (parent?.matches(".gp")) {
      behindPrompt = true;
      // a prompt with nothing behind it ends a block: it may hold its line's end itself
      if (text.endsWith("\n")) typed += "\n";
    } else if (behindPrompt && !parent?.matches(".go")) {
      typed += text;
    }
    if (text.includes("\n")) behindPrompt = false;
  }
  return typed;
}

function addCopyButtons() {
  if (!navigator.clipboard) return; // the page was not served securely
  for (const program of document.querySelectorAll(".anyorder-program")) {
    const bar = program.querySelector(".anyorder-bar");
    const block = program.querySelector("pre");
    if (!bar || !block) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(whatRuns(block));
      button.textContent = "Copied";
    });
    button.addEventListener("blur", () => (button.textContent = "Copy"));
    bar.append(button);
  }
}

addCopyButtons();
