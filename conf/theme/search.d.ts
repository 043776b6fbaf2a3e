// What search.js changes of Sphinx's searchtools.js.

type SearchResult = [
  page: string,
  title: string,
  anchor: string,
  description: string | null,
  score: number,
  file: string,
  kind: "index" | "object" | "text" | "title",
];

declare const Scorer: { score?: (result: SearchResult) => number };
declare const Search: {
  htmlToText: (html: string, anchor: string) => string;
  _performSearch: (...query: unknown[]) => SearchResult[];
};
