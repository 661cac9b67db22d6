// The handwritten digits of examples/data as images, split into training and test part.

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { random } from "gradstep";

const SIZE = 8;
const TEST_IMAGES = 360;

/** `{ train, test }`, each `{ x, y, count }`: 8 x 8 pixels from 0 to 1, and the digits. */
export function loadDigits() {
  const file = new URL("../data/digits.csv.gz", import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString("utf8").trim().split("\n");
  // Images of one writer are adjacent. In a random order, both parts have all writers.
  const order = random.permutation(lines.length).array();
  const part = (start, end) => images([...order.slice(start, end)].map((row) => lines[row].split(",").map(Number)));
  return { train: part(TEST_IMAGES, lines.length), test: part(0, TEST_IMAGES) };
}

function images(rows) {
  const pixels = SIZE * SIZE;
  const x = new Float32Array(rows.length * pixels);
  rows.forEach((row, i) =>
    x.set(
      row.slice(0, pixels).map((pixel) => pixel / 16),
      i * pixels,
    ),
  );
  return { x, y: Int32Array.from(rows, (row) => row[pixels]), count: rows.length };
}
