/** The text that contains the module: the package unpacks the build's text, and notices any damage. */

import { expect, test } from "vitest";
import { ALPHABET, encodedText, packedText } from "../../scripts/build/packed-text.mjs";
import { decodedText } from "../../ts/runtime/text-encoding.js";
import { unpacked } from "../../ts/runtime/unpacked.js";

/** Bytes of a congruential generator, each below `limit`. */
function random(length: number, limit = 256, seed = 1): Uint8Array {
  let word = seed;
  return Uint8Array.from({ length }, () => {
    word = (Math.imul(word, 1664525) + 1013904223) >>> 0;
    return Math.floor((word / 2 ** 32) * limit);
  });
}

/** `blocks` at random of a few, so that matches repeat the last distances. */
function interleaved(blocks: number): Uint8Array {
  const parts = [random(7), random(40), random(300), random(3)];
  const order = Array.from(random(blocks, 4, 9));
  return Uint8Array.from(order.flatMap((part, i) => [...(parts[part] as Uint8Array), ...random(2, 256, i)]));
}

const far = random(300_000);
far.copyWithin(290_000, 10, 9_000);
far.copyWithin(200_000, 70_000, 75_000);

const contents: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ["no bytes", new Uint8Array()],
  ["one byte", Uint8Array.of(200)],
  ["zeros", new Uint8Array(100_000)],
  ["all values", Uint8Array.from({ length: 256 }, (_, i) => i)],
  ["random bytes", random(5_000)],
  ["random bytes of few values", random(20_000, 3)],
  ["a short period", Uint8Array.from({ length: 10_000 }, (_, i) => i % 7)],
  ["a long period", Uint8Array.from({ length: 10_000 }, (_, i) => ((i % 1_000) * 37) & 255)],
  ["repeated distances", interleaved(300)],
  ["distances up to 290,000", far],
];

test.each(contents)("%s survive a round trip", (_, bytes) => {
  const text = packedText(bytes);
  expect(Buffer.from(unpacked(text, bytes.length)).equals(bytes)).toBe(true);
});

test("the text is printable ASCII that needs no escape", () => {
  expect(packedText(random(5_000))).toMatch(/^[ -~]+$/);
  expect(ALPHABET).toHaveLength(90);
  expect(ALPHABET.join("")).not.toMatch(/["\\$`<]/);
});

test("any bytes survive the encoding as letters, without compression", () => {
  for (let length = 0; length < 50; length++) {
    const bytes = random(length, 256, length);
    expect(decodedText(encodedText(bytes))).toEqual(bytes);
  }
});

const sample = interleaved(20);

/** Whether `text` is refused, as damage has to be. */
function refused(text: string, size: number): boolean {
  try {
    return !Buffer.from(unpacked(text, size)).equals(sample);
  } catch (error) {
    expect(error).toMatchObject({ name: "ModuleError", code: "ERR_MODULE_INVALID" });
    return true;
  }
}

test("text that is too short or too long is refused with the numbers", () => {
  const text = packedText(sample);
  for (let length = 0; length < text.length; length++) {
    expect(() => unpacked(text.slice(0, length), sample.length)).toThrow(
      `gradstep's embedded module is damaged: ${length} characters of text do not decode to its ${sample.length} bytes. Install gradstep again and rebuild the page.`,
    );
  }
  expect(refused(`${text}  `, sample.length)).toBe(true);
  for (const size of [0, 1, sample.length - 1, sample.length + 1, 10 * sample.length]) {
    expect(() => unpacked(text, size)).toThrow("is damaged");
  }
});

test("a changed letter is refused at every position", () => {
  const text = packedText(sample);
  // The last letter may end in bits that belong to no byte.
  for (let i = 0; i < text.length - 1; i++) {
    for (const letter of ['"', "é", "\u{4e00}", "\n", text[i] === "A" ? "B" : "A", text[i] === "~" ? "a" : "~"]) {
      const changed = text.slice(0, i) + letter + text.slice(i + 1);
      expect(() => unpacked(changed, sample.length)).toThrow("is damaged");
    }
  }
});
