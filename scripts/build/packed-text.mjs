// Bytes as short text: compressed by LZMA, then written in printable ASCII. ts/runtime/unpacked.ts reads it.
//
// Servers compress text, and the cost of a letter depends on its frequency. So the alphabet has 38 letters for six bits
// and 52 for seven: the frequencies match gzip's code lengths, and gzip compresses the text to the length of the bytes
// plus 2 %. Base64 takes 0.6 % more, and is 7 % longer without compression.

import { pathToFileURL } from "node:url";
import { inRoot } from "../paths.mjs";
import { recoded } from "./recode.mjs";

/** Printable ASCII without the characters that are special in strings, templates and HTML. */
export const ALPHABET = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).filter(
  (character) => !'"\\$`<'.includes(character),
);
/** The letters before this one encode six bits, the others seven. */
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
  // Not at the top: this file is loaded before the npm packages are installed. By file, because the package does not
  // export it.
  const [{ Encoder }, { InputBuffer, OutputBuffer }] = await Promise.all(
    ["encoder", "streams"].map((name) => import(pathToFileURL(inRoot(`node_modules/lzma1/lib/${name}.js`)).href)),
  );
  class Unaligned extends Encoder {
    /** The usual pb = 2 exploits alignment, which WebAssembly code lacks; ts/runtime/lzma.ts expects pb = 0. */
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
