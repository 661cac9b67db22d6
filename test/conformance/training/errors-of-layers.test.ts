/**
 * Refusals of layers, with their messages.
 */

import { ArgumentTypeError, Input, layers, tensor, ValueError } from "../../../ts/index.js";
import { suite } from "../../support/errors.js";

const image = (...shape: number[]) => tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);

const built = () => {
  const layer = new layers.Dense(2, { name: "dense", kernelInitializer: "ones" });
  layer.build([null, 10]);
  return layer;
};

suite("what layers refuse", [
  [
    "JSON without a class",
    () => layers.deserialize({}),
    ValueError,
    "ERR_CONFIG_INVALID",
    /^layers.deserialize: a layer has its class's name in "class_name", a string, got undefined/,
  ],
  [
    "a value that is not JSON",
    () => layers.deserialize([]),
    ArgumentTypeError,
    "ERR_CONFIG_INVALID",
    /^layers.deserialize: expected a plain object, got an array/,
  ],
  [
    "inputs of another length",
    () => built().apply(new Array(32).fill(new Array(12).fill(0))),
    ValueError,
    "ERR_SHAPE",
    'Dense "dense": expected inputs of 10 on the last axis, got 12 (32 x 12).',
  ],
  [
    "inputs without a batch axis",
    () => built().apply([1, 2]),
    ValueError,
    "ERR_SHAPE",
    'Dense "dense": expected inputs of rank 2 or above, the batch axis included, got rank 1 (2).',
  ],
  ["no units", () => new layers.Dense(0), ValueError, "ERR_OPTION_RANGE", /"units" must be a whole number, 1 or above/],
  [
    "an unknown option",
    () => new layers.Dense(1, { unit: 3 } as never),
    ValueError,
    "ERR_OPTION_UNKNOWN",
    /^Dense does not know "unit" \(did you mean "units"\?\)\. Its options are: units, activation, useBias, kernelInitializer/,
  ],
  [
    "an unknown activation",
    () => new layers.Activation("rellu"),
    ValueError,
    "ERR_CONFIG_UNKNOWN_CLASS",
    /^No activation is called "rellu". Did you mean "relu"\? Known: .*softmax/,
  ],
  [
    "an unknown initializer",
    () => new layers.Dense(1, { kernelInitializer: "glorot" }),
    ValueError,
    "ERR_CONFIG_UNKNOWN_CLASS",
    /^No initializer is called "glorot". Did you mean "GlorotUniform"\? Known: .*Zeros/,
  ],
  ["a name with a slash", () => new layers.Flatten({ name: "a/b" }), ValueError, "ERR_OPTION_RANGE", /"name"/],
  [
    "another dtype",
    () => new layers.Flatten({ dtype: "float16" as never }),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /float32/,
  ],
  [
    "an unknown length that weights need",
    () => new layers.Dense(1).apply(Input({ shape: [null] })),
    ValueError,
    "ERR_SHAPE",
    /must have a known length when the layer is built, got \? x \?/,
  ],
  [
    "a shape that does not hold the values",
    () => new layers.Reshape([4, 4], { name: "square" }).apply([[1, 2, 3]]),
    ValueError,
    "ERR_SHAPE",
    'Reshape "square": cannot make [4, 4] of 3 values per sample (3).',
  ],
  [
    "symbols and numbers together",
    () => new layers.Add().apply([Input({ shape: [1] }), [1]] as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /must be all symbolic or all numbers/,
  ],
  ["countParams before build", () => new layers.Dense(1).countParams(), ValueError, "ERR_NOT_BUILT", /no weights yet/],
  [
    "no shape for Input",
    () => Input({}),
    ValueError,
    "ERR_OPTION_CONFLICT",
    /pass either "shape" or "batchShape", got neither/,
  ],
  [
    "channels first",
    () => new layers.Flatten({ dataFormat: "channels_first" as never }),
    ValueError,
    "ERR_OPTION_RANGE",
    /"channels_last"/,
  ],
]);

suite("what single layers refuse", [
  [
    "an index that there is not",
    () => new layers.Embedding(3, 2).apply([[0, 3]]),
    ValueError,
    "ERR_INDEX_RANGE",
    /index 3 at index 1 is out of range: there are 3 rows/,
  ],
  [
    "one input for Add",
    () => new layers.Add().apply([image(1, 2)]),
    ValueError,
    "ERR_SHAPE",
    /combines two inputs or more, got 1/,
  ],
  [
    "three for Subtract",
    () => new layers.Subtract().apply([image(1), image(1), image(1)]),
    ValueError,
    "ERR_SHAPE",
    /combines two inputs, got 3/,
  ],
  [
    "shapes that do not fit together",
    () => new layers.Add({ name: "sum" }).apply([Input({ shape: [2] }), Input({ shape: [3] })]),
    ValueError,
    "ERR_SHAPE",
    'Add "sum": the inputs\' shapes do not fit together: ? x 2, ? x 3.',
  ],
  [
    "shapes that do not follow each other",
    () => new layers.Concatenate({ name: "all" }).apply([image(1, 2, 3), image(1, 3, 4)]),
    ValueError,
    "ERR_SHAPE",
    'Concatenate "all": the inputs must have the same shape except along axis -1, got 1 x 2 x 3, 1 x 3 x 4.',
  ],
  [
    "a window larger than the image",
    () => new layers.Conv2D(1, 5, { name: "conv" }).apply(Input({ shape: [4, 4, 1] })),
    ValueError,
    "ERR_SHAPE",
    'Conv2D "conv": a window of 5 x 5 does not fit into an input of 4 x 4. Use padding: "same", or a larger input.',
  ],
  [
    "images without channels",
    () => new layers.Conv2D(1, 3, { name: "conv" }).apply(image(2, 28, 28)),
    ValueError,
    "ERR_SHAPE",
    'Conv2D "conv": expected inputs of rank 4, the batch axis included, got rank 3 (2 x 28 x 28). One channel is an axis too: 28 x 28 x 1.',
  ],
  [
    "strides together with dilation",
    () => new layers.Conv2D(1, 3, { strides: 2, dilationRate: 2 }),
    ValueError,
    "ERR_OPTION_CONFLICT",
    /cannot both be above 1/,
  ],
  [
    "filters that do not part into groups",
    () => new layers.Conv2D(3, 3, { groups: 2 }),
    ValueError,
    "ERR_OPTION_CONFLICT",
    /filters, 3, must be a multiple of "groups", 2/,
  ],
  [
    "channels that do not part into groups",
    () => new layers.Conv2D(4, 3, { groups: 2 }).apply(image(1, 5, 5, 3)),
    ValueError,
    "ERR_OPTION_CONFLICT",
    /the channels of the input, 3, must be a multiple/,
  ],
  [
    "causal images",
    () => new layers.Conv2D(1, 3, { padding: "causal" as never }),
    ValueError,
    "ERR_OPTION_RANGE",
    /"valid" or "same"/,
  ],
  ["a rate above 1", () => new layers.Dropout(1.5), ValueError, "ERR_OPTION_RANGE", /"rate" must be from 0 to 1/],
  [
    "dims that are not a permutation",
    () => new layers.Permute([0, 1]),
    ValueError,
    "ERR_OPTION_RANGE",
    /must name each axis from 1 on once/,
  ],
  [
    "an axis that there is not",
    () => new layers.BatchNormalization({ axis: 3 }).apply([[1]]),
    ValueError,
    "ERR_SHAPE",
    /"axis" must be from -2 to 1/,
  ],
  [
    "what only other layers of Keras do",
    () => layers.deserialize({ class_name: "BatchNormalization", config: { name: "bn", renorm: true } }),
    ValueError,
    "ERR_CONFIG_INVALID",
    '"bn": "renorm" can only be false, got true.',
  ],
  [
    "unknown layers",
    () => layers.deserialize({ class_name: "LSTM", config: {} }),
    ValueError,
    "ERR_CONFIG_UNKNOWN_CLASS",
    /^No layer is called "LSTM". Known: InputLayer, Dense/,
  ],
]);
