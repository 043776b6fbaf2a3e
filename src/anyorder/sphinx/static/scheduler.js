// The reader chooses which thread goes next, on the graph of all schedules.

class Scheduler extends HTMLElement {
  connectedCallback() {
    const script = this.querySelector("script");
    /** @type {SchedulerData} */
    const data = JSON.parse(script?.textContent ?? "");
    const board = document.createElement("anyorder-board");
    board.open(data, data.events);

    /**
     * @param {number} node
     * @returns {[PlayEvent, number][]} each event that can happen there, and where it leads
     */
    const choices = (node) => {
      const flat = data.nodes[node] ?? [];
      /** @type {[PlayEvent, number][]} */
      const found = [];
      for (let place = 0; place < flat.length; place += 2) {
        const event = data.events[flat[place] ?? 0];
        if (event) found.push([event, node + (flat[place + 1] ?? 0)]);
      }
      return found;
    };

    /**
     * @param {boolean} reached
     * @returns {number[]} how many events it is from each node to an end that has reached the goal,
     *   or to one that has not
     */
    const distances = (reached) => {
      const found = data.nodes.map(() => Infinity);
      for (const [node, outcome] of Object.entries(data.ends)) {
        if ((!data.goals.length || data.goals.includes(outcome)) === reached) found[Number(node)] = 0;
      }
      for (let changed = true; changed; ) {
        changed = false;
        for (const node of data.nodes.keys()) {
          const nearest = Math.min(...choices(node).map(([, to]) => (found[to] ?? 0) + 1));
          if (nearest < (found[node] ?? 0)) {
            found[node] = nearest;
            changed = true;
          }
        }
      }
      return found;
    };
    const distance = distances(true);
    const failure = distances(false);
    /** @param {number} node */
    const certain = (node) => data.goals.length > 0 && failure[node] === Infinity;

    /**
     * @param {number} node
     * @param {number} thread
     * @returns {PlayEvent | undefined} what a thread will do next, once it can
     */
    const ahead = (node, thread) => {
      const seen = new Set([node]);
      for (const at of seen) {
        for (const [event, to] of choices(at)) {
          if (event[0] === thread) return event;
          seen.add(to);
        }
      }
      return undefined;
    };

    const status = document.createElement("p");
    status.className = "anyorder-status";
    status.setAttribute("role", "status");
    const lanes = document.createElement("div");
    lanes.className = "anyorder-lanes";
    const buttons = data.threads.map((_, thread) => {
      const button = board.button("", () => take(thread));
      button.className = `anyorder-t${thread % 6}`;
      button.append(document.createElement("b"), document.createElement("span"));
      lanes.append(button);
      return button;
    });
    const whole = document.createElement("input");
    whole.type = "checkbox";
    const label = document.createElement("label");
    label.append(whole, " a whole line at once");

    /** @type {[number, PlayState][]} */
    let path = [];
    let hint = -1;

    const start = () => {
      path = [[0, board.begin()]];
    };
    const here = () => path[path.length - 1] ?? /** @type {[number, PlayState]} */ ([0, board.begin()]);
    /** @param {number} thread */
    const take = (thread) => {
      let line;
      do {
        const [node, state] = here();
        const choice = choices(node).find(([event]) => event[0] === thread);
        if (!choice || (line !== undefined && choice[0][1] !== line)) break;
        line = choice[0][1];
        path.push([choice[1], board.follow(state, choice[0])]);
      } while (whole.checked);
      hint = -1;
      show();
    };

    const show = () => {
      const [node, state] = here();
      const can = new Map(choices(node).map(([event]) => [event[0], event]));
      const end = data.ends[node];
      const stuck = new Map(end === undefined ? [] : data.outcomes[end]?.[1]);
      const started = new Set([0]);
      for (const [, { now }] of path) {
        if (!now) continue;
        started.add(now[0]);
        const name = data.strings[now[2]]?.replace("starts ", "") ?? "";
        if (data.threads.includes(name)) started.add(data.threads.indexOf(name));
      }
      /** @type {Map<number, number>} */
      const lines = new Map();
      /** @type {Map<number, string>} */
      const waits = new Map();
      for (const [thread, button] of buttons.entries()) {
        const next = can.get(thread) ?? ahead(node, thread);
        const event = (next && data.strings[next[2]]) ?? "";
        let words = "has ended";
        // a process does not end before its other threads do, and those that are stuck never do
        if (thread === 0 && stuck.size) words = "has run its last line, and waits";
        if (can.has(thread)) words = `next: ${event}`;
        else if (stuck.has(thread)) words = `waits for ${data.strings[stuck.get(thread) ?? 0]}`;
        else if (next && started.has(thread))
          words = event.startsWith("joins ")
            ? `waits for ${event.slice(6)} to end`
            : `waits, then ${event}`;
        else if (next) words = "has not been started";
        if (next && started.has(thread)) lines.set(thread, next[1]);
        if (words.startsWith("waits")) waits.set(thread, words);
        const [name, what] = button.children;
        if (name) name.textContent = board.name(thread);
        if (what) what.textContent = words;
        button.setAttribute("aria-disabled", String(!can.has(thread)));
        button.classList.toggle("anyorder-hinted", thread === hint);
      }
      board.show(state, lines, waits);
      status.textContent = say(node, end);
      status.classList.toggle("anyorder-right", certain(node));
      status.classList.toggle("anyorder-wrong", distance[node] === Infinity);
      controls.firstElementChild?.setAttribute("aria-disabled", String(path.length === 1));
    };

    /**
     * @param {number} node
     * @param {number | undefined} end
     */
    const say = (node, end) => {
      const steps = path.length - 1;
      const counted = `${steps} ${steps === 1 ? "step" : "steps"}`;
      if (end !== undefined) {
        const outcome = data.strings[data.outcomes[end]?.[0] ?? 0];
        if (data.goals.includes(end)) {
          return `Reached, in ${counted} (the shortest way has ${distance[0]}). It came to: ${outcome}`;
        }
        return `It came to: ${outcome}.${data.goals.length ? " Not the goal: go back, and try another way." : ""}`;
      }
      if (distance[node] === Infinity) return `${counted}. From here the goal is out of reach: go back.`;
      if (hint >= 0) return `${counted}. The shortest way goes on with ${board.name(hint)}.`;
      if (certain(node)) return `${counted}. Well done: every way from here leads to the goal.`;
      if (!steps) return "Your turn: press the thread that goes first.";
      return `${counted}. Which thread goes next?`;
    };

    const controls = document.createElement("div");
    controls.className = "anyorder-controls";
    /** @type {[string, () => void][]} */
    const commands = [
      ["Go back", () => path.length > 1 && path.pop()],
      ["Start again", start],
      [
        "Hint",
        () => {
          const best = choices(here()[0]).sort(
            ([, one], [, other]) => (distance[one] ?? 0) - (distance[other] ?? 0),
          )[0];
          if (best && distance[best[1]] !== Infinity) hint = best[0][0];
        },
      ],
    ];
    for (const [text, command] of commands) {
      const press = () => {
        hint = -1;
        command();
        show();
      };
      controls.append(board.button(text, press));
    }
    controls.append(label);
    script?.after(status, lanes, controls, board);
    start();
    show();
  }
}

customElements.define("anyorder-scheduler", Scheduler);
