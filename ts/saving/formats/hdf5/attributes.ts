/**
 * Attributes of HDF5's objects: texts, lists of texts, and numbers.
 *
 * @module
 */

import { sizeOf } from "../../../shape.js";
import { utf8 } from "../utf8.js";
import type { Cursor, Hdf5Bytes } from "./cursor.js";
import { hdf5Shape, hdf5Type } from "./datatype.js";
import { MESSAGE, type Message } from "./header.js";

/** A text, or a list of texts. */
export type AttributeValue = string | readonly string[];

/** The attributes that are texts, or lists of texts. Others are skipped. */
export function attributesIn(source: Hdf5Bytes, messages: readonly Message[]): Map<string, AttributeValue> {
  const found = new Map<string, AttributeValue>();
  for (const { type, body } of messages) {
    if (type !== MESSAGE.attribute) continue;
    const version = body.u8();
    if (version < 1 || version > 3) source.refuse(`an attribute has the version ${version}`);
    const flags = body.u8();
    const lengths = [body.u16(), body.u16(), body.u16()] as const;
    if (version === 3) body.skip(1);
    if (version > 1 && flags & 3) continue;
    const [name, kind, space] = lengths.map((length) => {
      const part = body.part(length);
      // Version 1 pads each part to eight bytes.
      if (version === 1) body.skip(Math.min(body.left, -length & 7));
      return part;
    }) as [Cursor, Cursor, Cursor];
    const value = textsIn(source, kind, space, body);
    if (value !== undefined) found.set(name.text(name.left), value);
  }
  return found;
}

function textsIn(source: Hdf5Bytes, kind: Cursor, space: Cursor, body: Cursor): AttributeValue | undefined {
  const type = hdf5Type(kind);
  const shape = hdf5Shape(space);
  if ((type.kind !== "string" && type.kind !== "longString") || shape === undefined || shape.length > 1) {
    return undefined;
  }
  const count = sizeOf(shape);
  if (type.width === 0 || count * type.width > body.left) source.refuse("an attribute is cut off");
  const texts: string[] = [];
  for (let i = 0; i < count; i++) {
    texts.push(type.kind === "string" ? body.text(type.width) : longText(source, body.part(type.width)));
  }
  return shape.length === 0 ? texts[0]! : texts;
}

/** A text in a global heap. */
function longText(source: Hdf5Bytes, place: Cursor): string {
  const [length, heap, index] = [place.u32(), place.u64(), place.u32()];
  if (length === 0) return "";
  const cursor = source.at(heap, 16);
  cursor.expect("GCOL");
  cursor.skip(4);
  const end = heap + cursor.u64();
  while (cursor.position + 16 <= end) {
    const found = cursor.u16();
    cursor.skip(6);
    const size = cursor.u64();
    source.spend(16);
    // The free space at the end is called 0.
    if (found === 0 || size < 0) break;
    if (found === index) {
      // With one letter beyond Latin-1, each letter takes two bytes.
      source.spend(2 * length);
      return utf8(source.file, "an attribute", cursor.take(Math.min(length, size)));
    }
    cursor.skip(Math.ceil(size / 8) * 8);
  }
  return source.refuse("a text is not in its heap");
}
