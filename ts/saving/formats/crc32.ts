/**
 * CRC-32 of zip files.
 *
 * @see https://pkware.cachefly.net/webdocs/APPNOTE/APPNOTE-6.3.10.TXT section 4.4.7
 * @module
 */

import { crcTable } from "./crc-table.js";

/** Reversed polynomial of ISO 3309. */
const POLYNOMIAL = 0xedb88320;

/** Bytes that are processed together ("slicing by sixteen"), as four words. */
const SLICES = 16;

/** One table after the other. */
let tables: Int32Array | undefined;

function tablesOf(): Int32Array {
  const first = crcTable(POLYNOMIAL);
  const made = [first];
  while (made.length < SLICES) made.push(made.at(-1)!.map((c) => first[c & 255]! ^ (c >>> 8)));
  return Int32Array.from(made.flatMap((table) => [...table]));
}

/** The checksum of `bytes`, which follow bytes with the checksum `before`. */
export function crc32(bytes: Uint8Array, before = 0): number {
  tables ??= tablesOf();
  const t = tables;
  let c = ~before;
  let i = 0;
  // Words start at multiples of four, in little-endian order, as on all hosts that run WebAssembly.
  const head = Math.min(bytes.length, -bytes.byteOffset & 3);
  for (; i < head; i++) c = t[(c ^ bytes[i]!) & 255]! ^ (c >>> 8);
  const count = Math.floor((bytes.length - head) / SLICES) * 4;
  const words = count === 0 ? new Int32Array(0) : new Int32Array(bytes.buffer, bytes.byteOffset + head, count);
  for (let k = 0; k < count; k += 4) {
    const [w0, w1, w2, w3] = [c ^ words[k]!, words[k + 1]!, words[k + 2]!, words[k + 3]!];
    c =
      t[3840 | (w0 & 255)]! ^
      t[3584 | ((w0 >>> 8) & 255)]! ^
      t[3328 | ((w0 >>> 16) & 255)]! ^
      t[3072 | (w0 >>> 24)]! ^
      t[2816 | (w1 & 255)]! ^
      t[2560 | ((w1 >>> 8) & 255)]! ^
      t[2304 | ((w1 >>> 16) & 255)]! ^
      t[2048 | (w1 >>> 24)]! ^
      t[1792 | (w2 & 255)]! ^
      t[1536 | ((w2 >>> 8) & 255)]! ^
      t[1280 | ((w2 >>> 16) & 255)]! ^
      t[1024 | (w2 >>> 24)]! ^
      t[768 | (w3 & 255)]! ^
      t[512 | ((w3 >>> 8) & 255)]! ^
      t[256 | ((w3 >>> 16) & 255)]! ^
      t[w3 >>> 24]!;
  }
  for (i = head + 4 * count; i < bytes.length; i++) c = t[(c ^ bytes[i]!) & 255]! ^ (c >>> 8);
  return ~c >>> 0;
}
