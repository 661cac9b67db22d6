/** Zip archives made to mislead: each is refused with a code, by every reader of archives. */

import { describe, expect, it } from "vitest";
import { crc32 } from "../../../ts/saving/formats/crc32.js";
import { readZip } from "../../../ts/saving/formats/zip-reader.js";
import { writeZip } from "../../../ts/saving/formats/zip-writer.js";
import { joined } from "../../../ts/saving/stores/pieces.js";
import { type Patch, patched, refusal } from "../../support/patches.js";

const archive = joined(
  writeZip([
    { name: "first", pieces: [Uint8Array.of(1, 2)] },
    { name: "a", pieces: [Uint8Array.of(5, 6, 7)] },
  ]),
);
const END = archive.length - 22;
/** The directory's entries, and the local headers. */
const [FIRST, A] = [END - 46 - 1 - 46 - 5, END - 46 - 1];
const [LOCAL_FIRST, LOCAL_A] = [0, 30 + 5 + 2];
/** Places in an entry. */
const FIELD = {
  flags: 8,
  method: 10,
  crc: 16,
  packed: 20,
  size: 24,
  name: 28,
  extra: 30,
  comment: 32,
  local: 42,
} as const;

const of = (...patches: readonly Patch[]) => patched(archive, ...patches);
const inA = (field: keyof typeof FIELD, value: number, width: 2 | 4): Patch => [A + FIELD[field], value, width];

/** An archive with `content` as one deflated entry that claims `size` bytes. */
async function deflated(content: Uint8Array<ArrayBuffer>, size: number, checksum = crc32(content)) {
  const stream = new Blob([content]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const packed = new Uint8Array(await new Response(stream).arrayBuffer());
  const bytes = joined(writeZip([{ name: "a", pieces: [packed] }]));
  const entry = bytes.length - 22 - 47;
  return patched(bytes, [entry + 10, 8, 2], [entry + 24, size, 4], [entry + 16, checksum, 4]);
}

/** The archive with zip64's record and locator before its end. */
function zip64(count: bigint, size: bigint, start: bigint, record = END): Uint8Array {
  const extra = new Uint8Array(56 + 20);
  const bytes = joined([archive.subarray(0, END), extra, archive.subarray(END)] as never);
  return patched(
    bytes,
    [END, 0x06064b50, 4],
    [END + 32, count, 8],
    [END + 40, size, 8],
    [END + 48, start, 8],
    [END + 56, 0x07064b50, 4],
    [END + 64, record, 8],
  );
}

const CASES: readonly (readonly [name: string, bytes: Uint8Array | Promise<Uint8Array>, message: string])[] = [
  ["no byte", new Uint8Array(), "it is not a zip archive"],
  ["one byte", Uint8Array.of(0x50), "it is not a zip archive"],
  ["the end without its last byte", archive.subarray(0, -1), "it is not a zip archive, or cut off"],
  ["a byte behind the end", Uint8Array.from([...archive, 0]), "it is not a zip archive"],
  ["the beginning alone", archive.subarray(0, END), "it is not a zip archive"],
  ["zeros", new Uint8Array(100_000), "it is not a zip archive"],
  ["ends without number", new Uint8Array(66_000).fill(0x50), "it is not a zip archive"],
  ["a comment that is not there", of([END + 20, 5, 2]), "it is not a zip archive"],
  ["an end alone that promises an entry", patched(archive.subarray(END), [12, 0, 4], [16, 0, 4]), "does not fit"],
  ["a directory beyond the file", of([END + 16, 0xfffffff0, 4]), "its directory does not fit into it"],
  ["a directory of 4 GB", of([END + 12, 0xfffffff0, 4]), "its directory does not fit into it"],
  ["65,535 entries", of([END + 10, 65535, 2]), "its directory does not fit into it"],
  ["one entry too many", of([END + 10, 3, 2]), "its directory does not fit into it"],
  [
    "a directory that begins too late",
    of([END + 16, FIRST + 1, 4], [END + 12, END - FIRST - 1, 4], [END + 10, 1, 2]),
    "entry 0 of its directory is not where it should be",
  ],
  ["an entry without signature", of([A, 0, 4]), "entry 1 of its directory is not where it should be"],
  ["a local header as directory", of([FIRST, 0x04034b50, 4]), "entry 0 of its directory"],
  ["a name of 65,535 bytes", of(inA("name", 65535, 2)), "its directory is cut off"],
  ["extra fields of 65,535 bytes", of(inA("extra", 65535, 2)), "its directory is cut off"],
  ["an entry's comment of 65,535 bytes", of(inA("comment", 65535, 2)), "its directory is cut off"],
  ["a name that is not UTF-8", of([A + 46, 0xff, 1]), "a name in the archive is not UTF-8"],
  ["a name twice", joined(writeZip(["a", "a"].map((name) => ({ name, pieces: [] })))), 'the archive has "a" twice'],
  ["encryption", of(inA("flags", 1, 2)), '"a" is encrypted'],
  ["strong encryption", of(inA("flags", 0x41, 2)), '"a" is encrypted'],
  ["deflate64", of(inA("method", 9, 2)), '"a" is packed by method 9; 0 and 8 can be read'],
  ["bzip2", of(inA("method", 12, 2)), "method 12"],
  ["zstd", of(inA("method", 93, 2)), "method 93"],
  ["a packed length of 4 GB", of(inA("packed", 0xfffffffe, 4), inA("size", 0xfffffffe, 4)), '"a" is cut off'],
  [
    "a bomb by its own words",
    of(inA("method", 8, 2), inA("size", 0xfffffffe, 4)),
    "would have 4294967294 bytes out of 3",
  ],
  ["a place beyond the file", of(inA("local", 0xfffffff0, 4)), '"a" is not where the directory says'],
  ["a place in another entry", of(inA("local", LOCAL_A - 1, 4)), '"a" is not where the directory says'],
  ["a local name of 65,535 bytes", of([LOCAL_A + 26, 65535, 2]), '"a" is cut off'],
  ["another name in front of the content", of([LOCAL_A + 30, 98, 1]), '"a" has another name in front of its content'],
  ["a shorter name in front of the content", of([LOCAL_FIRST + 26, 4, 2]), "another name in front of its content"],
  ["local extra fields of 65,535 bytes", of([LOCAL_A + 28, 65535, 2]), '"a" is cut off'],
  [
    "two names of one content",
    of(inA("local", LOCAL_FIRST, 4), inA("packed", 2, 4), inA("size", 2, 4)),
    "another name in front of its content",
  ],
  [
    "content that reaches into the next entry",
    of([FIRST + FIELD.packed, 20, 4], [FIRST + FIELD.size, 20, 4]),
    '"a" overlaps the entry before it',
  ],
  ["a changed checksum", of(inA("crc", 1, 4)), '"a" has a wrong checksum'],
  ["changed content", of([LOCAL_A + 31, 9, 1]), '"a" has a wrong checksum'],
  // Deno's stream ends without a byte, others refuse it.
  ["rubbish that is packed", of(inA("method", 8, 2)), '"a" '],
  ["fewer bytes than promised", deflated(new Uint8Array(100), 101), '"a" has 100 bytes, expected 101'],
  ["more bytes than promised", deflated(new Uint8Array(100), 99), '"a" has more than 99 bytes, expected 99'],
  ["a bomb that promises a byte", deflated(new Uint8Array(1_000_000), 1), '"a" has more than 1 bytes, expected 1'],
  ["a checksum of other content", deflated(new Uint8Array(100), 100, 7), '"a" has a wrong checksum'],
  ["a zip64 record elsewhere", zip64(2n, 110n, 0n, 5), "its zip64 directory is missing"],
  ["a zip64 record beyond the file", zip64(2n, 110n, 0n, 2 ** 40), "its zip64 directory is missing"],
  ["2^63 entries", zip64(1n << 63n, 110n, BigInt(FIRST)), "it has the length 9223372036854776000"],
  ["2^50 entries", zip64(1n << 50n, 110n, BigInt(FIRST)), "its directory does not fit into it"],
  ["a zip64 directory of 2^50 bytes", zip64(2n, 1n << 50n, BigInt(FIRST)), "its directory does not fit into it"],
];

describe("refused", () => {
  it.each(CASES)("%s", async (_, bytes, message) => {
    const given = await bytes;
    const error = await refusal(async () => {
      for (const entry of readZip("a.zip", given).values()) {
        await entry.head(4);
        await entry.bytes();
      }
    });
    expect(error).toMatchObject({ code: "ERR_FILE_INVALID", message: expect.stringContaining(message) });
  });

  it("every beginning of an archive", () => {
    for (let length = 0; length < archive.length; length++) {
      expect(() => readZip("a.zip", archive.subarray(0, length))).toThrowError(
        expect.objectContaining({ code: "ERR_FILE_INVALID" }),
      );
    }
  });
});
