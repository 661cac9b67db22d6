/** Files of .npz made to mislead: each is refused with a code, before memory of the size that it names is allocated. */

import { describe, expect, it } from "vitest";
import { layers, Sequential } from "../../../ts/index.js";
import type { Bytes } from "../../../ts/platform-types.js";
import { readNpz } from "../../../ts/saving/formats/npz.js";
import { numbersOf } from "../../../ts/saving/formats/stored-tensor.js";
import { writeZip } from "../../../ts/saving/formats/zip-writer.js";
import { loadWeights } from "../../../ts/saving/index.js";
import { joined } from "../../../ts/saving/stores/pieces.js";
import { refusal } from "../../support/patches.js";

/** A file of .npy with this header and as many bytes of values. */
function npy(header: string | Uint8Array, values = 8, { version = 1, length = -1, magic = "\x93NUMPY" } = {}): Bytes {
  const text = typeof header === "string" ? Uint8Array.from(header, (letter) => letter.charCodeAt(0)) : header;
  const wide = version > 1;
  const bytes = new Uint8Array(6 + 2 + (wide ? 4 : 2) + text.length + values);
  bytes.set(Uint8Array.from(magic, (letter) => letter.charCodeAt(0)));
  bytes[6] = version;
  const view = new DataView(bytes.buffer);
  const declared = length < 0 ? text.length : length;
  if (wide) view.setUint32(8, declared, true);
  else view.setUint16(8, declared, true);
  bytes.set(text, wide ? 12 : 10);
  return bytes;
}

const npz = (bytes: Uint8Array, name = "a.npy") => joined(writeZip([{ name, pieces: [bytes as Bytes] }]));
const dict = (descr = "'<f4'", shape = "(2,)", order = "False") =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;

const CASES: readonly (readonly [name: string, bytes: Uint8Array, message: string])[] = [
  ["no archive", npy(dict()), "it is not a zip archive"],
  ["a file that is not a .npy", npz(npy(dict()), "a.txt"), "it is not a .npy file"],
  ["a name of nothing", npz(npy(dict()), ""), "it is not a .npy file"],
  ["no byte", npz(new Uint8Array()), "it is not a .npy file"],
  ["the magic alone", npz(npy("", 0).subarray(0, 8)), "it is not a .npy file"],
  ["another magic", npz(npy(dict(), 8, { magic: "\x93NUMPZ" })), "it is not a .npy file"],
  ["version 0", npz(npy(dict(), 8, { version: 0 })), "its version is 0; 1 to 3 can be read"],
  ["version 4", npz(npy(dict(), 8, { version: 4 })), "its version is 4"],
  ["a header beyond the file", npz(npy(dict(), 0, { length: 9000 })), "its header would have 9000 bytes"],
  [
    "a header of 4 GB",
    npz(npy(dict(), 8, { version: 2, length: 0xfffffff0 })),
    "its header would have 4294967280 bytes",
  ],
  ["a header of 10,001 bytes", npz(npy(dict().padEnd(10_001), 8)), "its header would have 10001 bytes"],
  ["an empty header", npz(npy("")), "its header is not a dict"],
  ["a header that is not a dict", npz(npy("[1, 2]")), "its header is not a dict"],
  ["half a dict", npz(npy("{'descr': '<f4'")), "its header is not a dict"],
  ["an empty dict", npz(npy("{}")), 'its header is "{}"'],
  ["a dict without shape", npz(npy("{'descr': '<f4', 'fortran_order': False, }")), "its header is"],
  [
    "a key twice",
    npz(npy("{'descr': '<f4', 'descr': '<f8', 'fortran_order': False, 'shape': (2,), }")),
    "its header has descr twice",
  ],
  ["an unknown key", npz(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1, }")), "its header is"],
  [
    "code in the header",
    npz(npy("{'descr': __import__('os').system('x'), 'fortran_order': False, 'shape': (2,)}")),
    "its header is",
  ],
  ["an order that is a number", npz(npy(dict("'<f4'", "(2,)", "1"))), "its header is"],
  ["an order that is a shape", npz(npy(dict("'<f4'", "(2,)", "(1,)"))), "its header is"],
  ["objects, which are pickles", npz(npy(dict("'|O'"))), "its values are of the type '|O'"],
  ["texts", npz(npy(dict("'<U4'"))), "its values are of the type '<U4'"],
  ["complex numbers", npz(npy(dict("'<c8'"))), "its values are of the type '<c8'"],
  ["float128", npz(npy(dict("'<f16'"))), "its values are of the type '<f16'"],
  ["a record", npz(npy(dict("[('a', '<f4')]"))), "its header is"],
  ["a type of Object", npz(npy(dict("'<toString'"))), "its values are of the type"],
  ["a type without an order of bytes", npz(npy(dict("'f4'"))), "its values are of the type 'f4'"],
  ["a negative length", npz(npy(dict("'<f4'", "(-2,)"))), "its header is"],
  ["a fraction", npz(npy(dict("'<f4'", "(2.0,)"))), "its header is"],
  ["an exponent", npz(npy(dict("'<f4'", "(2e9,)"))), "its header is"],
  ["a length of 2^53 and more", npz(npy(dict("'<f4'", "(9007199254740993,)"))), "is too large"],
  ["a length of 400 digits", npz(npy(dict("'<f4'", `(${"9".repeat(400)},)`))), "is too large"],
  ["a product of 2^64", npz(npy(dict("'<f4'", "(4294967296, 4294967296)"))), "is too large"],
  ["a terabyte", npz(npy(dict("'<f4'", "(274877906944,)"))), "bytes, and 1099511627854 by its shape"],
  ["values missing", npz(npy(dict(), 7)), "bytes, and"],
  ["values too many", npz(npy(dict(), 9)), "bytes, and"],
  ["a scalar with two values", npz(npy(dict("'<f4'", "()"))), "bytes, and"],
  ["nothing with values", npz(npy(dict("'<f4'", "(0, 3)"))), "bytes, and"],
  ["a thousand axes", npz(npy(dict("'<f4'", `(${"2, ".repeat(1000)})`))), "is too large"],
  ["an integer beyond 2^53", npz(joined([npy(dict("'<i8'", "(1,)"), 0), new Uint8Array(8).fill(0x7f)])), "2^53"],
];

describe("refused", () => {
  it.each(CASES)("%s", async (_, bytes, message) => {
    const error = await refusal(async () => {
      for (const [name, tensor] of (await readNpz("a.npz", bytes)).tensors) await numbersOf(name, tensor);
    });
    expect(error?.code).toMatch(/^ERR_(FILE_INVALID|VALUES_DTYPE)$/);
    expect(error?.message).toContain(message);
  });

  it("a header that would take a regular expression minutes", async () => {
    for (const text of [
      `{${" ".repeat(9000)}`,
      `{'shape': (${"1".repeat(9000)}`,
      `{'shape': (${"1 , ".repeat(2000)}x}`,
      `{${"'descr': ".repeat(900)}}`,
    ]) {
      const started = performance.now();
      const error = await refusal(() => readNpz("a.npz", npz(npy(text))));
      expect(error?.code).toBe("ERR_FILE_INVALID");
      // Linear: some milliseconds; backtracking would take more than the test may.
      expect(performance.now() - started).toBeLessThan(5000);
    }
  });
});

it("a weight of another shape, a terabyte of zeros, is refused without being unpacked", async () => {
  const model = new Sequential([new layers.Dense(1, { inputShape: [2], name: "a" })]);
  const shape = "(1000000, 250000)";
  const packed = npz(npy(dict("'<f4'", shape), 8), "a/kernel.npy");
  const error = await refusal(() => loadWeights(model, packed, { format: "npz", byName: true, skipMismatch: true }));
  // The archive says how long the entry is, and is refused before the shape matters.
  expect(error?.code).toBe("ERR_FILE_INVALID");
});
