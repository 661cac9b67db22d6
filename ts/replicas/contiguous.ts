/**
 * Many arrays as few spans of memory: one call for a span is much faster than one for each array.
 *
 * @module
 */

import { isFloat32Array, typedArrayName } from "../brands.js";
import { formOf } from "./checksum.js";
import type { ReplicaNumbers, ReplicaView } from "./replica-data.js";

/** A step's temporaries start on consecutive cache lines: a gap of less than a line is padding. */
const LINE_BYTES = 64;

const TYPES = [Float32Array, Float64Array, Int32Array] as const;

/**
 * The entries as spans: contiguous entries in WebAssembly memory, such as a step's gradients, form one span. The views
 * are for immediate use.
 */
export function contiguousSpans(entries: readonly ReplicaView[]): ReplicaNumbers[] {
  const spans: ReplicaNumbers[] = [];
  let wasBlock = false;
  for (const { view, isBlock } of entries) {
    const last = spans.at(-1);
    const isNear = wasBlock && isBlock && last?.buffer === view.buffer;
    if (isNear && isFloat32Array(last) && isFloat32Array(view)) {
      const gap = view.byteOffset - last.byteOffset - last.byteLength;
      if (gap >= 0 && gap < LINE_BYTES) {
        const length = (view.byteOffset + view.byteLength - last.byteOffset) / 4;
        spans[spans.length - 1] = new Float32Array(last.buffer, last.byteOffset, length);
        continue;
      }
    }
    spans.push(view);
    wasBlock = isBlock;
  }
  return spans;
}

/**
 * Works on contiguous copies of the entries, one span for each type, regardless of their addresses, and writes them
 * back.
 */
export function workOnCopies(entries: readonly ReplicaView[], work: (span: ReplicaNumbers) => void): void {
  for (const Type of TYPES) {
    const views = entries.map(({ view }) => view).filter((view) => typedArrayName(view) === Type.name);
    const length = views.reduce((sum, view) => sum + view.length, 0);
    if (length === 0) continue;
    const span = new Type(length);
    const each = (move: (view: ReplicaNumbers, part: ReplicaNumbers) => void) => {
      let at = 0;
      for (const view of views) {
        move(view, span.subarray(at, at + view.length));
        at += view.length;
      }
    };
    each((view, part) => part.set(view));
    work(span);
    each((view, part) => view.set(part));
  }
}

/** A checksum of a call: its kind, and the types and lengths of its data. */
export function formOfCall(call: string, views: readonly ReplicaNumbers[]): number {
  const name = Array.from(call, (character) => character.charCodeAt(0));
  return formOf([
    ...name,
    ...views.flatMap((view) => [view.length, TYPES.findIndex((Type) => typedArrayName(view) === Type.name)]),
  ]);
}
