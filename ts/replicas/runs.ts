/**
 * Many arrays as few runs of memory: one call for a run is much faster than one for each array.
 *
 * @module
 */

import { isFloat32Array, typedArrayName } from "../brands.js";
import { formOf } from "./checksum.js";
import type { Entry, ReplicaNumbers } from "./numbers.js";

/** A step's temporaries start on consecutive cache lines: a gap of less than a line is padding. */
const LINE_BYTES = 64;

const TYPES = [Float32Array, Float64Array, Int32Array] as const;

/**
 * The entries as runs: entries that are contiguous in WebAssembly memory, such as a step's gradients, form one. The views are for at
 * once.
 */
export function runsOf(entries: readonly Entry[]): ReplicaNumbers[] {
  const runs: ReplicaNumbers[] = [];
  let wasBlock = false;
  for (const { view, isBlock } of entries) {
    const last = runs.at(-1);
    const isNear = wasBlock && isBlock && last?.buffer === view.buffer;
    if (isNear && isFloat32Array(last) && isFloat32Array(view)) {
      const gap = view.byteOffset - last.byteOffset - last.byteLength;
      if (gap >= 0 && gap < LINE_BYTES) {
        const length = (view.byteOffset + view.byteLength - last.byteOffset) / 4;
        runs[runs.length - 1] = new Float32Array(last.buffer, last.byteOffset, length);
        continue;
      }
    }
    runs.push(view);
    wasBlock = isBlock;
  }
  return runs;
}

/** Works on copies of the entries in a row, one run for each type, whatever their places in memory; writes them back. */
export function workOnCopies(entries: readonly Entry[], work: (run: ReplicaNumbers) => void): void {
  for (const Type of TYPES) {
    const views = entries.map(({ view }) => view).filter((view) => typedArrayName(view) === Type.name);
    const length = views.reduce((sum, view) => sum + view.length, 0);
    if (length === 0) continue;
    const run = new Type(length);
    const each = (move: (view: ReplicaNumbers, part: ReplicaNumbers) => void) => {
      let at = 0;
      for (const view of views) {
        move(view, run.subarray(at, at + view.length));
        at += view.length;
      }
    };
    each((view, part) => part.set(view));
    work(run);
    each((view, part) => view.set(part));
  }
}

/** A number that stands for a call: what it does, and the types and lengths of its data. */
export function formOfCall(call: string, views: readonly ReplicaNumbers[]): number {
  const name = Array.from(call, (character) => character.charCodeAt(0));
  return formOf([
    ...name,
    ...views.flatMap((view) => [view.length, TYPES.findIndex((Type) => typedArrayName(view) === Type.name)]),
  ]);
}
