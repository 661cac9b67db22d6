/**
 * Bytes from text of printable ASCII. `scripts/build/packed-text.mjs` writes it, and explains why it is not base64.
 *
 * @module
 */

/** Characters that never occur in the text, by code: `"`, `\`, `$`, backtick and `<`. */
const LEFT_OUT = [34, 92, 36, 96, 60];
/** This many of the 90 characters encode six bits, the others seven: 38 / 64 + 52 / 128 = 1. */
const SHORT = 38;

/** The bytes of `text`, or undefined if it contains an invalid character. */
export function decodedText(text: string): Uint8Array | undefined {
  const ranks = new Uint8Array(65536).fill(255);
  let rank = 0;
  for (let code = 32; code < 127; code++) if (!LEFT_OUT.includes(code)) ranks[code] = rank++;
  const bytes = new Uint8Array((text.length * 7) >> 3);
  let [bits, count, at] = [0, 0, 0];
  for (let i = 0; i < text.length; i++) {
    const rank = ranks[text.charCodeAt(i)]!;
    if (rank === 255) return undefined;
    const long = rank < SHORT ? 0 : 1;
    // Bits that were written are shifted out at the top.
    bits = (bits << (6 + long)) | (rank + long * SHORT);
    count += 6 + long;
    if (count >= 8) {
      count -= 8;
      bytes[at++] = bits >> count;
    }
  }
  return bytes.subarray(0, at);
}
