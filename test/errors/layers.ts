/**
 * Refusals of layers: ts/layers/. Ranges of their arguments are in layer-arguments.ts.
 * Over 300 lines: a table, of one row for each fault.
 */

import { Input, layers, ops, type Tensor, tensor, Variable } from "../../ts/index.js";
import { known } from "../support/known-names.js";
import { compiled } from "./linear.js";
import type { Rows } from "./row.js";

const L = layers;
const on =
  (layer: () => { apply(x: never): unknown }, ...shape: (number | null)[]) =>
  () =>
    layer().apply(
      Input({ shape: shape.slice(1), ...(shape[0] === null ? {} : { batchSize: shape[0] }) } as never) as never,
    );
const named = { name: "it" };

const twice = (x: Tensor) => ops.multiply(x, 2);

export const options: Rows = [
  [
    () => ops.add(Input({ shape: [1] }), new Variable([1])),
    "TypeError",
    "ERR_OPTION_TYPE",
    "add: a variable beside a symbolic tensor would belong to no layer, and so be neither trained nor saved with the model. Make it in a custom layer, by addWeight().",
  ],
  [
    () => ops.sum(Input({ shape: [1] }), { axis: Input({ shape: [1] }) as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'sum: the option "axis" cannot be a symbolic tensor: only arguments by position can.',
  ],
  [
    () => new L.Flatten(named).apply([tensor([[1]]), tensor([[1]])]),
    "ValueError",
    "ERR_SHAPE",
    'Flatten "it" takes one input, got a list of 2. Join tensors first: ops.concatenate(list), ops.stack(list).',
  ],
  [
    () => new L.Flatten(named).call(Input({ shape: [1] }) as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Flatten "it": call takes numbers; apply takes symbolic tensors too.',
  ],
  [
    () => new L.Flatten(named).call(undefined as never),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'Flatten "it": expected numbers (a typed array, a tensor, or nested lists), got undefined.',
  ],
  [
    () => new L.Dropout(0.5, named).call(tensor([[1]]), null as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Dropout "it": call takes one object with options, such as { training: ... }, got null.',
  ],
  [
    () => new L.Lambda("relu" as never, named),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Lambda "it": "function" must be a function of the input, got "relu".',
  ],
  [
    () => new L.Lambda(twice, { ...named, mask: twice as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Lambda "it": "mask" must be null, because layers pass no masks here, got a function.',
  ],
  [
    () => new L.Lambda(twice, { ...named, arguments: [1] as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Lambda "it": "arguments" must be an object of arguments by name, got an array of 1.',
  ],
  [
    () => new L.Lambda(twice, null, null, { factor: 1 }, { arguments: { factor: 2 } }),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'Lambda: "arguments" is passed twice, by position as an object (Object) and by name as an object (Object).',
  ],
  [
    () => new L.Lambda(twice, { ...named, outputShape: 3 as never }),
    "TypeError",
    "ERR_SHAPE",
    'Lambda "it": "outputShape" must be an array of lengths, such as [10] or [28, 28, 1], got 3.',
  ],
  [
    () => new L.Lambda((async () => 1) as never, named).apply([1]),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Lambda "it": its function must return a tensor, made by operations from the input, got an object (Promise).',
  ],
  [
    () => new L.Lambda(twice, { ...named, arguments: { by: twice } }).getConfig(),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'Lambda "it": "arguments" cannot be saved: they can hold numbers, strings, booleans, null, lists and plain objects of these, got a function.',
  ],
  [
    () => L.Lambda.fromConfig({ name: "it", function: { class_name: "__lambda__", config: {} } }),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'Lambda "it": Python saved its function as bytecode, which cannot be read. Write it in JavaScript, and pass it in customObjects by the name of the layer: { "it": (x) => ... }.',
  ],
  [
    () =>
      new (class Twice extends L.Wrapper {
        override call(x: Tensor) {
          return x;
        }
      })(1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Wrapper: "layer" must be a layer, got 1.',
  ],
  [
    () => new L.Dense(1, { name: "it" }).addLoss(0.5 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Dense "it": addLoss takes a tensor that operations made, got 0.5. Numbers would have no gradient.',
  ],
  [
    () => new layers.Dropout(0.5, { name: "drop", seed: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Dropout "drop": "seed" must be a whole number, 0 or above, got -1.',
  ],
  [
    () => new layers.GaussianNoise(0.5, { name: "noise", seed: "1" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'GaussianNoise "noise": "seed" must be a number, got "1".',
  ],
  [
    () => new L.Dense(1, { name: "" }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Dense: "name" must be a word without "/", got "".',
  ],
  [
    () => new L.Dense(1, { name: "a/b" }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Dense: "name" must be a word without "/", got "a/b".',
  ],
  [
    () => new L.Dense(1, { name: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Dense: "name" must be a string, got 1.',
  ],
  [
    () => new L.Dense(1, { ...named, dtype: "float64" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Dense: "dtype" must be "float32", got "float64".',
  ],
  [
    () => new L.Dense(1, { ...named, trainable: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Dense: "trainable" must be true or false, got 1.',
  ],
  [
    () => new L.Dense(1, { ...named, inputShape: 1 as never }),
    "TypeError",
    "ERR_SHAPE",
    'Dense: "inputShape" must be an array of lengths, such as [10] or [28, 28, 1], got 1.',
  ],
  [
    () => new L.Dense(1, { ...named, inputShape: [0] }),
    "ValueError",
    "ERR_SHAPE",
    'Dense: the lengths in "inputShape" must be whole numbers above 0, or null, got [0].',
  ],
  [
    () => new L.Dense(1, { ...named, inputShape: ["x"] as never }),
    "ValueError",
    "ERR_SHAPE",
    'Dense: the lengths in "inputShape" must be whole numbers above 0, or null, got ["x"].',
  ],
  [
    () => new L.Dense(1, { ...named, units: 1 } as never),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'Dense: "units" is passed twice, by position as 1 and by name as 1.',
  ],
  [
    () => new L.Dense(1, new Map([["useBias", false]]) as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "activations.get takes a function, or the name of one, got an object (Map). Pass a layer as the activation of a layer.",
  ],
  [
    () => new L.Dense(1, "relu", true, 1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "Dense takes one object with options, such as { units: ... }, got 1.",
  ],
  [
    () => new L.BatchNormalization(0.9),
    "TypeError",
    "ERR_OPTION_TYPE",
    'BatchNormalization: the first argument is "axis", as in Keras, got 0.9. Write new BatchNormalization({ momentum: 0.9 }).',
  ],
  [
    () => new L.Dense(-1),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Dense "dense": "units" must be a whole number, 1 or above, got -1.',
  ],
  [
    () => new L.Dense("x" as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Dense "dense": "units" must be a number, got "x".',
  ],
  [
    () => new L.Dense(1, { ...named, useBias: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Dense "it": "useBias" must be true or false, got 1.',
  ],
  [
    () => new L.Dense(1, { ...named, activation: "rellu" }),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No activation is called "rellu". Did you mean "relu"? Known: ${known("activation")}. Pass a function, or its name and the function in customObjects.`,
  ],
  [
    () => new L.Dense(1, { ...named, activation: 1 as never }),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "activations.get takes a function, or the name of one, got 1. Pass a layer as the activation of a layer.",
  ],
  [
    () => new L.Dense(1, { ...named, kernelInitializer: "x" as never }),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No initializer is called "x". Known: ${known("initializer")}. Pass a custom class or function in customObjects.`,
  ],
  [
    () => new L.Dense(1, { ...named, kernelInitializer: 1 as never }),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "initializers.get takes an initializer, the name of one, a class, a function or { class_name, config }, got 1.",
  ],
  [
    () => new L.Dense(1, { ...named, kernelRegularizer: "x" as never }),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    'No regularizer is called "x". Known: L1, L2, L1L2, OrthogonalRegularizer. Pass a custom class or function in customObjects.',
  ],
  [
    () => new L.Dense(1, { ...named, biasConstraint: "x" as never }),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    'No constraint is called "x". Known: MaxNorm, NonNeg, UnitNorm, MinMaxNorm. Pass a custom class or function in customObjects.',
  ],
  [
    () => new L.Dense(1, { ...named, activityRegularizer: 1 as never }),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "regularizers.get takes a regularizer, the name of one, a class, a function or { class_name, config }, got 1.",
  ],
  [
    () => new L.Activation("rellu"),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No activation is called "rellu". Did you mean "relu"? Known: ${known("activation")}. Pass a function, or its name and the function in customObjects.`,
  ],
  [
    () => new L.ReLU({ ...named, maxValue: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'ReLU "it": "maxValue" must be 0 or above, got -1.',
  ],
  [
    () => new L.Softmax({ ...named, axis: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Softmax "it": "axis" must be a number, got "x".',
  ],
  [
    () => new L.Softmax({ ...named, axis: [] }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Softmax "it": "axis" must be a number, or a list of one or more, got an array of 0.',
  ],
  [
    () => new L.Conv2D(3, 2, { ...named, groups: 2 }),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'Conv2D "it": filters, 3, must be a multiple of "groups", 2.',
  ],
  [
    () => new L.Conv2D(1, [1, 2, 3] as never),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Conv2D "conv2d": "kernelSize" must be a number, or one for rows and one for columns, got an array of 3.',
  ],
  [
    () => new L.Conv2D(1, 2, { ...named, strides: 2, dilationRate: 2 }),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'Conv2D "it": "strides" (2 x 2) and "dilationRate" (2 x 2) cannot both be above 1.',
  ],
  [
    () => new L.Conv2D(1, 2, { ...named, padding: "causal" as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Conv2D "it": "padding" must be "valid" or "same", got "causal".',
  ],
  [
    () => new L.Conv2D(1, 2, { ...named, dataFormat: "channels_first" as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Conv2D "it": "dataFormat" can only be "channels_last", batch x height x width x channels, got "channels_first". Transpose the data with ops.transpose.',
  ],
  [
    () => new L.Conv1D(1, 2, { ...named, padding: "x" as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Conv1D "it": "padding" must be "valid", "same" or "causal", got "x".',
  ],
  [
    () => new L.Conv2DTranspose(1, 2, { ...named, outputPadding: 1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Conv2DTranspose "it": "outputPadding" must be below the strides (1 x 1), got 1 x 1.',
  ],
  [
    () => new L.Conv2DTranspose(1, 2, { ...named, outputPadding: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Conv2DTranspose "it": "outputPadding" must be a whole number, 0 or above, got -1.',
  ],
  [
    () => new L.Conv2DTranspose(1, 2, { ...named, outputPadding: [1, 2, 3] as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Conv2DTranspose "it": "outputPadding" must be a number, or one for rows and one for columns, got an array of 3.',
  ],
  [
    () => new L.DepthwiseConv2D(2, { ...named, depthMultiplier: 0 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'DepthwiseConv2D "it": "depthMultiplier" must be a whole number, 1 or above, got 0.',
  ],
  [() => new L.Dropout(2), "ValueError", "ERR_OPTION_RANGE", 'Dropout "dropout": "rate" must be from 0 to 1, got 2.'],
  [
    () => new L.GaussianNoise(2),
    "ValueError",
    "ERR_OPTION_RANGE",
    'GaussianNoise "gaussian_noise": "stddev" must be from 0 to 1, got 2.',
  ],
  [
    () => new L.Embedding(3, 1, { sparseGradient: true, embeddingsRegularizer: "l2" }),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'Embedding "embedding": pass either "embeddingsRegularizer", whose gradient is of all rows, or "sparseGradient: true".',
  ],
  [
    () => new L.Embedding(0, 1),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Embedding "embedding": "inputDim" must be a whole number, 1 or above, got 0.',
  ],
  [
    () => new L.Embedding(1, 1, { ...named, maskZero: 1 } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'Embedding does not know "maskZero". Its options are: inputDim, outputDim, embeddingsInitializer, embeddingsRegularizer, embeddingsConstraint, sparseGradient, name, trainable, inputShape, activityRegularizer, dtype.',
  ],
  [
    () => new L.Permute([1, 1]),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Permute "permute": "dims" must name each axis from 1 on once, such as [2, 1], got [1, 1].',
  ],
  [() => new L.Permute(1 as never), "TypeError", "ERR_OPTION_TYPE", 'Permute "permute": "dims" must be a list, got 1.'],
  [
    () => new L.Reshape(1 as never),
    "TypeError",
    "ERR_SHAPE",
    'Reshape "reshape": "targetShape" must be an array of lengths without the batch axis, such as [4, 4], got 1.',
  ],
  [
    () => new L.Reshape([0]),
    "ValueError",
    "ERR_SHAPE",
    'Reshape "reshape": the lengths in "targetShape" must be whole numbers above 0, and one may be -1, got [0].',
  ],
  [
    () => new L.Reshape([-1, -1]),
    "ValueError",
    "ERR_SHAPE",
    'Reshape "reshape": the lengths in "targetShape" must be whole numbers above 0, and one may be -1, got [-1, -1].',
  ],
  [
    () => new L.RepeatVector(0),
    "ValueError",
    "ERR_OPTION_RANGE",
    'RepeatVector "repeat_vector": "n" must be a whole number, 1 or above, got 0.',
  ],
  [
    () => new L.Rescaling([1, "2"] as never, named),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'Rescaling "it": "scale": expected numbers, got "2".',
  ],
  [
    () => new L.Rescaling([1, 2, 3], named).apply([[1, 2]]),
    "ValueError",
    "ERR_SHAPE",
    'Rescaling "it": "scale" is 3, which cannot be broadcast to inputs of 1 x 2.',
  ],
  [
    () => new L.Rescaling(1, [[1, 2]], named).computeOutputShape([2]),
    "ValueError",
    "ERR_SHAPE",
    'Rescaling "it": "offset" is 1 x 2, which cannot be broadcast to inputs of 2.',
  ],
  [
    () => new L.Normalization({ ...named, mean: 1 }),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'Normalization "it": "mean" and "variance" belong together, got only "mean". Pass both, or neither and call adapt(data).',
  ],
  [
    () => new L.Normalization({ ...named, mean: [1, 2], variance: 1 }),
    "ValueError",
    "ERR_SHAPE",
    'Normalization "it": "mean" and "variance" must have one shape, got 2 and a single number.',
  ],
  [
    () => new L.Normalization(-1, [[1, 2]], [[1, 2]], named),
    "ValueError",
    "ERR_SHAPE",
    'Normalization "it": "mean" must have at most as many axes as "axis" names, 1, got 1 x 2.',
  ],
  [
    () => new L.Normalization({ ...named, mean: [1, 2], variance: [1, -2] }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Normalization "it": "variance" must be 0 or above, got -2.',
  ],
  [
    () => new L.Normalization({ ...named, mean: [1, 2], variance: [1, 2] }).apply([[1, 2, 3]]),
    "ValueError",
    "ERR_SHAPE",
    'Normalization "it": "mean" is 2, which cannot be broadcast to the input\'s 3 on "axis".',
  ],
  [
    () => new L.Normalization({ ...named, mean: 1, variance: 2 }).adapt([[1]]),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'Normalization "it": adapt: "mean" and "variance" are arguments of this layer. Make one without them.',
  ],
  [
    () => new L.Normalization(named).adapt(3),
    "ValueError",
    "ERR_SHAPE",
    'Normalization "it": adapt: expected numbers with the batch axis, got a single number.',
  ],
  [
    () => new L.Normalization(named).adapt(new Set<number[][]>()),
    "ValueError",
    "ERR_SHAPE",
    'Normalization "it": adapt: the data have no numbers.',
  ],
  [
    () => new L.Normalization(named).adapt([[1, Number.NaN]]),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Normalization "it": adapt: the data must be finite, and their variance within float32, got NaN for a mean.',
  ],
  [
    () => new L.Normalization(named).adapt({ [Symbol.iterator]: () => ({ next: () => 1 }) } as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Normalization "it": adapt: the iterator of the data must return { value, done }, got 1.',
  ],
  [
    () => new L.Normalization(named).adapt(new Set([[[1, 2]], [[1, 2, 3]]])),
    "ValueError",
    "ERR_SHAPE",
    'Normalization "it": adapt: expected inputs of 2 on the last axis, got 3 (1 x 3).',
  ],
  [
    () => new L.ZeroPadding2D({ ...named, padding: [1, 2, 3] as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'ZeroPadding2D "it": "padding" must be a number, [rows, columns] or [[top, bottom], [left, right]], got an array of 3.',
  ],
  [
    () => new L.ZeroPadding2D({ ...named, padding: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'ZeroPadding2D "it": "padding" must be a number, got "x".',
  ],
  [
    () => new L.Concatenate({ ...named, axis: 0.5 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Concatenate "it": "axis" must be a whole number, got 0.5.',
  ],
  [
    () => new L.MaxPooling2D({ ...named, poolSize: 0 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'MaxPooling2D "it": "poolSize" must be a whole number, 1 or above, got 0.',
  ],
  [
    () => new L.MaxPooling1D({ ...named, padding: "causal" as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'MaxPooling1D "it": "padding" must be "valid" or "same", got "causal".',
  ],
  [
    () => new L.GlobalAveragePooling2D({ ...named, keepdims: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'GlobalAveragePooling2D "it": "keepdims" must be true or false, got 1.',
  ],
  [
    () => new L.BatchNormalization({ ...named, momentum: 2 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'BatchNormalization "it": "momentum" must be from 0 to 1, got 2.',
  ],
  [
    () => new L.LayerNormalization({ ...named, axis: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'LayerNormalization "it": "axis" must be a number, got "x".',
  ],
  [
    () => Input(named as never),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'InputLayer "it": pass either "shape" or "batchShape", got neither.',
  ],
  [
    () => Input({ ...named, shape: [1], batchShape: [null, 1] }),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'InputLayer "it": pass either "shape" or "batchShape", got both.',
  ],
  [
    () => Input({ ...named, shape: [1], dtype: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'InputLayer "it": "dtype" must be "float32" or "int32", got "x".',
  ],
  [
    () => Input({ ...named, shape: [1], batchSize: 0 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'InputLayer "it": "batchSize" must be a whole number, 1 or above, got 0.',
  ],
  [
    () => Input({ shap: [1] } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'InputLayer does not know "shap" (did you mean "shape"?). Its options are: shape, batchSize, batchShape, name, dtype.',
  ],
  [
    () => layers.get("dens"),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No layer is called "dens". Did you mean "Dense"? Known: ${known("layer")}. Pass a custom class in customObjects.`,
  ],
  [
    () => layers.get(1 as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "layers.get takes a layer, the name of one, a class or { class_name, config }, got 1.",
  ],
  [() => layers.serialize(1 as never), "TypeError", "ERR_OPTION_TYPE", "layers.serialize takes a layer, got 1."],
  [
    () => layers.deserialize({ class_name: "InputLayer", config: { batch_shape: [null, 1], sparse: true } }),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'InputLayer: "sparse" can only be false, got true.',
  ],
  [
    () =>
      layers.deserialize({
        class_name: "Conv2D",
        config: { name: "it", filters: 1, kernel_size: 2, data_format: "channels_first" },
      }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Conv2D "it": "data_format" can only be "channels_last", batch x height x width x channels, got "channels_first". Transpose the data with ops.transpose.',
  ],
  [
    () => layers.deserialize({ class_name: "Dense", config: { name: "it", units: 1, lora_rank: 3 } }),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'Dense does not know "lora_rank". Its options are: units, activation, use_bias, kernel_initializer, kernel_regularizer, kernel_constraint, bias_initializer, bias_regularizer, bias_constraint, name, trainable, input_shape, activity_regularizer, dtype.',
  ],
];

export const shapes: Rows = [
  [
    () => new L.Dense(1, { name: "it" }).call(tensor([[1]])),
    "ValueError",
    "ERR_NOT_BUILT",
    'Dense "it" is not built: use apply(x), or build(inputShape) before call(x).',
  ],
  [
    on(() => new L.Dense(1, named), null, null),
    "ValueError",
    "ERR_SHAPE",
    'Dense "it": axis -1 of the input must have a known length when the layer is built, got ? x ?.',
  ],
  [
    on(() => new L.Dense(1, named), null),
    "ValueError",
    "ERR_SHAPE",
    'Dense "it": expected inputs of rank 2 or above, the batch axis included, got rank 1 (?).',
  ],
  [
    () => new L.Dense(1, named).apply(tensor(1)),
    "ValueError",
    "ERR_SHAPE",
    'Dense "it": expected inputs of rank 2 or above, the batch axis included, got rank 0 (a single number).',
  ],
  [
    on(() => new L.Conv2D(1, 2, named), null, 4),
    "ValueError",
    "ERR_SHAPE",
    'Conv2D "it": expected inputs of rank 4, the batch axis included, got rank 2 (? x 4).',
  ],
  [
    on(() => new L.Conv2D(1, 5, named), null, 4, 4, 1),
    "ValueError",
    "ERR_SHAPE",
    'Conv2D "it": a window of 5 x 5 does not fit into an input of 4 x 4. Use padding: "same", or a larger input.',
  ],
  [
    on(() => new L.Conv2D(2, 2, { ...named, groups: 2 }), null, 4, 4, 3),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'Conv2D "it": the channels of the input, 3, must be a multiple of "groups", 2.',
  ],
  [
    on(() => new L.Conv2DTranspose(1, 2, named), null, 4),
    "ValueError",
    "ERR_SHAPE",
    'Conv2DTranspose "it": expected inputs of rank 4, the batch axis included, got rank 2 (? x 4).',
  ],
  [
    on(() => new L.MaxPooling2D({ ...named, poolSize: 5 }), null, 4, 4, 1),
    "ValueError",
    "ERR_SHAPE",
    'MaxPooling2D "it": a window of 5 x 5 does not fit into an input of 4 x 4. Use padding: "same", or a larger input.',
  ],
  [
    on(() => new L.MaxPooling1D({ ...named, poolSize: 5 }), null, 4, 1),
    "ValueError",
    "ERR_SHAPE",
    'MaxPooling1D "it": a window of 5 does not fit into an input of 4. Use padding: "same", or a larger input.',
  ],
  [
    on(() => new L.Reshape([3], named), null, 4),
    "ValueError",
    "ERR_SHAPE",
    'Reshape "it": cannot make [3] of 4 values per sample (4).',
  ],
  [
    on(() => new L.Reshape([3, -1], named), null, 4),
    "ValueError",
    "ERR_SHAPE",
    'Reshape "it": cannot make [3, -1] of 4 values per sample (4).',
  ],
  [
    on(() => new L.Permute([2, 1], named), null, 4),
    "ValueError",
    "ERR_SHAPE",
    'Permute "it": expected inputs of rank 3, the batch axis included, got rank 2 (? x 4).',
  ],
  [
    on(() => new L.RepeatVector(2, named), null, 4, 4),
    "ValueError",
    "ERR_SHAPE",
    'RepeatVector "it": expected inputs of rank 2, the batch axis included, got rank 3 (? x 4 x 4).',
  ],
  [
    on(() => new L.ZeroPadding2D(named), null, 4),
    "ValueError",
    "ERR_SHAPE",
    'ZeroPadding2D "it": expected inputs of rank 4, the batch axis included, got rank 2 (? x 4).',
  ],
  [
    on(() => new L.LayerNormalization({ ...named, axis: 3 }), null, 4),
    "ValueError",
    "ERR_SHAPE",
    'LayerNormalization "it": "axis" must be from -2 to 1 for rank 2, got 3.',
  ],
  [
    on(() => new L.BatchNormalization({ ...named, axis: 3 }), null, 4),
    "ValueError",
    "ERR_SHAPE",
    'BatchNormalization "it": "axis" must be from -2 to 1 for rank 2, got 3.',
  ],
  [
    on(() => new L.GlobalMaxPooling2D(named), null, 4),
    "ValueError",
    "ERR_SHAPE",
    'GlobalMaxPooling2D "it": expected inputs of rank 4, the batch axis included, got rank 2 (? x 4).',
  ],
  [
    () => new L.Add(named).apply([Input({ shape: [2] }), Input({ shape: [3] })]),
    "ValueError",
    "ERR_SHAPE",
    'Add "it": the inputs\' shapes do not fit together: ? x 2, ? x 3.',
  ],
  [
    () => new L.Add(named).apply([Input({ shape: [2] })]),
    "ValueError",
    "ERR_SHAPE",
    'Add "it" combines two inputs or more, got 1.',
  ],
  [
    () => new L.Subtract(named).apply([Input({ shape: [2] })]),
    "ValueError",
    "ERR_SHAPE",
    'Subtract "it" combines two inputs, got 1.',
  ],
  [
    () => new L.Add(named).apply(Input({ shape: [2] }) as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Add "it" takes a list of inputs: apply([a, b]), got one input.',
  ],
  [
    () => new L.Add(named).apply(1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Add "it" takes a list of inputs: apply([a, b]), got 1.',
  ],
  [
    () => new L.Add(named).apply([]),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Add "it" takes one input or more, got an empty list.',
  ],
  [
    () => new L.Add(named).apply([Input({ shape: [2] }), tensor([[1, 2]])] as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Add "it": inputs must be all symbolic or all numbers, got an object (Tensor) beside symbolic tensors.',
  ],
  [
    () => new L.Concatenate(named).apply([Input({ shape: [2, 1] }), Input({ shape: [3, 1] })]),
    "ValueError",
    "ERR_SHAPE",
    'Concatenate "it": the inputs must have the same shape except along axis -1, got ? x 2 x 1, ? x 3 x 1.',
  ],
  [
    () => new L.Concatenate({ ...named, axis: 3 }).apply([Input({ shape: [2] }), Input({ shape: [3] })]),
    "ValueError",
    "ERR_SHAPE",
    'Concatenate "it": "axis" must be from -2 to 1 for rank 2, got 3.',
  ],
  [
    () => new L.Dense(1, named).countParams(),
    "ValueError",
    "ERR_NOT_BUILT",
    'Dense "it" has no weights yet: call it, or build(inputShape), before countParams().',
  ],
  [
    () => {
      const layer = new L.Dense(1, { ...named, inputShape: [2] });
      layer.apply(tensor([[1, 2]]));
      layer.apply(tensor([[1, 2, 3]]));
    },
    "ValueError",
    "ERR_SHAPE",
    'Dense "it": expected inputs of 2 on the last axis, got 3 (1 x 3).',
  ],
  [
    () => new L.Dense(1, named).apply("x" as never),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'Dense "it": expected numbers (a typed array, a tensor, or nested lists), got "x".',
  ],
  [
    () => new L.Dense(1, named).apply(tensor([[1]]), { training: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Dense "it": "training" must be true or false, got 1.',
  ],
  [
    () => new L.Dense(1, named).apply(tensor([[1]]), { trainin: true } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'Dense "it" does not know "trainin" (did you mean "training"?). Its options are: training.',
  ],
  [
    () => new L.Embedding(2, 1, named).apply(tensor([[2]])),
    "ValueError",
    "ERR_INDEX_RANGE",
    "take: index 2 at index 0 is out of range: there are 2 rows, counted from 0 to 1.",
  ],
  [
    () => new L.Embedding(2, 1, named).apply(tensor([[0.5]])),
    "ValueError",
    "ERR_VALUES_DTYPE",
    'Embedding "it": expected whole numbers, got 0.5 at index 0.',
  ],
  [
    () => {
      const layer = new L.Dense(1, named);
      layer.apply(tensor([[1]]));
      layer.setWeights([[1]] as never);
    },
    "ValueError",
    "ERR_WEIGHTS_COUNT",
    'Dense "it": setWeights expected 2 arrays (it/kernel, it/bias), got 1.',
  ],
  [
    () => {
      const layer = new L.Dense(1, named);
      layer.apply(tensor([[1]]));
      layer.dispose();
      layer.apply(tensor([[1]]));
    },
    "DisposedError",
    "ERR_DISPOSED",
    'Variable "it/kernel" was disposed of. Make a new one, or dispose of it later.',
  ],
];

class Odd extends layers.Layer {
  override call(): never {
    return 3 as never;
  }
}

class Recursive extends Odd {
  override build(): void {
    this.apply(tensor([[1]]));
  }
}

/** Without `call`, as a class in JavaScript may be. */
const Plain = class Plain extends (layers.Layer as unknown as typeof Odd) {
  /** For the table, what only subclasses call. */
  weight(options: unknown): unknown {
    return this.addWeight(options as never);
  }
};

class Shapeless extends Odd {
  override computeOutputShape(): never {
    return 1 as never;
  }
}

export const custom: Rows = [
  [
    () => new Odd(named as never).apply(Input({ shape: [1] })),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Odd "it": call must return a tensor, made by operations from its inputs, got 3.',
  ],
  [
    () => new Recursive(named as never).apply(tensor([[1]])),
    "ValueError",
    "ERR_BUSY",
    'Recursive "it" is being built: it cannot be used before its build has ended.',
  ],
  [
    () => new Plain(named as never).apply(tensor([[1]])),
    "ValueError",
    "ERR_NOT_IMPLEMENTED",
    'Plain "it": a layer must override call(inputs, { training }).',
  ],
  [
    () => {
      const model = compiled();
      model.add(new layers.Dense(1, { ...named, kernelRegularizer: () => tensor([1, 2]) }));
      return model.testOnBatch([[1]], [[1]]);
    },
    "ValueError",
    "ERR_SHAPE",
    'The regularizer of "it/kernel" must return one number, got 2 values.',
  ],
  [
    () => new Plain(named as never).weight({ shape: 1 }),
    "TypeError",
    "ERR_SHAPE",
    'Layer "it": "shape" must be an array of lengths, such as [10, 64], got 1.',
  ],
  [
    () => new Plain(named as never).weight({ shape: [1], nam: "x" }),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'Layer "it": addWeight does not know "nam" (did you mean "name"?). Its options are: name, shape, initializer, regularizer, constraint, trainable.',
  ],
  [
    () => layers.Dense.fromConfig(1 as never),
    "TypeError",
    "ERR_CONFIG_INVALID",
    "fromConfig takes the object that getConfig returns, got 1.",
  ],
  [
    () => new layers.Dense(1, named).build(1 as never),
    "TypeError",
    "ERR_SHAPE",
    'Dense "it": an input shape is a list of lengths with the batch axis, null for those that are not known, such as [null, 10], got 1.',
  ],
  [
    () => new layers.Dense(1, named).build(["x"] as never),
    "TypeError",
    "ERR_SHAPE",
    'Dense "it": an input shape is a list of lengths with the batch axis, null for those that are not known, such as [null, 10], got ["x"].',
  ],
  [
    () => new layers.Dense(1, named).computeOutputShape("x" as never),
    "TypeError",
    "ERR_SHAPE",
    'Dense "it": an input shape is a list of lengths with the batch axis, null for those that are not known, such as [null, 10], got "x".',
  ],
  [
    () => new Shapeless(named as never).apply(Input({ shape: [1] })),
    "TypeError",
    "ERR_SHAPE",
    'Shapeless "it": computeOutputShape must return a list of lengths, null for those that are not known, got 1.',
  ],
];
