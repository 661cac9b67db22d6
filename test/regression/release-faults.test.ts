/**
 * Faults of the Keras release that made the golden vectors. The expected numbers were computed in float64 with NumPy from the
 * definitions, without Keras; test/golden/training/README.md has the list.
 */

import { describe, expect, it } from "vitest";
import { callbacks, layers, losses, metrics, Sequential, SGD, type Tensor } from "../../ts/index.js";

const regions = [
  [
    [0, 0, 1, 1],
    [1, 0, 1, 0],
  ],
  [
    [0.1, 0.7, 0.8, 0.2],
    [0.9, 0.4, 0.3, 0.1],
  ],
] as const;

/** Three classes on axis 1. */
const onAxis1 = [
  [
    [
      [0, 1],
      [1, 0],
      [0, 0],
    ],
  ],
  [
    [
      [0.1, 0.7],
      [0.8, 0.2],
      [0.1, 0.1],
    ],
  ],
] as const;
const smooth = { axis: 1, labelSmoothing: 0.1 };

const mean = (values: Tensor<"float32">) => values.array().reduce((sum, value) => sum + value, 0) / values.size;

/** Two outputs of four samples. */
const labels = [
  [1, 2],
  [2, 4],
  [3, 5],
  [4, 9],
];
const predictions = [
  [1.5, 2],
  [2, 3.5],
  [2.5, 5],
  [4, 8],
];

const r2 = (weights: number[] | number[][] | null, options: metrics.R2ScoreOptions = { numRegressors: 1 }) =>
  new metrics.R2Score(options).apply(labels, predictions, weights) as number;

/** The labels and predictions of F scores. */
const chosen = [
  [
    [1, 0],
    [0, 1],
    [1, 1],
  ],
  [
    [0.9, 0.6],
    [0.2, 0.7],
    [0.4, 0.8],
  ],
] as const;
const f1 = (weights: number[] | number[][]) =>
  new metrics.F1Score({ threshold: 0.5 }).apply(...(chosen as never as [number[][], number[][]]), weights) as number[];

const rows: readonly (readonly [string, () => number, number])[] = [
  // 2.2 right, 1.3 wrong, 1.8 missed: 1 - 2.2 / (2.2 + 0.2 * 1.3 + 0.8 * 1.8 + 1e-7)
  [
    "Tversky (#23333)",
    () => new losses.Tversky({ alpha: 0.2, beta: 0.8 }).apply(...regions).item(),
    0.43589745036160377,
  ],
  ["tversky, by position", () => losses.tversky(...regions, 0.2, 0.8).item(), 0.43589745036160377],
  // Labels of 0.9 and 0.1 / 3.
  [
    "CategoricalCrossentropy (#23437)",
    () => new losses.CategoricalCrossentropy(smooth).apply(...onAxis1).item(),
    0.4125351843083102,
  ],
  [
    "categoricalCrossentropy",
    () => mean(losses.categoricalCrossentropy(...onAxis1, false, 0.1, 1)),
    0.4125351843083102,
  ],
  ["its metric", () => new metrics.CategoricalCrossentropy(smooth).apply(...onAxis1), 0.4125351843083102],
  [
    "CategoricalFocalCrossentropy (#23437)",
    () => new losses.CategoricalFocalCrossentropy(smooth).apply(...onAxis1).item(),
    0.032391931983878644,
  ],
  ["R2Score, plain", () => r2(null, {}), 0.9259615384615385],
  // 1 - (1 - r2) (4 - 1) / (4 - 1 - 1): four samples, not eight.
  ["R2Score, adjusted (#23334)", () => r2(null), 0.8889423076923078],
  ["R2Score, adjusted, a sample of weight 0", () => r2([1, 0, 2, 1]), 0.8017012227538542],
  ["F1Score, a weight for each sample", () => f1([1, 3, 5])[1] as number, 0.9411764705882353],
  ["F1Score, a column of weights (#23335)", () => f1([[1], [3], [5]])[1] as number, 0.9411764705882353],
  [
    "F1Score, a weight for each label (#23335)",
    () =>
      f1([
        [1, 2],
        [3, 4],
        [5, 6],
      ])[1] as number,
    0.9090909090909091,
  ],
  [
    "F1Score, the other label",
    () =>
      f1([
        [1, 2],
        [3, 4],
        [5, 6],
      ])[0] as number,
    0.2857142857142857,
  ],
  // Class 7 is not one of two: it is not counted, and does not become class 0.
  [
    "MeanIoU, a class that there is not (#22844)",
    () => new metrics.MeanIoU({ numClasses: 2 }).apply([0, 1, 7], [0, 1, 0]),
    1,
  ],
  // The ignored label on the axis of the classes: -log 0.8, halved by nothing that is ignored.
  [
    "SparseCategoricalCrossentropy, axis and ignoreClass (#22969)",
    () => new losses.SparseCategoricalCrossentropy({ axis: 1, ignoreClass: -1 }).apply([[[1, -1]]], onAxis1[1]).item(),
    0.2231435513142097,
  ],
];

/** Two classes on axis 1. */
const scores = [
  [
    [0.2, 0.7],
    [0.8, 0.3],
  ],
];

describe("saving and loading keeps the arguments (#23286)", () => {
  /** A saved loss, and a value that needs the argument that the release loses. */
  const saved: readonly (readonly [
    losses.Loss,
    Readonly<Record<string, number>>,
    number[][][] | number[][],
    number,
  ])[] = [
    // An error of 3: 2 * 3 - 2 * 2 / 2.
    [new losses.Huber({ delta: 2 }), { delta: 2 }, [[3]], 4],
    // Columns (1, 0) and (0, 2), against labels of ones.
    [
      new losses.CosineSimilarity({ axis: 1 }),
      { axis: 1 },
      [
        [
          [1, 0],
          [0, 2],
        ],
      ],
      -Math.SQRT1_2,
    ],
    // Labels 1 and 0: -(log 0.8 + log 0.7) / 2.
    [new losses.SparseCategoricalCrossentropy({ axis: 1 }), { axis: 1 }, scores, 0.2899092476264711],
  ];
  const labelsOf = (loss: losses.Loss): number[] | number[][] | number[][][] =>
    loss.className === "Huber"
      ? [[0]]
      : loss.className === "CosineSimilarity"
        ? [
            [
              [1, 1],
              [1, 1],
            ],
          ]
        : [[1, 0]];

  it.each(saved)("$className", (loss, expected, yPred, value) => {
    const json = losses.serialize(loss);
    expect(json.config).toMatchObject(expected);
    const read = losses.deserialize<losses.Loss>(JSON.parse(JSON.stringify(json)));
    for (const each of [loss, read]) {
      expect(Math.abs(each.apply(labelsOf(loss), yPred).item() - value)).toBeLessThan(1e-6);
    }
  });

  it("metrics of the same arguments", () => {
    const cosine = new metrics.CosineSimilarity({ axis: 1 });
    const sparse = new metrics.SparseCategoricalCrossentropy({ axis: 1, ignoreClass: 3 });
    for (const metric of [cosine, sparse]) {
      const read = metrics.deserialize<metrics.Metric>(JSON.parse(JSON.stringify(metrics.serialize(metric))));
      expect(read.getConfig()).toEqual(metric.getConfig());
      expect(read.getConfig()).toMatchObject({ axis: 1 });
    }
    expect(sparse.getConfig()).toMatchObject({ ignore_class: 3 });
  });
});

describe("the progress bar shows what the logs have (#23030)", () => {
  it("batch by batch: means of all samples, not means of means", async () => {
    const model = new Sequential([
      new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros", useBias: false }),
    ]);
    model.compile({ optimizer: new SGD({ learningRate: 0 }), loss: "mse", metrics: ["mae"] });
    const parts: string[] = [];
    let seconds = 0;
    const terminal = { isTTY: true, write: (part: string) => void parts.push(part) };
    const shown: (readonly [loss: number, mae: number])[] = [];
    const reading = new callbacks.LambdaCallback({
      onTrainBatchEnd: (_, { loss, mae }) => void shown.push([loss as number, mae as number]),
    });
    const bar = new callbacks.ProgressBar(terminal, () => seconds++);
    // Errors of 1, 2, 4 and 6: batches of 1, the last two of one sample each.
    await model.fit([[1], [1], [1], [1]], [[1], [2], [4], [6]], {
      batchSize: 1,
      shuffle: false,
      verbose: 1,
      callbacks: [reading, bar],
    });
    expect(shown).toEqual(
      [[1, 1], [2.5, 1.5], [7, 7 / 3].map(Math.fround), [14.25, 3.25]].map(([loss, mae]) => [
        expect.closeTo(loss as number, 5),
        expect.closeTo(mae as number, 5),
      ]),
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes that colours are made of
    const plain = parts.join("").replace(/\u001b\[\d+m/g, "");
    const drawn = [...plain.matchAll(/loss: ([\d.]+) - mae: ([\d.]+)/g)].map(([, ...numbers]) => numbers.map(Number));
    for (const [loss, mae] of shown) {
      expect(drawn).toContainEqual([expect.closeTo(loss, 3), expect.closeTo(mae, 3)]);
    }
    expect(drawn.at(-1)).toEqual([14.25, 3.25]);
  });
});

describe("other faults of the release", () => {
  it.each(rows)("%s", (_, call, expected) => {
    expect(Math.abs(call() - expected)).toBeLessThan(2e-6 * Math.max(1, Math.abs(expected)));
  });
});
