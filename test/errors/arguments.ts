/**
 * Options of classes, each with a value of the wrong kind, and an option that the class does not have: one line for
 * each, from which the message is built. Ranges of optimizers and schedules are in test/conformance/ranges.test.ts.
 */

import { callbacks, constraints, initializers, layers, losses, metrics, optimizers } from "../../ts/index.js";
import type { Row, Rows } from "./row.js";

type Loose = Readonly<Record<string, new (...list: unknown[]) => unknown>>;

const NUMBER = "a number";
const FLAG = "true or false";
const TEXT = "a string";

/** A class, what its constructor takes before its options, and options by the kind that they must have. */
type Described = readonly [
  name: string,
  before: readonly unknown[],
  kinds: Readonly<Record<string, readonly string[]>>,
];

const LAYERS: readonly Described[] = [
  ["ReLU", [], { [NUMBER]: ["negativeSlope", "threshold", "maxValue"] }],
  ["LeakyReLU", [], { [NUMBER]: ["negativeSlope"] }],
  ["ELU", [], { [NUMBER]: ["alpha"] }],
  ["BatchNormalization", [], { [NUMBER]: ["axis", "epsilon", "momentum"], [FLAG]: ["center", "scale"] }],
  ["LayerNormalization", [], { [NUMBER]: ["axis", "epsilon"], [FLAG]: ["center", "scale"] }],
  ["Conv1D", [1, 1], { [NUMBER]: ["strides", "dilationRate", "groups"], [FLAG]: ["useBias"] }],
  ["Conv2D", [1, 1], { [NUMBER]: ["strides", "dilationRate", "groups"], [FLAG]: ["useBias"] }],
  ["Conv2DTranspose", [1, 1], { [NUMBER]: ["strides", "dilationRate", "outputPadding"], [FLAG]: ["useBias"] }],
  ["DepthwiseConv2D", [1], { [NUMBER]: ["strides", "dilationRate", "depthMultiplier"], [FLAG]: ["useBias"] }],
  ["MaxPooling2D", [], { [NUMBER]: ["poolSize", "strides"] }],
  ["GlobalMaxPooling1D", [], { [FLAG]: ["keepdims"] }],
  ["Concatenate", [], { [NUMBER]: ["axis"] }],
  ["Rescaling", [1], { [NUMBER]: ["offset"] }],
  ["Normalization", [], { [NUMBER]: ["axis"], [FLAG]: ["invert"] }],
  ["ZeroPadding2D", [], { [NUMBER]: ["padding"] }],
];

const CLASSES: readonly (readonly [family: object, rows: readonly Described[]])[] = [
  [
    initializers,
    [
      ["RandomUniform", [], { [NUMBER]: ["minval", "maxval"] }],
      ["RandomNormal", [], { [NUMBER]: ["mean", "stddev"] }],
      ["TruncatedNormal", [], { [NUMBER]: ["mean", "stddev"] }],
      ["VarianceScaling", [], { [NUMBER]: ["scale"] }],
      ["Orthogonal", [], { [NUMBER]: ["gain"] }],
      ["Identity", [], { [NUMBER]: ["gain"] }],
    ],
  ],
  [
    constraints,
    [
      ["MaxNorm", [], { [NUMBER]: ["maxValue", "axis"] }],
      ["MinMaxNorm", [], { [NUMBER]: ["minValue", "maxValue", "rate", "axis"] }],
      ["UnitNorm", [], { [NUMBER]: ["axis"] }],
    ],
  ],
  [
    losses,
    [
      ["CategoricalCrossentropy", [], { [NUMBER]: ["labelSmoothing", "axis"], [FLAG]: ["fromLogits"] }],
      ["BinaryCrossentropy", [], { [NUMBER]: ["labelSmoothing", "axis"], [FLAG]: ["fromLogits"] }],
      ["SparseCategoricalCrossentropy", [], { [NUMBER]: ["ignoreClass", "axis"], [FLAG]: ["fromLogits"] }],
      ["BinaryFocalCrossentropy", [], { [NUMBER]: ["alpha", "gamma"], [FLAG]: ["fromLogits", "applyClassBalancing"] }],
      ["CategoricalFocalCrossentropy", [], { [NUMBER]: ["alpha", "gamma", "axis"], [FLAG]: ["fromLogits"] }],
      ["Tversky", [], { [NUMBER]: ["alpha", "beta", "axis"] }],
      ["Huber", [], { [NUMBER]: ["delta"] }],
    ],
  ],
  [
    metrics,
    [
      ["AUC", [], { [NUMBER]: ["numThresholds"], [TEXT]: ["curve", "summationMethod"] }],
      ["BinaryIoU", [], { [NUMBER]: ["threshold"] }],
      ["MeanIoU", [], { [NUMBER]: ["numClasses"] }],
      ["BinaryAccuracy", [], { [NUMBER]: ["threshold"], [TEXT]: ["name"] }],
      ["TopKCategoricalAccuracy", [], { [NUMBER]: ["k"] }],
      ["SparseTopKCategoricalAccuracy", [], { [NUMBER]: ["k"], [FLAG]: ["fromSortedIds"] }],
      ["FBetaScore", [], { [NUMBER]: ["beta"] }],
      ["Precision", [], { [NUMBER]: ["topK", "classId"] }],
      ["R2Score", [], { [NUMBER]: ["numRegressors"] }],
    ],
  ],
  [
    callbacks,
    [
      ["EarlyStopping", [], { [NUMBER]: ["patience", "minDelta", "startFromEpoch", "baseline", "verbose"] }],
      [
        "ReduceLROnPlateau",
        [],
        { [NUMBER]: ["factor", "patience", "minDelta", "cooldown", "verbose"], [TEXT]: ["monitor"] },
      ],
      ["ModelCheckpoint", [null], { [NUMBER]: ["verbose"], [TEXT]: ["monitor"], [FLAG]: ["saveBestOnly"] }],
      ["CSVLogger", [() => {}], { [TEXT]: ["separator"], [FLAG]: ["append"] }],
      ["LearningRateScheduler", [() => 1], { [NUMBER]: ["verbose"] }],
    ],
  ],
  [
    optimizers,
    [
      ["SGD", [], { [FLAG]: ["nesterov", "useEma"], [TEXT]: ["name"] }],
      ["RMSprop", [], { [FLAG]: ["centered"] }],
      ["Adam", [], { [FLAG]: ["amsgrad"] }],
      ["AdamW", [], { [FLAG]: ["amsgrad"] }],
      ["Adafactor", [], { [FLAG]: ["relativeStep"] }],
    ],
  ],
];

/** A value that is not of the kind, and what the message calls it. */
const WRONG: Readonly<Record<string, readonly [value: unknown, text: string]>> = {
  [NUMBER]: ["x", '"x"'],
  [FLAG]: [1, "1"],
  [TEXT]: [1, "1"],
};

function rowsOf(family: object, described: readonly Described[], label: (name: string) => string): Rows {
  return described.flatMap(([name, before, kinds]) => {
    const Made = (family as Loose)[name] as new (...list: unknown[]) => unknown;
    const makes = (options: object) => () =>
      new Made(...before, label(name) === name ? options : { name: "it", ...options });
    return Object.entries(kinds).flatMap(([kind, options]) => {
      const [value, text] = WRONG[kind] as readonly [unknown, string];
      return options.map((option): Row => {
        const message = `${label(name)}: "${option}" must be ${kind}, got ${text}.`;
        return [makes({ [option]: value }), "TypeError", "ERR_OPTION_TYPE", message];
      });
    });
  });
}

export const layer: Rows = rowsOf(layers, LAYERS, (name) => `${name} "it"`);
export const others: Rows = CLASSES.flatMap(([family, rows]) => rowsOf(family, rows, (name) => name));
