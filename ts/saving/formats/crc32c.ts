/**
 * CRC-32C of TFRecord files, masked as in the files.
 *
 * @see https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/lib/hash/crc32c.h
 * @module
 */

import { crcTable } from "./crc-table.js";

/** Reversed polynomial of Castagnoli. */
const POLYNOMIAL = 0x82f63b78;
/** Added after the rotation: otherwise a checksum over bytes that contain checksums would be weak. */
const MASK = 0xa282ead8;

let table: Uint32Array | undefined;

/** The masked checksum of `bytes`. */
export function maskedCrc32c(bytes: Uint8Array): number {
  table ??= crcTable(POLYNOMIAL);
  let c = 0xffffffff;
  for (const byte of bytes) c = table[(c ^ byte) & 255]! ^ (c >>> 8);
  c = ~c >>> 0;
  return (((c >>> 15) | (c << 17)) + MASK) >>> 0;
}
