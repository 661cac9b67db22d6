/**
 * The digits of the golden training runs: test/golden/training/README.md describes the data made from them.
 */

import { type Tensor, tensor } from "../../ts/index.js";
import digits from "../golden/training/digits.json";
import { bytesOf } from "./bytes.js";

const PIXELS = bytesOf(digits.pixels.data);
const LABELS = bytesOf(digits.labels.data);
const WIDTH = 64;

/** Rows from `start` to before `end`. */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

type Maker = (rows: RowRange) => Tensor[];

/** The pixels of some columns, `from` to before `to`, each through `change`. */
function columns({ start, end }: RowRange, from: number, to: number, change: (pixel: number) => number): number[] {
  return Array.from({ length: end - start }, (_, row) =>
    Array.from(PIXELS.subarray((start + row) * WIDTH + from, (start + row) * WIDTH + to), change),
  ).flat();
}

function floats(
  rows: RowRange,
  shape: readonly number[],
  from = 0,
  to = WIDTH,
  change = (p: number) => p / 16,
): Tensor {
  return tensor(Float32Array.from(columns(rows, from, to, change)), [rows.end - rows.start, ...shape]);
}

function labelled(rows: RowRange, shape: readonly number[], change: (label: number) => number): Tensor {
  const values = Array.from(LABELS.subarray(rows.start, rows.end), change);
  return tensor(Float32Array.from(values), [rows.end - rows.start, ...shape]);
}

function labels({ start, end }: RowRange): Tensor {
  return tensor(Int32Array.from(LABELS.subarray(start, end)), [end - start]);
}

const INPUTS: Readonly<Record<string, Maker>> = {
  pixels: (rows) => [floats(rows, [64])],
  bright: (rows) => [floats(rows, [64], 0, WIDTH, (p) => (p + 1) / 17)],
  images: (rows) => [floats(rows, [8, 8, 1])],
  halves: (rows) => [floats(rows, [32], 0, 32), floats(rows, [32], 32, 64)],
  codes: (rows) => [tensor(Int32Array.from(columns(rows, 16, 48, (p) => p)), [rows.end - rows.start, 32])],
};

const TARGETS: Readonly<Record<string, Maker>> = {
  labels: (rows) => [labels(rows)],
  "one hot": (rows) => {
    const each = Array.from(LABELS.subarray(rows.start, rows.end), (label) =>
      Array.from({ length: 10 }, (_, i) => (i === label ? 1 : 0)),
    );
    return [tensor(Float32Array.from(each.flat()), [each.length, 10])];
  },
  parity: (rows) => [labelled(rows, [1], (label) => label % 2)],
  number: (rows) => [labelled(rows, [], (label) => label / 9)],
  "label and parity": (rows) => [labels(rows), labelled(rows, [1], (label) => label % 2)],
};

function made(kinds: Readonly<Record<string, Maker>>, kind: string, rows: RowRange): Tensor | Tensor[] {
  const tensors = kinds[kind]?.(rows);
  if (tensors === undefined) throw new Error(`no digits of the kind "${kind}"`);
  return tensors.length === 1 ? (tensors[0] as Tensor) : tensors;
}

/** Inputs of a model: a tensor, or a list for several inputs. */
export const inputsOf = (kind: string, rows: RowRange): Tensor | Tensor[] => made(INPUTS, kind, rows);

/** Targets of a model, in the same form. */
export const targetsOf = (kind: string, rows: RowRange): Tensor | Tensor[] => made(TARGETS, kind, rows);
