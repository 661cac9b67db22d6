// Two small tasks, each split into training, validation and test data once and for all: digits of examples/data as images, and the next
// character of a text. Models end with logits: probabilities of 0 have no gradient, and a run that overshot could not
// recover.

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { layers, random, Sequential, setRandomSeed } from "gradstep";

const read = (file) => gunzipSync(readFileSync(new URL(`../data/${file}`, import.meta.url))).toString("utf8");

/** Samples from `start` on, before `end`, of `x` with `width` numbers each. */
const part = (x, y, width, start, end) => ({ x: x.slice(start * width, end * width), y: y.slice(start, end) });

/** 1,077 images for training, 360 for choosing the rate, and 360 for testing. */
function digits() {
  const pixels = 64;
  setRandomSeed(0);
  const lines = read("digits.csv.gz").trim().split("\n");
  // Images of one writer are adjacent: in a random order, all parts have all writers.
  const rows = [...random.permutation(lines.length).array()].map((at) => lines[at].split(",").map(Number));
  const x = Float32Array.from(rows.flatMap((row) => row.slice(0, pixels).map((pixel) => pixel / 16)));
  const y = Int32Array.from(rows, (row) => row[pixels]);
  return {
    name: "digits",
    epochs: 20,
    batchSize: 32,
    train: part(x, y, pixels, 720, rows.length),
    validation: part(x, y, pixels, 360, 720),
    test: part(x, y, pixels, 0, 360),
    model: () =>
      new Sequential([
        new layers.Dense(64, { activation: "relu", inputShape: [pixels] }),
        new layers.Dense(32, { activation: "relu" }),
        new layers.Dense(10),
      ]),
  };
}

/**
 * Eight characters, and the next one: the first 20,000 for training, then 5,000 for choosing the rate and 5,000 for
 * testing.
 */
function text() {
  const width = 8;
  const chars = read("coriolanus.txt.gz");
  const known = [...new Set(chars)].sort();
  const places = new Map(known.map((char, i) => [char, i]));
  const codes = Int32Array.from(chars, (char) => places.get(char));
  const count = codes.length - width;
  const x = new Int32Array(count * width);
  for (let i = 0; i < count; i++) x.set(codes.subarray(i, i + width), i * width);
  const y = codes.slice(width);
  return {
    name: "text",
    epochs: 3,
    batchSize: 64,
    train: part(x, y, width, 0, 20_000),
    validation: part(x, y, width, 20_000, 25_000),
    test: part(x, y, width, 25_000, 30_000),
    model: () =>
      new Sequential([
        new layers.Embedding(known.length, 8, { inputShape: [width] }),
        new layers.Flatten(),
        new layers.Dense(48, { activation: "relu" }),
        new layers.Dense(known.length),
      ]),
  };
}

export const TASKS = { digits, text };
