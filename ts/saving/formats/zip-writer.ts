/**
 * Zip files of stored entries, as Keras and NumPy write them.
 *
 * @module
 */

import { ValueError } from "../../errors.js";
import type { Bytes } from "../../platform-types.js";
import { lengthOfAll } from "../stores/pieces.js";
import { crc32 } from "./crc32.js";
import { utf8Bytes } from "./utf8.js";

/** A file to be packed, in pieces. */
export interface ZipInput {
  readonly name: string;
  readonly pieces: readonly Bytes[];
}

/** Above it, zip64 would be needed. */
const MOST = 0xffffffff;

/** Names are UTF-8. */
const UTF8 = 0x0800;

/** 1 January 1980, midnight: the same weights give the same bytes. */
const DATE = 0x21;

/** The archive, in pieces: contents are not copied. @throws ValueError for 4 GB and more, and for 65,535 entries and more */
export function writeZip(entries: readonly ZipInput[]): Bytes[] {
  const archive: Bytes[] = [];
  const directory: Bytes[] = [];
  let offset = 0;
  for (const { name, pieces } of entries) {
    const encoded = utf8Bytes(name);
    const size = lengthOfAll(pieces);
    const checksum = pieces.reduce((sum, piece) => crc32(piece, sum), 0);
    const fields = (length: number, signature: number, at: number) => {
      const header = new DataView(new ArrayBuffer(length));
      header.setUint32(0, signature, true);
      header.setUint16(at, 20, true);
      header.setUint16(at + 2, UTF8, true);
      header.setUint16(at + 8, DATE, true);
      header.setUint32(at + 10, checksum, true);
      header.setUint32(at + 14, size, true);
      header.setUint32(at + 18, size, true);
      header.setUint16(at + 22, encoded.length, true);
      return header;
    };
    const local = fields(30, 0x04034b50, 4);
    const central = fields(46, 0x02014b50, 6);
    central.setUint16(4, 20, true);
    central.setUint32(42, offset, true);
    archive.push(new Uint8Array(local.buffer), encoded, ...pieces);
    directory.push(new Uint8Array(central.buffer), encoded);
    offset += 30 + encoded.length + size;
    if (offset > MOST || encoded.length > 0xffff) {
      throw new ValueError(
        "ERR_OPTION_RANGE",
        `A zip archive holds less than 4 GB; with ${JSON.stringify(name)} it would have ${offset} bytes. Choose safetensors.`,
      );
    }
  }
  const length = lengthOfAll(directory);
  if (entries.length >= 0xffff || offset + length > MOST) {
    throw new ValueError(
      "ERR_OPTION_RANGE",
      `A zip archive holds less than 65,535 files and 4 GB; choose safetensors.`,
    );
  }
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, entries.length, true);
  end.setUint16(10, entries.length, true);
  end.setUint32(12, length, true);
  end.setUint32(16, offset, true);
  return [...archive, ...directory, new Uint8Array(end.buffer)];
}
