// Bytes as short text: compressed, then written in printable ASCII. ts/runtime/unpacked.ts reads it.
//
// Servers compress text, and the cost of a letter depends on its frequency. So the alphabet has 38 letters for six bits
// and 52 for seven: the frequencies match gzip's code lengths, and gzip compresses the text to the length of the bytes
// plus 0.5 %. Base64 takes 0.6 % more, and is 7 % longer without compression.

import { compressed } from "./lzma.mjs";

/** The scripts that decide what a text is: it is stale when one of them changes. */
export const PACKERS = ["packed-text", "lzma", "lzma-model", "lzma-parse"];

/** Printable ASCII without the characters that are special in strings, templates and HTML. */
export const ALPHABET = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).filter(
  (character) => !'"\\$`<'.includes(character),
);
/** The letters before this one encode six bits, the others seven. */
const SHORT = 2 * 64 - ALPHABET.length;
/** The effort for text that no page loads at once: see `compressed`. */
const QUICK = [1, 1];
/** The effort for modules. */
export const THOROUGH = [1, 1, 1, 2, 2, 4, 6, 6];

/** `bytes` as text, each letter for the next six or seven bits. */
export function encodedText(bytes) {
  const bitAt = (i) => ((bytes[i >> 3] ?? 0) >> (7 - (i & 7))) & 1;
  let text = "";
  for (let i = 0; i < bytes.length * 8; ) {
    let rank = 0;
    for (const end = i + 6; i < end; i++) rank = rank * 2 + bitAt(i);
    if (rank >= SHORT) rank = rank * 2 - SHORT + bitAt(i++);
    text += ALPHABET[rank];
  }
  return text;
}

/** `bytes` compressed, as text. */
export function packedText(bytes, effort = QUICK) {
  return encodedText(compressed(bytes, effort));
}
