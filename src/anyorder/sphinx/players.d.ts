// The shapes of what Python writes into a page, and what the parts know of each other.

/** one visible step of a thread; what it does not do is left out */
interface PlayEvent {
  /** whose step it is, by number */
  thread: number;
  line: number;
  words: string;
  /** the threads that it starts or joins */
  starts?: number;
  joins?: number;
  prints?: string;
  /** the shared values that it changes */
  sets?: Record<string, string>;
  /** what the thread's own variables hold after it */
  keeps?: Record<string, string>;
  /** the locks that the thread holds after it, and the one that nobody holds then */
  holds?: string[];
  frees?: string;
  /** what each thread that cannot go on waits for */
  waits?: Record<string, string>;
}

interface PlayOutcome {
  text: string;
  ends?: string;
  ways?: string;
  why?: string;
  waits?: Record<string, string>;
}

interface BoardData {
  threads: string[];
  events: PlayEvent[];
  /** for each node, in pairs: an event that can happen, and how much farther is the node after it */
  nodes: number[][];
  /** for each node at which the program has ended, its outcome */
  ends: Record<string, number>;
  outcomes: PlayOutcome[];
  /** where the steps to an outcome begin, and whose turn it is at each */
  ways: { from: number; turns: number[] }[];
  /** for each node the thread whose turn it is without a choice */
  forced?: (number | null)[];
  /** for each node how many events it is from the goal */
  far?: (number | null)[];
  /** of the nodes from which every way leads to the goal, how much farther each is */
  sure?: number[];
}

/** an event that happened, the node after it, and whether the reader's press began with it */
interface Move {
  event: PlayEvent;
  to: number;
  pressed: boolean;
}

/** what a thread can do */
interface Prospect {
  words: string;
  /** the line at which it goes on */
  line?: number;
  can: boolean;
}
