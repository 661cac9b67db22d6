/**
 * Messages of protocol buffers, with the few kinds of fields that event files need.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 * @module
 */

import type { Bytes } from "../../platform-types.js";
import { joined } from "../stores/pieces.js";
import { utf8Bytes } from "./utf8.js";

/** A message, as the bytes of its fields. */
export type Message = readonly Bytes[];

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;

/** A whole number, 0 or above, with seven bits per byte, lowest first. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

/** The number of a field and the kind of its contents, which follow. */
const tag = (field: number, kind: number) => varint(field * 8 + kind);

/** A whole number, 0 or above. */
export const whole = (field: number, value: number): Bytes => Uint8Array.of(...tag(field, VARINT), ...varint(value));

/** A float64. */
export function double(field: number, value: number): Bytes {
  const bytes = new Uint8Array([...tag(field, FIXED64), 0, 0, 0, 0, 0, 0, 0, 0]);
  new DataView(bytes.buffer).setFloat64(bytes.length - 8, value, true);
  return bytes;
}

const bytesOf = (value: Uint8Array | Message) => ("BYTES_PER_ELEMENT" in value ? value : joined(value));

/** Bytes, text, or a nested message. */
export function field(number: number, value: Uint8Array | string | Message): Bytes {
  const bytes = typeof value === "string" ? utf8Bytes(value) : bytesOf(value);
  return joined([Uint8Array.of(...tag(number, LENGTH), ...varint(bytes.length)), bytes]);
}
