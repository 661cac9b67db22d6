/**
 * Two operands as the kernels see them: runs of axes that both have, or along which one is repeated.
 *
 * @module
 */

import { type Shape, sameShape, sizeOf } from "../shape.js";

/** Adjacent axes along which an operand is either broadcast (`0`) or not (`1`). */
export interface Run {
  readonly length: number;
  readonly a: 0 | 1;
  readonly b: 0 | 1;
}

/** The axes of `out` as the fewest runs, outermost first. No run for a single element. */
export function runsOf(a: Shape, b: Shape, out: Shape): readonly Run[] {
  if (sameShape(a, out) && sameShape(b, out)) return [{ length: sizeOf(out), a: 1, b: 1 }];
  const runs: Run[] = [];
  for (let axis = 0; axis < out.length; axis++) {
    const length = out[axis]!;
    if (length === 1) continue;
    const ofA = repeats(a, out, axis);
    const ofB = repeats(b, out, axis);
    const last = runs.at(-1);
    if (last !== undefined && last.a === ofA && last.b === ofB) {
      runs[runs.length - 1] = { length: last.length * length, a: ofA, b: ofB };
    } else {
      runs.push({ length, a: ofA, b: ofB });
    }
  }
  return runs;
}

function repeats(shape: Shape, out: Shape, axis: number): 0 | 1 {
  return (shape[axis - out.length + shape.length] ?? 1) === 1 ? 0 : 1;
}

/** Rows and columns for one call of a kernel, and their offsets, in elements. */
export interface Grid {
  readonly rows: number;
  readonly cols: number;
  readonly a: readonly [row: number, col: 0 | 1];
  readonly b: readonly [row: number, col: 0 | 1];
  readonly starts: readonly { readonly a: number; readonly b: number; readonly out: number }[];
}

const START = [{ a: 0, b: 0, out: 0 }];

/** The last two runs as rows and columns; the others give the offset of each of these grids. */
export function gridOf(runs: readonly Run[]): Grid {
  const cols = runs.at(-1) ?? { length: 1, a: 1, b: 1 };
  const rows = runs.at(-2) ?? { length: 1, a: 0, b: 0 };
  let [a, b, out] = [cols.a === 1 ? cols.length : 1, cols.b === 1 ? cols.length : 1, cols.length];
  const grid = {
    rows: rows.length,
    cols: cols.length,
    a: [rows.a * a, cols.a] as const,
    b: [rows.b * b, cols.b] as const,
  };
  if (rows.a === 1) a *= rows.length;
  if (rows.b === 1) b *= rows.length;
  out *= rows.length;
  let starts: Grid["starts"] = START;
  for (let i = runs.length - 3; i >= 0; i--) {
    const run = runs[i]!;
    const [stepA, stepB, stepOut] = [run.a * a, run.b * b, out];
    starts = Array.from({ length: run.length }, (_, k) =>
      starts.map((start) => ({ a: start.a + k * stepA, b: start.b + k * stepB, out: start.out + k * stepOut })),
    ).flat();
    if (run.a === 1) a *= run.length;
    if (run.b === 1) b *= run.length;
    out *= run.length;
  }
  return { ...grid, starts };
}
