// A program in the fragment of an address, so that a link leads to what somebody sees.

const LONGEST = 100_000; // characters of a program

/**
 * @param {string} text
 * @returns {Promise<string>} the text compressed, in letters that an address may have; none where
 *   it is too long for that
 */
export async function packed(text) {
  if (text.length > LONGEST || !("CompressionStream" in globalThis)) return "";
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const letters = btoa(Array.from(bytes, (each) => String.fromCharCode(each)).join(""));
  return letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * @param {string} letters
 * @returns {Promise<string>}
 * @throws where that was not packed here, or comes to more than any program
 */
export async function unpacked(letters) {
  const code = atob(letters.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(code, (each) => each.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = stream.pipeThrough(new TextDecoderStream("utf-8", { fatal: true })).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += value;
    if (text.length > LONGEST) throw new Error("it is too long");
  }
}
