// Bytes as text that compresses as well as the bytes do: ts/runtime/text-encoding.ts reads it.
//
// Base64 takes three bytes at a time, so that equal runs of bytes no longer look equal: gzip makes a third more of it.
// Here each byte stands for itself: the most frequent ones are a single printable ASCII character, the others two.

/** Printable ASCII without what strings, templates and HTML treat in a way of their own. */
export const ALPHABET = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).filter(
  (character) => !'"\\$`<'.includes(character),
);
/** The last characters of the alphabet begin a pair: 88 single ones and 2 * 90 pairs cover 256 bytes. */
export const PREFIXES = 2;

/** `{ text, order }`: `order` has all byte values, the most frequent first. */
export function encodeBytes(bytes) {
  const counts = new Array(256).fill(0);
  for (const byte of bytes) counts[byte]++;
  const order = [...counts.keys()].sort((a, b) => counts[b] - counts[a] || a - b);
  const single = ALPHABET.length - PREFIXES;
  const codes = new Array(256);
  order.forEach((byte, rank) => {
    const rest = rank - single;
    codes[byte] =
      rest < 0
        ? ALPHABET[rank]
        : ALPHABET[single + Math.floor(rest / ALPHABET.length)] + ALPHABET[rest % ALPHABET.length];
  });
  return { text: Array.from(bytes, (byte) => codes[byte]).join(""), order };
}
