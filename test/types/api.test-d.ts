/**
 * The public types, checked by tsc.
 */

import { expectTypeOf } from "vitest";
import {
  Adam,
  type AdamOptions,
  AdamW,
  type ArgumentTypeError,
  type DisposedError,
  type ErrorCode,
  type Gradient,
  GradientTape,
  type LearningRate,
  LossScaleOptimizer,
  type ModuleError,
  Muon,
  memoryUse,
  type Optimizer,
  type OptimizerVariable,
  type OutOfMemoryError,
  optimizers,
  SGD,
  schedules,
  type Tensor,
  tensor,
  type ValueError,
  Variable,
  type WeightInput,
  type WeightValue,
  zip,
} from "../../ts/index.js";
import { init, initSync, type ModuleSource } from "../../ts/slim.js";

const variable = new Variable(
  [
    [1, 2],
    [3, 4],
  ],
  { name: "w", shape: [2, 2], trainable: true },
);
const adam = new Adam({ learningRate: 0.01, beta1: 0.9, globalClipnorm: null });

// Variables and tensors.
expectTypeOf(variable.value).toEqualTypeOf<Float32Array<ArrayBuffer>>();
expectTypeOf(variable.array()).toEqualTypeOf<Float32Array<ArrayBuffer>>();
expectTypeOf(variable.shape).toEqualTypeOf<readonly number[]>();
expectTypeOf(variable.dtype).toEqualTypeOf<"float32">();
expectTypeOf(tensor([1, 2])).toEqualTypeOf<Tensor<"float32">>();
expectTypeOf(tensor(new Int32Array(2))).toEqualTypeOf<Tensor<"int32">>();
expectTypeOf(tensor([1, 2], [2], "int32").value).toEqualTypeOf<Int32Array<ArrayBuffer>>();
expectTypeOf(tensor([1, 2], [2], "float32").array()).toEqualTypeOf<Float32Array<ArrayBuffer>>();
expectTypeOf(tensor(new Float64Array(2))).toEqualTypeOf<Tensor<"float32">>();
expectTypeOf(tensor([new Uint8Array(2), new Uint8Array(2)])).toEqualTypeOf<Tensor<"float32">>();
// @ts-expect-error: bytes without a type are not numbers.
tensor(new ArrayBuffer(8));
// @ts-expect-error: an unknown option.
new Variable([1], { dtype: "float32" });
// @ts-expect-error: a name cannot be changed.
variable.name = "other";

// Options.
expectTypeOf<LearningRate>().toExtend<AdamOptions["learningRate"]>();
expectTypeOf<schedules.CosineDecay>().toExtend<LearningRate>();
expectTypeOf<() => number>().toExtend<LearningRate>();
expectTypeOf(adam.learningRate).toEqualTypeOf<number>();
adam.learningRate = new schedules.CosineDecay({ initialLearningRate: 0.1, decaySteps: 10 });
adam.learningRate = () => 0.1;
expectTypeOf(adam.weightDecay).toEqualTypeOf<number | null>();
expectTypeOf(new Muon().excludeLayers).toEqualTypeOf<readonly string[]>();
// @ts-expect-error: Keras's old name.
new Adam({ lr: 0.1 });
// @ts-expect-error: a switch.
new Adam({ amsgrad: 1 });
// @ts-expect-error: not an argument of SGD.
new SGD({ beta1: 0.9 });
// @ts-expect-error: AdamW always decays.
new AdamW({ weightDecay: null });
// @ts-expect-error: it has something to wrap.
new LossScaleOptimizer();

// Steps.
expectTypeOf(zip([[1, 2], null], [variable, variable])).toEqualTypeOf<[number[] | null, Variable][]>();
expectTypeOf(adam.applyGradients([[null, variable]])).toEqualTypeOf<number>();
expectTypeOf(adam.apply).parameter(0).toEqualTypeOf<Iterable<Gradient | null>>();
expectTypeOf(adam.minimize(() => tensor(1), [variable])).toEqualTypeOf<number>();
adam.minimize(tensor(1), () => [variable], { tape: new GradientTape(), name: "step" });
// @ts-expect-error: a loss is a tensor
adam.minimize(() => 1, [variable]);
expectTypeOf(adam.iterations).toEqualTypeOf<number>();
expectTypeOf(adam.clipGradients([])).toEqualTypeOf<[Float32Array | null, Variable][]>();
adam.applyGradients(
  zip([tensor([1]), new Float32Array(1), [1], 1, null], [variable, variable, variable, variable, variable]),
  {
    name: "step",
    experimentalAggregateGradients: false,
  },
);
// @ts-expect-error: an int32 is not a gradient.
adam.applyGradients([[tensor(new Int32Array(4)), variable]]);
// @ts-expect-error: swapped.
adam.applyGradients([[variable, new Float32Array(4)]]);
// @ts-expect-error: undefined is not a gradient; null is none.
adam.applyGradients([[undefined, variable]]);

// State.
expectTypeOf(adam.getWeights()).toEqualTypeOf<WeightValue[]>();
expectTypeOf<WeightValue>().toExtend<WeightInput>();
expectTypeOf(adam.setWeights).parameter(0).toEqualTypeOf<readonly WeightInput[]>();
adam.setWeights([
  10,
  [
    [1, 2],
    [3, 4],
  ],
  new Float32Array(4),
]);
expectTypeOf(adam.variables).toEqualTypeOf<OptimizerVariable[]>();
expectTypeOf(adam.weights).toEqualTypeOf<OptimizerVariable[]>();
expectTypeOf(memoryUse()).toEqualTypeOf<{ readonly inUse: number; readonly reserved: number }>();

// By name and by config.
expectTypeOf(optimizers.get("adam")).toEqualTypeOf<Optimizer>();
expectTypeOf(optimizers.get(adam)).toEqualTypeOf<Adam>();
expectTypeOf(optimizers.get(null)).toEqualTypeOf<null>();
expectTypeOf(optimizers.deserialize({ class_name: "adam" })).toEqualTypeOf<Optimizer>();
expectTypeOf(optimizers.serialize(adam).class_name).toEqualTypeOf<string>();
expectTypeOf(SGD.fromConfig({ momentum: 0.9 })).toEqualTypeOf<SGD>();
expectTypeOf(LossScaleOptimizer.fromConfig({})).toEqualTypeOf<LossScaleOptimizer>();
expectTypeOf(optimizers.Adam).toEqualTypeOf<typeof Adam>();
expectTypeOf(optimizers.schedules.CosineDecay).toEqualTypeOf<typeof schedules.CosineDecay>();

// Errors.
expectTypeOf<ValueError>().toExtend<Error>();
expectTypeOf<ArgumentTypeError>().toExtend<TypeError>();
expectTypeOf<OutOfMemoryError>().toExtend<RangeError>();
expectTypeOf<
  (ValueError | ArgumentTypeError | DisposedError | OutOfMemoryError | ModuleError)["code"]
>().toEqualTypeOf<ErrorCode>();

// The slim entry.
expectTypeOf(init).toEqualTypeOf<(source: ModuleSource) => Promise<boolean>>();
expectTypeOf(initSync).returns.toEqualTypeOf<boolean>();
// @ts-expect-error: a URL cannot be had at once.
initSync({ url: "gradstep.wasm" });
