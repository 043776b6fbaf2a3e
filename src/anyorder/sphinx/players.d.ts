// The shapes of what Python writes into a page, and what the parts know of each other.

/**
 * thread, line, words, what it prints, names and values that it changed, locks that it holds, and
 * in pairs which threads wait for what once it has happened; what is empty at the end is left out
 */
type PlayEvent = [number, number, number, number?, number[]?, number[]?, number[]?];

interface PlayData {
  lines: string[];
  threads: string[];
  strings: string[];
}

interface StepperData extends PlayData {
  ways: PlayEvent[][];
}

interface SchedulerData extends PlayData {
  events: PlayEvent[];
  /** for each node, in pairs: an event that can happen, and how much farther is the node after it */
  nodes: number[][];
  /** for each node at which the program has ended, its outcome */
  ends: Record<string, number>;
  /** each in words, and which threads wait for what at its end */
  outcomes: [number, [number, number][]][];
  /** for each, by version: to where its output goes where a build with a GIL can reach it; or all */
  reachable: (Record<string, string[]> | null)[];
  goals: number[];
}

interface PlayState {
  values: Map<string, string>;
  locks: Map<string, number>;
  output: string;
  now: PlayEvent | null;
}

interface AnyorderBoard extends HTMLElement {
  open(data: PlayData, events: PlayEvent[]): void;
  button(text: string, press: () => void): HTMLButtonElement;
  name(thread: number): string;
  begin(): PlayState;
  follow(state: PlayState, event: PlayEvent): PlayState;
  show(state: PlayState, lines: Map<number, number>, waits: Map<number, string>): void;
}

interface HTMLElementTagNameMap {
  "anyorder-board": AnyorderBoard;
}
