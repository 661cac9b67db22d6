/**
 * Checks whether numbers are finite. For a large file, each part is checked while the next one is read, instead of
 * waiting.
 *
 * @module
 */

import type { Bytes, Float32s, Float64s, Int32s } from "../../platform-types.js";
import { areFinite } from "../../runtime/float32.js";

/** Spans of bytes that are finite as float32, of files in memory. */
const finiteSpans = new WeakMap<ArrayBufferLike, [start: number, end: number][]>();

/** Checks the bytes `start` to `end` as float32, whatever their type. They must not change from here on. */
export function examine(bytes: Bytes, start: number, end: number): void {
  const [from, to] = [start - (start % 4), end - (end % 4)];
  if (to <= from || !areFinite(new Float32Array(bytes.buffer, from, (to - from) / 4))) return;
  const spans = finiteSpans.get(bytes.buffer) ?? [];
  const last = spans.at(-1);
  if (last !== undefined && last[1] === from) last[1] = to;
  else spans.push([from, to]);
  finiteSpans.set(bytes.buffer, spans);
}

/** Whether there is no NaN and no infinity. */
export function allFinite(data: Float32s | Float64s | Int32s, isFloat32: boolean): boolean {
  const [start, end] = [data.byteOffset, data.byteOffset + data.byteLength];
  const isKnown = isFloat32 && finiteSpans.get(data.buffer)?.some(([from, to]) => from <= start && end <= to);
  return isKnown || areFinite(data);
}
