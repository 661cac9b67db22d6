/**
 * Object headers of HDF5: the messages that describe a group or a dataset.
 *
 * @module
 */

import type { Cursor, Hdf5Bytes } from "./cursor.js";
import { lookup3 } from "./lookup3.js";

/** Types of messages. */
export const MESSAGE = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  fill: 0x05,
  link: 0x06,
  layout: 0x08,
  groupInfo: 0x0a,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

/** A message of an object. */
export interface Message {
  readonly type: number;
  readonly body: Cursor;
}

/** A message that is stored elsewhere, shared by several objects. */
const SHARED = 2;

/** The messages of the object at an address. @throws ValueError for anything but an object header */
export function messagesAt(source: Hdf5Bytes, address: number): Message[] {
  const messages: Message[] = [];
  const isNew = source.at(address, 4).u32() === 0x5244484f; // "OHDR"
  const start = source.at(address);
  const first = isNew ? newHeader(start) : oldHeader(start);
  const waiting = [first.block];
  for (let block = waiting.shift(); block !== undefined; block = waiting.shift()) {
    while (block.left >= first.least) {
      const { type, size, flags } = first.next(block);
      source.spend(size + first.least);
      const body = block.part(size);
      if (flags & SHARED && type !== MESSAGE.fill) source.refuse("it has a shared datatype, which is not read");
      if (type === MESSAGE.continuation) waiting.push(continued(source, body, isNew));
      else messages.push({ type, body });
    }
  }
  return messages;
}

interface Header {
  readonly block: Cursor;
  /** Bytes before a message's body. */
  readonly least: number;
  next(block: Cursor): { readonly type: number; readonly size: number; readonly flags: number };
}

function oldHeader(cursor: Cursor): Header {
  const version = cursor.u8();
  if (version !== 1) cursor.source.refuse(`an object has a header of version ${version}`);
  cursor.skip(7);
  const size = cursor.u32();
  cursor.skip(4);
  const next = (block: Cursor) => {
    const [type, length, flags] = [block.u16(), block.u16(), block.u8()];
    block.skip(3);
    return { type, size: length, flags };
  };
  return { block: cursor.part(size), least: 8, next };
}

function newHeader(cursor: Cursor): Header {
  const { source, position } = cursor;
  cursor.skip(4);
  const version = cursor.u8();
  if (version !== 2) source.refuse(`an object has a header of version ${version}`);
  const flags = cursor.u8();
  cursor.skip((flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0));
  const size = cursor.uint(1 << (flags & 3));
  const block = cursor.part(Math.max(size, 0));
  checkSum(cursor, position);
  const hasOrder = (flags & 4) !== 0;
  const next = (at: Cursor) => {
    const [type, length, bits] = [at.u8(), at.u16(), at.u8()];
    if (hasOrder) at.skip(2);
    return { type, size: length, flags: bits };
  };
  return { block, least: hasOrder ? 6 : 4, next };
}

function continued(source: Hdf5Bytes, body: Cursor, isNew: boolean): Cursor {
  const [address, length] = [body.u64(), body.u64()];
  const cursor = source.at(address, length);
  // A block that refers to itself would never end.
  source.spend(length + 64);
  if (!isNew) return cursor.part(length);
  if (length < 8) source.refuse("a structure is cut off");
  cursor.expect("OCHK");
  const block = cursor.part(length - 8);
  checkSum(cursor, address);
  return block;
}

function checkSum(cursor: Cursor, start: number): void {
  const { source, position } = cursor;
  source.spend(position - start);
  if (cursor.u32() !== lookup3(source.bytes.subarray(start, position))) source.refuse("a checksum is wrong");
}
