/**
 * CRC-32 of zip files.
 *
 * @see https://pkware.cachefly.net/webdocs/APPNOTE/APPNOTE-6.3.10.TXT section 4.4.7
 * @module
 */

import { crcTable } from "./crc-table.js";

/** Reversed polynomial of ISO 3309. */
const POLYNOMIAL = 0xedb88320;

/** Bytes that are taken at once ("slicing by eight"): 8 to 10 times as fast as one. */
const SLICES = 8;

let tables: readonly Uint32Array[] | undefined;

function tablesOf(): readonly Uint32Array[] {
  const first = crcTable(POLYNOMIAL);
  const made = [first];
  while (made.length < SLICES) made.push(made.at(-1)!.map((c) => first[c & 255]! ^ (c >>> 8)));
  return made;
}

/** The checksum of `bytes`, which follow others of the checksum `before`. */
export function crc32(bytes: Uint8Array, before = 0): number {
  tables ??= tablesOf();
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as unknown as readonly [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  let c = ~before;
  let i = 0;
  for (const end = bytes.length - (bytes.length % SLICES); i < end; i += SLICES) {
    const low = c ^ (bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24));
    c =
      t7[low & 255]! ^
      t6[(low >>> 8) & 255]! ^
      t5[(low >>> 16) & 255]! ^
      t4[low >>> 24]! ^
      t3[bytes[i + 4]!]! ^
      t2[bytes[i + 5]!]! ^
      t1[bytes[i + 6]!]! ^
      t0[bytes[i + 7]!]!;
  }
  for (; i < bytes.length; i++) c = t0[(c ^ bytes[i]!) & 255]! ^ (c >>> 8);
  return ~c >>> 0;
}
