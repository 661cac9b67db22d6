// Bytes as short text: compressed by LZMA, then written in printable ASCII. ts/runtime/unpacked.ts reads it.
//
// Servers compress what they send, and each letter of text costs them as many bits as it has by its frequency. So the
// alphabet has 38 letters for six bits and 52 for seven: each has just the frequency that gzip's code gives it, and gzip
// takes the text back to the length of the bytes, and 2 % more. Base64 takes 0.6 % more than that, and is 7 % longer
// where nothing compresses it.

import { pathToFileURL } from "node:url";
import { inRoot } from "../paths.mjs";
import { recoded } from "./recode.mjs";

/** Printable ASCII without the characters that are special in strings, templates and HTML. */
export const ALPHABET = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).filter(
  (character) => !'"\\$`<'.includes(character),
);
/** The letters before this one stand for six bits, the others for seven. */
const SHORT = 2 * 64 - ALPHABET.length;
/** Properties, size of the dictionary, size of the content: ts/runtime/lzma.ts knows them. */
const HEADER = 13;

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
export async function packedText(bytes) {
  // Not at the top: this file is loaded before the npm packages are there. By file, because the package does not export it.
  const [{ Encoder }, { InputBuffer, OutputBuffer }] = await Promise.all(
    ["encoder", "streams"].map((name) => import(pathToFileURL(inRoot(`node_modules/lzma1/lib/${name}.js`)).href)),
  );
  class Unaligned extends Encoder {
    /** WebAssembly has no alignment, which the usual pb = 2 is for: ts/runtime/lzma.ts knows. */
    configure(mode) {
      super.configure(mode);
      this._posStateBits = 0;
      this._posStateMask = 0;
    }
  }
  const output = new OutputBuffer(32);
  new Unaligned().compress(new InputBuffer(bytes), output, { searchDepth: 25, filterStrength: 255, modeIndex: 1 });
  return encodedText(recoded(Uint8Array.from(output.toArray()).subarray(HEADER), bytes.length));
}
