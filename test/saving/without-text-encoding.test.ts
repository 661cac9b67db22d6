/** UTF-8 where the environment has neither TextEncoder nor TextDecoder, such as Jest's jsdom. */

import { afterEach, describe, expect, it, vi } from "vitest";
import { utf8, utf8Bytes } from "../../ts/saving/formats/utf8.js";
import { thrown } from "../support/refusal.js";

afterEach(() => vi.unstubAllGlobals());

const TEXTS = [
  "",
  "a",
  "%41 +/~!'()*",
  "é ß 層 😀",
  "\ufeffmark",
  "\ud800 and \udc00\ud800",
  "\u0000\u007f\u0080\u07ff\u0800\uffff",
];
/** A lone byte, an overlong slash, half of a character, a surrogate, a number above all characters. */
const WRONG = [[0x80], [0xc0, 0xaf], [0xe5, 0xb1], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xff]];

describe("without TextEncoder and TextDecoder", () => {
  it.each(TEXTS)("%j has the same bytes, and comes back", (text) => {
    const bytes = utf8Bytes(text);
    const decoded = utf8("f", "it", bytes);
    vi.stubGlobal("TextEncoder", undefined);
    vi.stubGlobal("TextDecoder", undefined);
    expect(utf8Bytes(text)).toEqual(bytes);
    expect(utf8("f", "it", bytes)).toBe(decoded);
  });

  it.each(WRONG)("bytes that are not UTF-8 are refused: %j", (...bytes) => {
    const read = () => utf8("f", "it", Uint8Array.from(bytes));
    const refused = thrown(
      "ValueError",
      "ERR_FILE_INVALID",
      "f: it is not UTF-8. The file is damaged or of another format; nothing was changed.",
    );
    expect(read).toThrow(refused);
    vi.stubGlobal("TextDecoder", undefined);
    expect(read).toThrow(refused);
  });
});
