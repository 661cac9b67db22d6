/** Zip archives: lengths of zip64, and impossible lengths. */

import { describe, expect, it } from "vitest";
import { crc32 } from "../../ts/saving/formats/crc32.js";
import { readZip } from "../../ts/saving/formats/zip-reader.js";
import { writeZip } from "../../ts/saving/formats/zip-writer.js";
import { joined } from "../../ts/saving/stores/pieces.js";

const CONTENT = Uint8Array.of(5, 6, 7);
const ELSEWHERE = 0xffffffff;
/** Places in an entry of the directory. */
const [METHOD, PACKED, SIZE, EXTRA_LENGTH, LOCAL] = [10, 20, 24, 30, 42];

const archive = joined(
  writeZip([
    { name: "first", pieces: [Uint8Array.of(1, 2)] },
    { name: "a", pieces: [CONTENT] },
  ]),
);
const END = archive.length - 22;
/** The entry of "a", which is the last. */
const ENTRY = END - 46 - 1;
const LOCAL_OF_A = 30 + "first".length + 2;

/** The archive with other fields of 32 bits in the directory's last entry, and an extra field at its end. */
function changed(fields: readonly (readonly [at: number, value: number])[], extra: readonly number[] = []): Uint8Array {
  const bytes = Uint8Array.from([...archive.subarray(0, END), ...extra, ...archive.subarray(END)]);
  const view = new DataView(bytes.buffer);
  for (const [at, value] of fields) view.setUint32(ENTRY + at, value, true);
  view.setUint16(ENTRY + EXTRA_LENGTH, extra.length, true);
  const end = END + extra.length;
  view.setUint32(end + 12, view.getUint32(end + 12, true) + extra.length, true);
  return bytes;
}

/** The extra field of zip64. */
const zip64 = (...values: readonly number[]) => [
  1,
  0,
  8 * values.length,
  0,
  ...values.flatMap((n) => [n, ...new Array<number>(7).fill(0)]),
];
const read = (bytes: Uint8Array) => readZip("a.zip", bytes).get("a")!.bytes();

describe("zip64", () => {
  it.each([
    ["the size", [SIZE], zip64(3)],
    ["the packed size", [PACKED], zip64(3)],
    ["the place", [LOCAL], zip64(LOCAL_OF_A)],
    ["both sizes", [SIZE, PACKED], zip64(3, 3)],
    ["the size and the place", [SIZE, LOCAL], zip64(3, LOCAL_OF_A)],
    ["all three", [SIZE, PACKED, LOCAL], zip64(3, 3, LOCAL_OF_A)],
    ["all three, after another field", [SIZE, PACKED, LOCAL], [9, 9, 2, 0, 8, 8, ...zip64(3, 3, LOCAL_OF_A)]],
  ])("%s", async (_, fields, extra) => {
    expect(
      await read(
        changed(
          fields.map((at) => [at, ELSEWHERE]),
          extra,
        ),
      ),
    ).toEqual(CONTENT);
  });

  it("a value that is missing is refused", () => {
    const fields = [SIZE, PACKED].map((at) => [at, ELSEWHERE] as const);
    expect(() => read(changed(fields, zip64(3)))).toThrow(/a zip64 field is cut off/);
    expect(() => read(changed(fields, [9, 9, 0, 0]))).toThrow(/a zip64 field is missing/);
  });
});

describe("impossible lengths are refused before anything is unpacked", () => {
  it.each([
    ["stored, longer than it is", [[SIZE, 4]], '"a" would have 4 bytes out of 3'],
    ["stored, shorter than it is", [[SIZE, 2]], '"a" would have 2 bytes out of 3'],
    [
      "deflated, better than deflate can",
      [
        [METHOD, 8],
        [SIZE, 3 * 1032 + 1],
      ],
      '"a" would have 3097 bytes out of 3',
    ],
  ] as const)("%s", (_, fields, message) => {
    expect(() => readZip("a.zip", changed(fields))).toThrow(message);
  });

  it("data that deflate compresses at its limit are accepted", () => {
    expect(
      readZip(
        "a.zip",
        changed([
          [METHOD, 8],
          [SIZE, 3 * 1032],
        ]),
      ).get("a")?.size,
    ).toBe(3096);
  });
});

describe("checksums", () => {
  /** Bit by bit, by the definition. */
  const plain = (bytes: Uint8Array, before = 0) => {
    let c = ~before;
    for (const byte of bytes) {
      c ^= byte;
      for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    }
    return ~c >>> 0;
  };
  const all = Uint8Array.from({ length: 80 }, (_, i) => (i * 151 + 7) & 255);

  it("the digits have the published checksum", () => {
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  });

  it("any length at any offset agrees with the definition, in two parts too", () => {
    for (let start = 0; start < 5; start++) {
      for (let end = start; end < all.length; end++) {
        const bytes = all.subarray(start, end);
        expect(crc32(bytes)).toBe(plain(bytes));
        const cut = (end - start) >> 1;
        expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut)))).toBe(plain(bytes));
      }
    }
  });
});

it("an entry that overlaps the one before it is refused", () => {
  const bytes = Uint8Array.from(archive);
  const view = new DataView(bytes.buffer);
  // The directory's first entry: its content reaches over the next entry's header.
  const first = ENTRY - 46 - "first".length;
  for (const at of [PACKED, SIZE]) view.setUint32(first + at, 8, true);
  expect(() => readZip("a.zip", bytes)).toThrow(/"a" overlaps the entry before it/);
});
