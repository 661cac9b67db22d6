// The handwritten digits of examples/data, split into training and test rows.

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { seeded, shuffle } from "./random.mjs";

export const PIXELS = 64;
export const CLASSES = 10;
const TEST_ROWS = 360;

/** `{ train, test }`, each `{ images, labels, count }`: pixels from 0 to 1, 64 a row, and digits. */
export function loadDigits() {
  const file = new URL("../data/digits.csv.gz", import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString("utf8").trim().split("\n");
  // Rows of one writer are adjacent. Shuffled first, both parts have all writers; the seed fixes the split.
  shuffle(lines, seeded(1));
  return { train: rows(lines.slice(TEST_ROWS)), test: rows(lines.slice(0, TEST_ROWS)) };
}

function rows(lines) {
  const images = new Float32Array(lines.length * PIXELS);
  const labels = new Uint8Array(lines.length);
  lines.forEach((line, row) => {
    const numbers = line.split(",").map(Number);
    labels[row] = numbers.pop();
    images.set(
      numbers.map((pixel) => pixel / 16),
      row * PIXELS,
    );
  });
  return { images, labels, count: lines.length };
}
