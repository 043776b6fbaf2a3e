"""A program is changed and explored in Firefox too."""

import json
from pathlib import Path

from firefox import firefox

from anyorder.checking.exploration import explored

PROGRAM = Path(__file__).parents[2] / "src/examples/shared-state/two_windows.py"
PART = "document.querySelector('.anyorder-program')"
PRESS = f"{PART}.querySelector('.anyorder-try button').click()"
EXPLORE = f"[...{PART}.querySelectorAll('button')].find((it) => it.textContent === 'Explore')"
SAID = f"return {PART}.querySelector('.anyorder-status').textContent"
OUTPUTS = f"""return [...{PART}.querySelectorAll("table.anyorder-outcomes tbody tr")]
  .map((row) => row.querySelector("pre").textContent)"""
STEPS = f"""{PART}.querySelector(".anyorder-way a").click();
  const next = {PART}.querySelector("anyorder-board [data-do=next]");
  while (next.ariaDisabled === "false") next.click();
  return {PART}.querySelector("anyorder-board dd pre").textContent"""


def test_a_program_is_changed_and_explored(site):
    possible = explored(PROGRAM)
    with firefox() as window:
        window.open(f"{site}shared-state/lost-update.html")
        window.run(PRESS)
        window.wait(f"return Boolean({PART}.querySelector('textarea'))")
        window.run(f"{EXPLORE}.click()")
        said = window.wait(f"{SAID}.match(/.* s\\)[.]$|.*try again.*/)?.[0]")
        assert said.startswith(f"{len(possible.outcomes)} outcomes, and there are no others (")
        texts = window.run(OUTPUTS)
        assert set(texts) == {each.outcome.stdout for each in possible.outcomes}
        assert window.run(STEPS).rstrip("\n") == texts[0].rstrip("\n")
        changed = PROGRAM.read_text("utf-8").replace("tickets = 1", "tickets = 0")
        window.run(f"{PART}.querySelector('textarea').value = {json.dumps(changed)}")
        window.run(f"{EXPLORE}.click()")
        assert window.wait(f"{SAID}.match(/1 outcome, and there are no others/)?.[0]")
        assert window.run(OUTPUTS)[0] == "tickets left: 0\n"
