/**
 * Refused numbers, shapes and lists: ts/values.ts, shape.ts, options.ts, arguments.ts, tensor.ts, variable.ts.
 * Over 300 lines: a table, of one row for each fault.
 */

import { Adam, losses, ops, random, Sequential, SGD, tensor, Variable, zip } from "../../ts/index.js";
import type { Rows } from "./row.js";

const revoked = () => {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  return proxy as never;
};

const detached = () => {
  const array = new Float32Array(2);
  structuredClone(array, { transfer: [array.buffer] });
  return array;
};

function* endless() {
  for (;;) yield 1;
}

const nested = (depth: number) => {
  let array: unknown = 1;
  for (let i = 0; i < depth; i++) array = [array];
  return array as never;
};

const disposed = <T extends { dispose(): void }>(object: T): T => {
  object.dispose();
  return object;
};

/** More numbers than any memory holds, in rows that are one array. */
const wide = new Array(2 ** 16).fill(new Array(2 ** 16).fill(0));

export const values: Rows = [
  [
    () => ops.add(new Proxy(tensor([1]), {}), 1),
    "TypeError",
    "ERR_OPTION_TYPE",
    "Pass the tensor itself, not a proxy (toRaw, markRaw).",
  ],
  [
    () => ops.add(new Proxy(new Variable([1]), {}), 1),
    "TypeError",
    "ERR_OPTION_TYPE",
    "Pass the variable itself, not a proxy (toRaw, markRaw).",
  ],
  [
    () => tensor("x" as never),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'tensor: expected numbers (a typed array, a tensor, or nested lists), got "x".',
  ],
  [
    () => tensor(revoked()),
    "TypeError",
    "ERR_VALUES_DTYPE",
    "tensor: expected numbers (a typed array, a tensor, or nested lists), got an object (Object).",
  ],
  [
    () => tensor([Uint8Array.of(1, 2), Uint8Array.of(3)]),
    "ValueError",
    "ERR_VALUES_SHAPE",
    "tensor: nested arrays must have the same length along each axis: the first entries make the shape 2 x 2, others differ.",
  ],
  [
    () => tensor([Float32Array.of(1), Float32Array.of(0.5)], undefined, "int32"),
    "ValueError",
    "ERR_VALUES_DTYPE",
    "tensor: an int32 holds whole numbers, got 0.5 at index 1.",
  ],
  [() => ops.arange(1, 2, 0), "ValueError", "ERR_OPTION_RANGE", 'arange: "step" must not be 0.'],
  [() => ops.full([1], "x" as never), "TypeError", "ERR_OPTION_TYPE", 'full: "fillValue" must be a number, got "x".'],
  [
    () => ops.zeros([1], "float64" as never),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'zeros: "dtype" must be "float32" or "int32", got "float64".',
  ],
  [() => ops.full([1], 0.5, "int32"), "ValueError", "ERR_VALUES_DTYPE", "full: an int32 holds whole numbers, got 0.5."],
  [
    () => tensor(BigInt64Array.of(2n ** 60n)),
    "ValueError",
    "ERR_VALUES_DTYPE",
    "tensor: big integers must be within 2^53, got 1152921504606846976 at index 0.",
  ],
  [
    () => ops.add([tensor(1)] as never, 1),
    "TypeError",
    "ERR_VALUES_DTYPE",
    "add: a tensor in a list would have no gradient. Join tensors first: ops.stack(list).",
  ],
  [
    () => tensor(new DataView(new ArrayBuffer(1)) as never),
    "TypeError",
    "ERR_VALUES_DTYPE",
    "tensor: expected numbers (a typed array, a tensor, or nested lists), got an object (DataView). Give its bytes a type: new Float32Array(buffer).",
  ],
  [
    () => tensor(detached()),
    "ValueError",
    "ERR_VALUES_DETACHED",
    "tensor: the array is detached: its memory was transferred, or is WebAssembly memory that has grown. Copy it first: array.slice().",
  ],
  [() => tensor([1, "x"] as never), "TypeError", "ERR_VALUES_DTYPE", 'tensor: expected numbers, got "x".'],
  [
    () => tensor([1, [2]] as never),
    "ValueError",
    "ERR_VALUES_SHAPE",
    "tensor: nested arrays must have the same length along each axis: the first entries make the shape 2, others differ.",
  ],
  [
    () => tensor([[1], 2] as never),
    "ValueError",
    "ERR_VALUES_SHAPE",
    "tensor: nested arrays must have the same length along each axis: the first entries make the shape 2 x 1, others differ.",
  ],
  [
    () => tensor([[1], [2, 3]]),
    "ValueError",
    "ERR_VALUES_SHAPE",
    "tensor: nested arrays must have the same length along each axis: the first entries make the shape 2 x 1, others differ.",
  ],
  [
    () => tensor([[[1]], [2]] as never),
    "ValueError",
    "ERR_VALUES_SHAPE",
    "tensor: nested arrays must have the same length along each axis: the first entries make the shape 2 x 1 x 1, others differ.",
  ],
  [() => tensor([[1], [null]] as never), "TypeError", "ERR_VALUES_DTYPE", "tensor: expected numbers, got null."],
  [() => tensor([1, 2], [3]), "ValueError", "ERR_VALUES_SHAPE", "tensor: expected 3 values, got 2 values."],
  [
    () => tensor([[1, 2]], [2, 1]),
    "ValueError",
    "ERR_VALUES_SHAPE",
    "tensor: expected 2 values (2 x 1), got 2 values (1 x 2).",
  ],
  [
    () =>
      tensor(
        [
          [1, 2],
          [3, 4],
        ],
        [4],
      ),
    "ValueError",
    "ERR_VALUES_SHAPE",
    "tensor: expected the shape [4], got [2, 2].",
  ],
  [() => tensor([[1]], []), "ValueError", "ERR_VALUES_SHAPE", "tensor: expected the shape [], got [1, 1]."],
  [
    () => tensor([0.5], undefined, "int32"),
    "ValueError",
    "ERR_VALUES_DTYPE",
    "tensor: an int32 holds whole numbers, got 0.5 at index 0.",
  ],
  [
    () => tensor(0.5, undefined, "int32"),
    "ValueError",
    "ERR_VALUES_DTYPE",
    "tensor: an int32 holds whole numbers, got 0.5 at index 0.",
  ],
  [
    () => tensor([[1, 0.5]], undefined, "int32"),
    "ValueError",
    "ERR_VALUES_DTYPE",
    "tensor: an int32 holds whole numbers, got 0.5 at index 1.",
  ],
  [
    () => tensor(Float32Array.of(1, 0.5), undefined, "int32"),
    "ValueError",
    "ERR_VALUES_DTYPE",
    "tensor: an int32 holds whole numbers, got 0.5 at index 1.",
  ],
  [
    () => tensor([1], undefined, "float64" as never),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'tensor: "dtype" must be "float32" or "int32", got "float64".',
  ],
  [
    () => tensor(nested(65)),
    "ValueError",
    "ERR_VALUES_SHAPE",
    "tensor: arrays are nested more than 64 deep, or one of them contains itself.",
  ],
  [
    () => tensor([1], 1 as never),
    "TypeError",
    "ERR_SHAPE",
    'tensor: "shape" must be an array of lengths, such as [10, 64], got 1.',
  ],
  [
    () => tensor([1], [-1]),
    "ValueError",
    "ERR_SHAPE",
    'tensor: the lengths in "shape" must be whole numbers, 0 or above, got [-1].',
  ],
  [
    () => tensor([1], [0.5, "x"] as never),
    "ValueError",
    "ERR_SHAPE",
    'tensor: the lengths in "shape" must be whole numbers, 0 or above, got [0.5, "x"].',
  ],
  [
    () => tensor([1], new Array(65).fill(1)),
    "ValueError",
    "ERR_SHAPE",
    'tensor: "shape" may have 64 lengths at most, got 65.',
  ],
  [
    () => tensor([1], { type: "int32" } as never),
    "TypeError",
    "ERR_SHAPE",
    'tensor: "shape" must be an array of lengths, such as [10, 64], got an object (Object).',
  ],
  [
    () => tensor([1, 2]).item(),
    "ValueError",
    "ERR_VALUES_SHAPE",
    "item() needs a tensor with one value, got 2 values. Use array() for all of them.",
  ],
  [
    () => disposed(tensor([[1, 2]])).value,
    "DisposedError",
    "ERR_DISPOSED",
    "This tensor (1 x 2) was disposed of. Make a new one.",
  ],
  [
    () => disposed(new Variable([1], { name: "w" })).value,
    "DisposedError",
    "ERR_DISPOSED",
    'Variable "w" was disposed of. Make a new one, or dispose of it later.',
  ],
  [
    () => new Variable("x" as never),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'Variable: expected numbers (a typed array, a tensor, or nested lists), got "x".',
  ],
  [
    () => new Variable([1], { name: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Variable: "name" must be a string, got 1.',
  ],
  [
    () => new Variable([1], { trainable: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Variable: "trainable" must be true or false, got 1.',
  ],
  [
    () => new Variable([1], { shape: [2] }),
    "ValueError",
    "ERR_VALUES_SHAPE",
    "Variable: expected 2 values, got 1 value.",
  ],
  [
    () => new Variable([1, 2], { name: "w" }).assign([1]),
    "ValueError",
    "ERR_VALUES_SHAPE",
    'Variable "w": expected 2 values, got 1 value.',
  ],
  [
    () => new Variable([1, 2], { name: "w" }).assign("x" as never),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'Variable "w": expected numbers (a typed array, a tensor, or nested lists), got "x".',
  ],
  [() => zip([1, 2], [1]), "ValueError", "ERR_GRADIENT_COUNT", "zip: expected two lists of one length, got 2 and 1."],
  [() => zip(1 as never, [1]), "TypeError", "ERR_OPTION_TYPE", 'zip: "first" must be a list, got 1.'],
  [() => zip([1], 1 as never), "TypeError", "ERR_OPTION_TYPE", 'zip: "second" must be a list, got 1.'],
  [
    () =>
      tensor([
        [[1], 2],
        [[1], [2]],
      ] as never),
    "ValueError",
    "ERR_VALUES_SHAPE",
    "tensor: nested arrays must have the same length along each axis: the first entries make the shape 2 x 2 x 1, others differ.",
  ],
  [
    () => tensor([[[1], [2]], 3] as never),
    "ValueError",
    "ERR_VALUES_SHAPE",
    "tensor: nested arrays must have the same length along each axis: the first entries make the shape 2 x 2 x 1, others differ.",
  ],
  [
    () => tensor(null as never),
    "TypeError",
    "ERR_VALUES_DTYPE",
    "tensor: expected numbers (a typed array, a tensor, or nested lists), got null.",
  ],
  [
    () => losses.meanSquaredError(null as never, [1]),
    "TypeError",
    "ERR_VALUES_DTYPE",
    "meanSquaredError: expected numbers (a typed array, a tensor, or nested lists), got null.",
  ],
  [
    () => tensor(wide as never),
    "OutOfMemoryError",
    "ERR_OUT_OF_MEMORY",
    "Out of memory: wanted 17,179,869,184 bytes in one piece, of which 2,147,483,584 (536,870,896 values) is the most. Split the tensor or the variable.",
  ],
];

export const options: Rows = [
  [
    () => new SGD({ lr: 1 } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'SGD does not know "lr" (did you mean "learningRate"?). Its options are: learningRate, weightDecay, clipnorm, clipvalue, globalClipnorm, useEma, emaMomentum, emaOverwriteFrequency, lossScaleFactor, gradientAccumulationSteps, name, learningRateMultipliers, weightDecayMultipliers, adaptiveClip, skipNonfinite, gradientCentralization, cautious, cautiousWeightDecay, momentum, nesterov.',
  ],
  [
    () => new SGD({ learning_rate: 1, momentun: 2, quux: 3 } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'SGD does not know "learning_rate" (did you mean "learningRate"?), "momentun" (did you mean "momentum"?), "quux". Its options are: learningRate, weightDecay, clipnorm, clipvalue, globalClipnorm, useEma, emaMomentum, emaOverwriteFrequency, lossScaleFactor, gradientAccumulationSteps, name, learningRateMultipliers, weightDecayMultipliers, adaptiveClip, skipNonfinite, gradientCentralization, cautious, cautiousWeightDecay, momentum, nesterov.',
  ],
  [
    () => new SGD(1, 0.9, true, 0.1, 1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "SGD takes one object with options, such as { learningRate: ... }, got 1.",
  ],
  [
    () => new SGD({ momentum: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'SGD: "momentum" must be a number, got "x".',
  ],
  [
    () => new SGD({ momentum: Number.NaN }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'SGD: "momentum" must be a finite number, got NaN.',
  ],
  [() => new SGD({ momentum: 2 }), "ValueError", "ERR_OPTION_RANGE", 'SGD: "momentum" must be from 0 to 1, got 2.'],
  [
    () => new SGD({ nesterov: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'SGD: "nesterov" must be true or false, got 1.',
  ],
  [() => new SGD({ name: 1 as never }), "TypeError", "ERR_OPTION_TYPE", 'SGD: "name" must be a string, got 1.'],
  [
    () => new SGD({ gradientAccumulationSteps: 0.5 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'SGD: "gradientAccumulationSteps" must be a whole number, 2 or above, got 0.5.',
  ],
  [
    () => new SGD({ gradientAccumulationSteps: 2 ** 32 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'SGD: "gradientAccumulationSteps" must be 4294967295 or below, got 4294967296.',
  ],
  [
    () => new SGD({ clipnorm: 1e39 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'SGD: "clipnorm" must be within float32, below 3.4e38, got 1e+39.',
  ],
  [
    () => new Adam({ epsilon: -1e-50 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Adam: "epsilon" must be 0 or above, got -1e-50.',
  ],
  [
    () => ops.relu([1], { slope: 1 } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'relu does not know "slope" (did you mean "negativeSlope"?). Its options are: negativeSlope, maxValue, threshold.',
  ],
  [
    () => (ops.relu as (...list: unknown[]) => unknown)([1], 1, 1, 1, 1),
    "TypeError",
    "ERR_ARGUMENT_COUNT",
    "relu takes at most 4 arguments, got 5.",
  ],
  [
    () => ops.sum([1], 0, { axis: 0 } as never),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'sum: "axis" is passed twice, by position as 0 and by name as 0.',
  ],
  [
    () => (ops.sum as (...list: unknown[]) => unknown)([1], 0, false, 1),
    "TypeError",
    "ERR_ARGUMENT_COUNT",
    "sum takes at most 3 arguments, got 4.",
  ],
  [
    () => (ops.exp as (...list: unknown[]) => unknown)([1], 2),
    "TypeError",
    "ERR_ARGUMENT_COUNT",
    "exp takes one argument, got 2.",
  ],
  [
    () => (ops.clip as (...list: unknown[]) => unknown)([1], 1, 2, 3),
    "TypeError",
    "ERR_ARGUMENT_COUNT",
    "clip takes at most 3 arguments, got 4.",
  ],
  [
    () => ops.concatenate(new Array(3) as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "A list of 3 has no entry at index 0. Lists must not have holes: fill them first.",
  ],
  [
    () => new SGD({ name: "sgd" }).applyGradients(endless() as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "A list has at most 1000000 entries, got more from an iterator: pass an array.",
  ],
  [
    () => new Sequential([], { name: "model" }).add(...([1, 2] as unknown as [never])),
    "TypeError",
    "ERR_ARGUMENT_COUNT",
    "add takes one argument, got 2.",
  ],
  [
    () => (losses.meanSquaredError as (...list: unknown[]) => unknown)([1], [1], 2),
    "TypeError",
    "ERR_ARGUMENT_COUNT",
    "meanSquaredError takes at most 2 arguments, got 3.",
  ],
  [
    () => (ops.dense as (...list: unknown[]) => unknown)([[1]], [[1]], [1], "relu", 3),
    "TypeError",
    "ERR_OPTION_TYPE",
    "dense takes one object with options, such as { activation: ... }, got 3.",
  ],
  [
    () => new Adam({ beta1: 1 - 1e-12 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Adam: "beta1" must be 0 or above, and below 1 in float32, got 0.999999999999.',
  ],
];

const layerWeights = () => {
  const optimizer = new SGD({ name: "mine", momentum: 0.9 });
  optimizer.build([new Variable([1, 2], { name: "w" })]);
  return optimizer;
};

export const weights: Rows = [
  [
    () => layerWeights().setWeights(1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "mine: setWeights takes the list that getWeights returns, got 1.",
  ],
  [
    () => layerWeights().setWeights([]),
    "ValueError",
    "ERR_WEIGHTS_COUNT",
    "mine: setWeights expected 2 arrays (mine/iteration, mine/w_momentum), got 0.",
  ],
  [
    () => layerWeights().setWeights([0, [1]] as never),
    "ValueError",
    "ERR_VALUES_SHAPE",
    'mine: entry 1 of setWeights, "mine/w_momentum": expected 2 values, got 1 value.',
  ],
  [
    () => layerWeights().setWeights([0, 0.1, [1]] as never),
    "ValueError",
    "ERR_WEIGHTS_COUNT",
    "mine: setWeights expected 2 arrays (mine/iteration, mine/w_momentum), got 3.",
  ],
  [
    () => layerWeights().setWeights([0, { data: "x", shape: [1] }] as never),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'mine: entry 1 of setWeights, "mine/w_momentum": "data" must be a typed array, got "x".',
  ],
  [
    () => layerWeights().setWeights([0, { data: { 0: 1, 1: null }, shape: [2] }] as never),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'mine: entry 1 of setWeights, "mine/w_momentum": "data" has null at index 1: JSON has no NaN or Infinity.',
  ],
  [
    () => layerWeights().setWeights([-1, [1, 2]] as never),
    "ValueError",
    "ERR_WEIGHTS_SHAPE",
    'mine: entry 0 of setWeights, "mine/iteration": a counter must be 9007199254740991 or below, and 0 or above, got -1.',
  ],
  [
    () => layerWeights().setWeights([0, { data: new Float32Array(2), shape: [1, 2] }] as never),
    "ValueError",
    "ERR_WEIGHTS_SHAPE",
    'mine: entry 1 of setWeights, "mine/w_momentum": expected the shape [2], got [1, 2].',
  ],
  [
    () => layerWeights().setWeights([0.5, [1, 2]] as never),
    "ValueError",
    "ERR_VALUES_DTYPE",
    'mine: entry 0 of setWeights, "mine/iteration": a counter must be a whole number, got 0.5.',
  ],
  [
    () => layerWeights().setWeights([2 ** 60, [1, 2]] as never),
    "ValueError",
    "ERR_WEIGHTS_SHAPE",
    'mine: entry 0 of setWeights, "mine/iteration": a counter must be 9007199254740991 or below, and 0 or above, got 1152921504606847000.',
  ],
  [
    () => {
      const optimizer = layerWeights();
      optimizer.setWeights([Number.MAX_SAFE_INTEGER, [1, 2]] as never);
      optimizer.apply([[1, 2]]);
    },
    "ValueError",
    "ERR_OPTION_RANGE",
    "mine has counted 9007199254740991 calls, the limit of a counter. Set a lower count: setWeights([0, ...getWeights().slice(1)]).",
  ],
  [
    () => layerWeights().setWeights([Float64Array.of(1), [1, 2]] as never),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'mine: entry 0 of setWeights, "mine/iteration": a counter below 2^31 is a number or an Int32Array, got a Float64Array of 1.',
  ],
];

export const draws: Rows = [
  [
    () => random.uniform([1], { minval: 2, maxval: 1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'uniform: "minval" must be 1, which is "maxval", or below, got 2.',
  ],
  [
    () => random.randint([1], 0, 2 ** 32),
    "ValueError",
    "ERR_OPTION_RANGE",
    'randint: "maxval" must be 2147483648 or below, got 4294967296.',
  ],
  [
    () => random.randint([1], -(2 ** 31), 2 ** 31),
    "ValueError",
    "ERR_OPTION_RANGE",
    'randint: "maxval" must be 2147483647, which is "minval" + 4294967295, or below, got 2147483648.',
  ],
  [
    () => random.randint([1], 1, 1),
    "ValueError",
    "ERR_OPTION_RANGE",
    'randint: "maxval" must be a whole number, 2 or above, got 1.',
  ],
  [
    () => random.uniform([1], { dtype: "int32" as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'uniform: "dtype" must be "float32", got "int32".',
  ],
  [
    () => random.randint([1], 0, 2, { dtype: "float32" as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'randint: "dtype" must be "int32", got "float32".',
  ],
  [
    () => random.uniform([-1]),
    "ValueError",
    "ERR_SHAPE",
    'uniform: the lengths in "shape" must be whole numbers, 0 or above, got [-1].',
  ],
  [
    () => random.normal([1], { stddev: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'normal: "stddev" must be 0 or above, got -1.',
  ],
  [
    () => random.normal([1], { seed: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'normal: "seed" must be a number, got "x".',
  ],
  [
    () => random.normal([1], { sed: 1 } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'normal does not know "sed" (did you mean "seed"?). Its options are: mean, stddev, dtype, seed.',
  ],
  [
    () => {
      new random.SeedGenerator(1).state = 1 as never;
    },
    "TypeError",
    "ERR_OPTION_TYPE",
    'SeedGenerator: "state" must be [seed, calls], got 1.',
  ],
  [
    () => {
      new random.SeedGenerator(1).state = [1, -1];
    },
    "ValueError",
    "ERR_OPTION_RANGE",
    'SeedGenerator: "state[1]" must be a whole number, 0 or above, got -1.',
  ],
  [
    () => {
      new random.SeedGenerator(1).state = [-1, 1];
    },
    "ValueError",
    "ERR_OPTION_RANGE",
    'SeedGenerator: "state[0]" must be a whole number, 0 or above, got -1.',
  ],
  [
    () => new random.SeedGenerator(-1),
    "ValueError",
    "ERR_OPTION_RANGE",
    'SeedGenerator: "seed" must be a whole number, 0 or above, got -1.',
  ],
];
