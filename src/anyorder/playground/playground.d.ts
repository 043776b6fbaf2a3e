// What the playground and the tool in its worker say to each other.

interface ExploreRequest {
  /** what tracebacks call the program */
  name: string;
  text: string;
  /** the page's program: what changed against it */
  against?: string;
  /** an outcome file that has to hold */
  demand?: string;
}

/** outcomes that are shown as one */
interface OutcomeRow {
  /** standard outputs, as many as are shown, and the same with signs for what cannot be seen */
  texts: string[];
  marked: string[];
  count: number;
  /** whether lines in it are broken */
  broken: boolean;
  stderr: string;
  exit: number | null;
  /** how it ends, where it does not */
  ends: string;
  /** whether it can happen on a Python, in short, and for each choice of a reader */
  can: string;
  answers: string;
  /** the choice of the board that has the steps */
  way: number | null;
  new: boolean;
}

interface Refused {
  kind: "refused";
  /** of each line that is refused what the command prints */
  refusals: { line: number | null; says: string }[];
}

interface Explored {
  kind: "explored";
  complete: boolean;
  limit: string | null;
  /** what is to be said of tracebacks whose lines can mix in real runs, if they can */
  mixing: string;
  executions: number;
  seconds: number;
  rows: OutcomeRow[];
  count: number;
  /** outcomes beyond those in rows */
  more: number;
  gone: OutcomeRow[];
  /** whether all is known of the page's program too, where they are compared */
  against: { complete: boolean } | null;
  board: { data: BoardData; choices: string[]; html: string } | null;
  verdict: { held: boolean; problems: string[]; way: number | null } | null;
  /** whether a fresh worker is to take the next program */
  renew?: boolean;
}

type ExploreAnswer = Refused | Explored;

/** how far a worker is */
interface Progress {
  /** bytes */
  loaded: number;
  /** whether Python runs */
  ready: boolean;
  /** of the search: executions, and outcomes so far */
  told?: number[];
  /** whether it has stopped, and what was found is put into words */
  stopping?: boolean;
}

type Tell = (progress: Progress) => void;

interface EngineMessage {
  loaded?: number;
  ready?: boolean;
  told?: number[];
  stopping?: boolean;
  answer?: ExploreAnswer;
  broken?: string;
}

/** of Pyodide, what the worker uses */
interface Pyodide {
  registerJsModule(name: string, module: object): void;
  unpackArchive(archive: ArrayBuffer, format: string, options: { extractDir: string }): void;
  runPython(code: string): unknown;
  pyimport(name: string): {
    explored: {
      callPromising(
        request: string,
        tell: (...progress: number[]) => Promise<boolean>,
      ): Promise<string>;
    };
  };
}

declare module "*/pyodide.mjs" {
  export function loadPyodide(options: object): Promise<Pyodide>;
}

// made when the site is built
declare module "*/files.js" {
  /** how many bytes the worker loads */
  export const TOTAL: number;
  /** which Python explores, and where */
  export const WHERE: string;
  export const LOCK: object;
}

// `anyorder show` serves it beside its own
declare module "*/stopped.js" {
  export class Stopped extends Error {}
}

// those of the pages, which stands beside the playground's own once the site is built
declare module "*/board.js" {}

declare namespace WebAssembly {
  const Suspending: unknown;
}
