/** Said of an exploration that was ended before it had an answer. */
export class Stopped extends Error {}
