// Cases whose instructions are counted: a step of each optimizer, each operation with and without its gradient, steps
// of whole models. A case has a name, and a function that prepares it and returns the measured function.

import * as library from "../../dist/slim.js";

const { GradientTape, layers, ops, optimizers, Sequential, setRandomSeed, Tensor, tensor, tidy, Variable } = library;

/** Numbers between -0.5 and 0.5, the same everywhere. */
export function numbers(length, seed = 1) {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24 - 0.5;
  });
}

const of = (shape, seed) =>
  tensor(
    numbers(
      shape.reduce((a, b) => a * b, 1),
      seed,
    ),
    shape,
  );

/** Steps of an optimizer on a matrix and two short vectors. */
function stepOf(make) {
  const variables = [[64, 96], [130], [3]].map((shape, i) => new Variable(of(shape, i + 1)));
  const gradients = variables.map(({ shape }, i) => of(shape, i + 9));
  const optimizer = make(variables);
  return () => optimizer.apply(gradients, variables);
}

/** Stages around a rule, which are shared by all rules. */
const STAGES = {
  "weight decay": { weightDecay: 0.01 },
  clipnorm: { clipnorm: 0.1 },
  globalClipnorm: { globalClipnorm: 0.1 },
  clipvalue: { clipvalue: 0.1 },
  average: { useEma: true },
  accumulation: { gradientAccumulationSteps: 2 },
  skipNonfinite: { skipNonfinite: true },
  centralization: { gradientCentralization: true },
  adaptiveClip: { adaptiveClip: 0.01 },
  cautious: { cautious: true },
};

/** Rules: classes that are created only from options. The cost of wrappers is that of the inner optimizer. */
function ruleNames() {
  return Object.keys(optimizers).filter((name) => {
    try {
      const made = new optimizers[name]({});
      made.dispose();
      return (
        made instanceof optimizers.Optimizer &&
        made.inner === undefined &&
        // LBFGS takes a loss, not gradients.
        made.lossUse === undefined &&
        Object.getPrototypeOf(optimizers[name]) !== Function.prototype
      );
    } catch {
      return false;
    }
  });
}

function optimizerCases() {
  return [
    ...ruleNames().map((name) => [`optimizer ${name}`, () => stepOf(() => new optimizers[name]({}))]),
    ...Object.entries(STAGES).map(([name, options]) => [
      `optimizer Adam, ${name}`,
      () => stepOf(() => new optimizers.Adam(options)),
    ]),
    ["optimizer SGD, momentum", () => stepOf(() => new optimizers.SGD({ momentum: 0.9, nesterov: true }))],
    ["optimizer Adam, amsgrad", () => stepOf(() => new optimizers.Adam({ amsgrad: true }))],
    ["optimizer RMSprop, centered", () => stepOf(() => new optimizers.RMSprop({ centered: true, momentum: 0.9 }))],
    ["optimizer Muon, square", () => stepOf(() => new optimizers.Muon({ excludeLayers: [] }))],
  ];
}

/** Operands for operations that need others than one or two matrices. */
const IMAGES = [2, 14, 13, 8];
const CALLS = {
  matmul: [
    [of, [37, 130]],
    [of, [130, 51]],
  ],
  dense: [
    [of, [37, 130]],
    [of, [130, 51]],
    [of, [51]],
  ],
  conv2d: [
    [of, IMAGES],
    [of, [3, 3, 8, 20]],
  ],
  conv1d: [
    [of, [2, 40, 8]],
    [of, [5, 8, 12]],
  ],
  conv2dTranspose: [
    [of, IMAGES],
    [of, [3, 3, 6, 8]],
  ],
  depthwiseConv2d: [
    [of, IMAGES],
    [of, [3, 3, 8, 2]],
  ],
  maxPool2d: [[of, IMAGES], 2],
  averagePool2d: [[of, IMAGES], 2],
  tile: [
    [of, [50, 67]],
    [2, 3],
  ],
};

const made = (entry) => (Array.isArray(entry) && typeof entry[0] === "function" ? entry[0](...entry.slice(1)) : entry);
const MATRIX = [50, 67];

/** Operands with which the operation can be called: a matrix, or two. */
function operandsFor(name) {
  if (name in CALLS) return CALLS[name];
  const matrix = (seed) => [of, MATRIX, seed];
  for (const operands of [[matrix(1)], [matrix(1), matrix(2)], [matrix(1), MATRIX.toReversed()], [matrix(1), 1]]) {
    try {
      if (tidy(() => ops[name](...operands.map(made))) !== undefined) return operands;
    } catch {
      // Then with the other operands.
    }
  }
  return undefined;
}

function operationCases() {
  // The longest of several names: the others are abbreviations.
  const longest = Object.keys(ops).sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const names = longest.filter((name, i) => longest.findIndex((other) => ops[other] === ops[name]) === i).sort();
  return names.flatMap((name) => {
    const operands = operandsFor(name);
    if (operands === undefined) return [];
    const forward = () => {
      const given = operands.map(made);
      return () => void tidy(() => ops[name](...given));
    };
    const cases = [[`operation ${name}`, forward]];
    const backward = () => {
      const given = operands.map(made).map((x) => (x instanceof Tensor ? new Variable(x) : x));
      const variables = given.filter((x) => x instanceof Variable);
      return () => {
        const tape = new GradientTape();
        tidy(() =>
          tape.gradient(
            tape.run(() => ops[name](...given)),
            variables,
            { unconnectedGradients: "zero" },
          ),
        );
      };
    };
    try {
      backward()();
      cases.push([`gradient of ${name}`, backward]);
    } catch {
      // Whole numbers, lists.
    }
    return cases;
  });
}

/** Layers with kernels in addition to those of operations, and losses with kernels. */
const conv = (filters, more) => new layers.Conv2D(filters, 3, { activation: "relu", ...more });
const MODELS = {
  "dense, softmax": [
    () => [new layers.Dense(64, { activation: "softmax", inputShape: [10] })],
    "categoricalCrossentropy",
  ],
  mlp: [
    () => [
      new layers.Dense(128, { activation: "relu", inputShape: [200] }),
      new layers.Dense(10, { activation: "softmax" }),
    ],
    "sparseCategoricalCrossentropy",
  ],
  cnn: [
    () => [
      conv(8, { inputShape: [14, 14, 1] }),
      new layers.MaxPooling2D(2),
      new layers.Flatten(),
      new layers.Dense(10, { activation: "softmax" }),
    ],
    "sparseCategoricalCrossentropy",
  ],
  "batch normalization, dropout": [
    () => [
      new layers.Dense(32, { inputShape: [10] }),
      new layers.BatchNormalization(),
      new layers.Dropout(0.3),
      new layers.Dense(1),
    ],
    "mse",
  ],
  "layer normalization": [
    () => [
      new layers.Dense(32, { inputShape: [10] }),
      new layers.LayerNormalization(),
      new layers.Dense(1, { activation: "sigmoid" }),
    ],
    "binaryCrossentropy",
  ],
  embedding: [
    () => [
      new layers.Embedding(100, 16, { inputShape: [12] }),
      new layers.Flatten(),
      new layers.Dense(10, { activation: "softmax" }),
    ],
    "sparseCategoricalCrossentropy",
  ],
};
const BATCH = 32;

function modelCases() {
  return Object.entries(MODELS).map(([name, [make, loss]]) => [
    `training step: ${name}`,
    () => {
      setRandomSeed(3);
      const model = new Sequential(make());
      model.compile({ optimizer: "adam", loss });
      const shape = name === "embedding" ? [BATCH, 12] : [BATCH, ...model.inputShape.slice(1)];
      const x =
        name === "embedding"
          ? tensor(
              Float32Array.from({ length: BATCH * 12 }, (_, i) => (i * 7) % 100),
              shape,
            )
          : of(shape, 5);
      const units = model.outputShape.at(-1);
      const y = loss.startsWith("sparse")
        ? tensor(
            Float32Array.from({ length: BATCH }, (_, i) => i % units),
            [BATCH, 1],
          )
        : tensor(
            Float32Array.from({ length: BATCH * units }, (_, i) => Number(i % (units + 1) === 0)),
            [BATCH, units],
          );
      return () => model.trainOnBatch(x, y);
    },
  ]);
}

export const cases = () => [...optimizerCases(), ...operationCases(), ...modelCases()];
