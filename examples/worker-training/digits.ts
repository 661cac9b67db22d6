// The handwritten digits of examples/data, fetched, split, and each moved by a pixel to four sides for more of them.

import { random } from "gradstep";
import { digitLines } from "../data/lines.js";

/** Pixels along a side. */
export const SIDE = 8;
const PIXELS = SIDE * SIDE;
const TEST_IMAGES = 360;
/** Shifts of training images, in pixels. */
const MOVES = [
  [0, 0],
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;

/** Contiguous images with values from 0 to 1, and the digits that they show. */
export interface Digits {
  readonly x: Float32Array;
  readonly y: Int32Array;
  readonly count: number;
}

/** Both parts of the digits. Draws their order from the seed that was set. */
export async function loadDigits(): Promise<{ train: Digits; test: Digits }> {
  const lines = await digitLines();
  // Images of one writer are adjacent. In a random order, both parts have all writers.
  const order = random.permutation(lines.length).array();
  const rows = Array.from(order, (row) => (lines[row] as string).split(",").map(Number));
  return { test: images(rows.slice(0, TEST_IMAGES)), train: moved(images(rows.slice(TEST_IMAGES))) };
}

function images(rows: readonly (readonly number[])[]): Digits {
  const x = new Float32Array(rows.length * PIXELS);
  rows.forEach((row, i) =>
    x.set(
      row.slice(0, PIXELS).map((pixel) => pixel / 16),
      i * PIXELS,
    ),
  );
  return { x, y: Int32Array.from(rows, (row) => row[PIXELS] as number), count: rows.length };
}

function moved({ x, y, count }: Digits): Digits {
  const all = { x: new Float32Array(x.length * MOVES.length), y: new Int32Array(y.length * MOVES.length) };
  MOVES.forEach(([right, down], copy) => {
    all.y.set(y, copy * count);
    for (let at = 0; at < x.length; at++) {
      const column = (at % SIDE) + right;
      const row = (Math.floor(at / SIDE) % SIDE) + down;
      const isInside = column >= 0 && column < SIDE && row >= 0 && row < SIDE;
      if (isInside) all.x[copy * x.length + at + down * SIDE + right] = x[at] as number;
    }
  });
  return { ...all, count: count * MOVES.length };
}
