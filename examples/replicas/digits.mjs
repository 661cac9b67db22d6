// The handwritten digits of examples/data, split into training and test part.

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const PIXELS = 64;

/** `{ train, test }`, each `{ x, y, count }`: 64 pixels from 0 to 1 for each image, and the digits. */
export function loadDigits() {
  const file = new URL("../data/digits.csv.gz", import.meta.url);
  const text = gunzipSync(readFileSync(file)).toString("utf8").trim();
  const rows = text.split("\n").map((line) => line.split(",").map(Number));
  // Images of one writer are adjacent: every fifth image as test data gives images of all writers.
  return { train: images(rows.filter((_, i) => i % 5 !== 0)), test: images(rows.filter((_, i) => i % 5 === 0)) };
}

function images(rows) {
  const x = Float32Array.from(
    rows.flatMap((row) => row.slice(0, PIXELS)),
    (pixel) => pixel / 16,
  );
  return { x, y: Int32Array.from(rows, (row) => row[PIXELS]), count: rows.length };
}
