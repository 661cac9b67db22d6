/**
 * Bytes from text that compresses as well as the bytes do. `scripts/build/text-encoding.mjs` writes it, and
 * says why it is not base64.
 *
 * @module
 */

/** Printable ASCII characters that the text is made of, by their codes: all but `"`, `\`, `$`, backtick and `<`. */
const LEFT_OUT = [34, 92, 36, 96, 60];
/** The last characters of the alphabet begin a pair. */
const PREFIXES = 2;

/**
 * The bytes of `text`.
 *
 * @param order - All byte values, in the order of their codes.
 * @param length - Number of bytes.
 */
export function decodedBytes(text: string, order: readonly number[], length: number): Uint8Array<ArrayBuffer> {
  const places = new Uint8Array(128);
  let count = 0;
  for (let code = 32; code < 127; code++) if (!LEFT_OUT.includes(code)) places[code] = count++;
  const single = count - PREFIXES;
  const bytes = new Uint8Array(length);
  for (let at = 0, i = 0; at < length; at++) {
    let rank = places[text.charCodeAt(i++)] as number;
    if (rank >= single) rank = single + (rank - single) * count + (places[text.charCodeAt(i++)] as number);
    bytes[at] = order[rank] as number;
  }
  return bytes;
}
