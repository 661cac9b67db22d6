/**
 * SIMD gives the same bits as scalar code: values and gradients of operations, over all tails of their loops.
 */

import { beforeAll, it } from "vitest";
import type { Tensor } from "../../ts/index.js";
import * as simd from "../../ts/index.js";
import { expectSameBits } from "../support/bytes.js";
import { Random } from "../support/random.js";
import { type Library, scalarLibrary } from "../support/scalar-library.js";

type Floats = Tensor<"float32">;
/** Either copy. */
type Api = Omit<Library, "init" | "initSync">;
/** Makes an input whose gradient is compared too. Its numbers are from `-size` to `size`, plus `shift`. */
type Make = (shape: readonly number[], size?: number, shift?: number) => Floats;
type Operation = (library: Api, make: Make, rows: number, cols: number) => Floats;

/** Rows and columns: every tail of a row, and rows of many widths. */
const SHAPES = [...Array.from({ length: 18 }, (_, i) => [3, i + 1]), [1, 64], [32, 64], [65, 33], [300, 8]] as const;

const classesOf = (rows: number, cols: number) => Int32Array.from({ length: rows }, (_, row) => (row * 7) % cols);

const OPERATIONS: Record<string, Operation> = {
  softmax: ({ ops }, make, rows, cols) => ops.softmax(make([rows, cols], 30)),
  logSoftmax: ({ ops }, make, rows, cols) => ops.logSoftmax(make([rows, cols], 30), 0),
  softmaxCrossEntropy: ({ ops }, make, rows, cols) =>
    ops.softmaxCrossEntropy(make([rows, cols], 0.5, 0.5), make([rows, cols], 9)),
  "categoricalCrossentropy of probabilities": ({ ops }, make, rows, cols) =>
    ops.categoricalCrossentropy(make([rows, cols], 0.5, 0.5), make([rows, cols], 0.5, 0.5)),
  sparseCategoricalCrossentropy: ({ ops }, make, rows, cols) =>
    ops.sparseCategoricalCrossentropy(classesOf(rows, cols), make([rows, cols], 0.5, 0.5)),
  sigmoidCrossEntropy: ({ ops }, make, rows, cols) =>
    ops.sigmoidCrossEntropy(make([rows, cols], 0.5, 0.5), make([rows, cols], 40)),
  "binaryCrossentropy of probabilities": ({ ops }, make, rows, cols) =>
    ops.binaryCrossentropy(make([rows, cols], 0.5, 0.5), make([rows, cols], 0.6, 0.5)),
  batchNormalization: ({ ops }, make, rows, cols) =>
    ops.batchNormalization(make([rows, cols], 3, 1), make([cols]), make([cols])).output,
  "batchNormalization with given statistics": ({ ops }, make, rows, cols) => {
    const [mean, variance] = [make([cols]), make([cols], 1, 1.5)];
    return ops.batchNormalization(make([rows, cols]), null, null, { training: false, mean, variance }).output;
  },
  layerNormalization: ({ ops }, make, rows, cols) =>
    ops.layerNormalization(make([rows, cols], 3, 1), make([cols]), make([cols])),
  conv2d: ({ ops }, make, rows, cols) =>
    ops.conv2d(make([2, 5, 6, (rows % 5) + 1]), make([3, 2, (rows % 5) + 1, cols]), {
      strides: [2, 1],
      padding: "same",
      bias: make([cols]),
      activation: "relu",
    }),
  conv2dTranspose: ({ ops }, make, rows, cols) =>
    ops.conv2dTranspose(make([2, 2, 3, (rows % 5) + 1]), make([3, 2, cols, (rows % 5) + 1]), { strides: 2 }),
  depthwiseConv2d: ({ ops }, make, _, cols) => ops.depthwiseConv2d(make([2, 4, 5, cols]), make([3, 2, cols, 1])),
  maxPool2d: ({ ops }, make, _, cols) => ops.maxPool2d(make([2, 5, 4, cols]), 3, { strides: 2, padding: "same" }),
  averagePool2d: ({ ops }, make, _, cols) =>
    ops.averagePool2d(make([2, 5, 4, cols]), 3, { strides: 2, padding: "same" }),
  take: ({ ops }, make, rows, cols) => ops.take(make([cols, 5]), classesOf(rows * 3, cols)),
  dropout: ({ ops }, make, rows, cols) => ops.dropout(make([rows, cols]), 0.3, { seed: rows }),
  "random.normal": ({ random }, _, rows, cols) => random.normal([rows, cols], { seed: cols }),
  "random.truncatedNormal": ({ random }, _, rows, cols) => random.truncatedNormal([rows, cols], { seed: cols }),
  "random.uniform": ({ random }, _, rows, cols) => random.uniform([rows, cols], { seed: cols, minval: -0.1 }),
};

let scalar: Library;

beforeAll(async () => {
  scalar = await scalarLibrary();
});

/** The value, and the gradients of all inputs. */
function run(library: Api, operation: Operation, rows: number, cols: number): Float32Array[] {
  const random = new Random(rows * 100 + cols);
  const inputs: Floats[] = [];
  const tape = new library.GradientTape();
  const y = tape.run(() =>
    operation(
      library,
      (shape, size = 1, shift = 0) => {
        const values = random.values(
          shape.reduce((a, b) => a * b, 1),
          size,
          11,
        );
        const input = library.tensor(
          values.map((x) => x + shift),
          shape,
        );
        tape.watch(input);
        inputs.push(input);
        return input;
      },
      rows,
      cols,
    ),
  );
  const value = y.array();
  if (inputs.length === 0) return [value];
  const outputGradients = library.tensor(random.values(y.size), y.shape);
  const gradients = tape.gradient(y, inputs, { outputGradients, unconnectedGradients: "zero" });
  return [value, ...gradients.map((gradient) => gradient?.array() ?? new Float32Array())];
}

it.each(Object.entries(OPERATIONS))("%s", (name, operation) => {
  for (const [rows, cols] of SHAPES as readonly (readonly [number, number])[]) {
    const [ours, plain] = [run(simd, operation, rows, cols), run(scalar, operation, rows, cols)];
    ours.forEach((values, i) => {
      expectSameBits(`${name}, ${rows} x ${cols}, part ${i}`, values, plain[i] ?? new Float32Array());
    });
  }
});
