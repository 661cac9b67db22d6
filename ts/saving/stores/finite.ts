/**
 * Whether numbers are finite. Of a large file that is found out while its next part is read, which this thread would only wait for.
 *
 * @module
 */

import type { Bytes, Float32s, Float64s, Int32s } from "../../platform-types.js";
import { areFinite } from "../../runtime/float32.js";

/** Spans of bytes, as float32 all finite, of files that are in memory. */
const finiteSpans = new WeakMap<ArrayBufferLike, [start: number, end: number][]>();

/** Examines the bytes `start` to `end` as float32, whatever they are. They don't change from here on. */
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
