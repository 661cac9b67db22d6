/**
 * The public classes that have arguments, and how one of each is made.
 */

import * as gradstep from "../../ts/index.js";

const { Dense } = gradstep.layers;

/** A class, as a caller without types sees it. */
export type AnyClass = new (...given: readonly unknown[]) => object;

/** A function with a name, so that it can be saved. */
function doubled(x: gradstep.Tensor): gradstep.Tensor<"float32"> {
  return gradstep.ops.multiply(x, 2);
}

/** Required arguments, for classes that have some; those that come in an object are its options too. */
export const NEEDED: Readonly<Record<string, readonly unknown[]>> = {
  ForwardAccumulator: [gradstep.tensor([1]), [1]],
  Dense: [3],
  Activation: ["relu"],
  Embedding: [3, 2],
  Conv1D: [2, 3],
  Conv2D: [2, 3],
  Conv2DTranspose: [2, 3],
  DepthwiseConv2D: [3],
  Dropout: [0.5],
  GaussianNoise: [0.5],
  Reshape: [[2]],
  RepeatVector: [2],
  Lambda: [doubled],
  Rescaling: [0.5],
  Permute: [[2, 1]],
  InputLayer: [{ shape: [2] }],
  IoU: [{ numClasses: 2, targetClassIds: [0] }],
  MeanIoU: [{ numClasses: 2 }],
  FunctionLoss: [() => gradstep.tensor(0)],
  MeanMetricWrapper: [() => [0]],
  CosineDecay: [{ initialLearningRate: 1, decaySteps: 1 }],
  CosineDecayRestarts: [{ initialLearningRate: 1, firstDecaySteps: 1 }],
  ExponentialDecay: [{ initialLearningRate: 1, decaySteps: 1, decayRate: 1 }],
  InverseTimeDecay: [{ initialLearningRate: 1, decaySteps: 1, decayRate: 1 }],
  PiecewiseConstantDecay: [{ boundaries: [1], values: [1, 2] }],
  PolynomialDecay: [{ initialLearningRate: 1, decaySteps: 1 }],
  WarmupStableDecay: [{ peakLearningRate: 1, warmupSteps: 1, stableSteps: 1, decaySteps: 1 }],
  InverseSqrt: [{ initialLearningRate: 1, warmupSteps: 1 }],
  REX: [{ initialLearningRate: 1, totalSteps: 1 }],
  OneCycle: [{ maxLearningRate: 1, totalSteps: 1 }],
  Cyclic: [{ baseLearningRate: 1, maxLearningRate: 1 }],
  Linear: [{ initialLearningRate: 1, totalSteps: 1 }],
  LinearWarmup: [{ inner: 1, warmupSteps: 1 }],
  SequentialSchedule: [{ schedules: [1], boundaries: [] }],
  ReduceOnPlateau: [{ inner: 1 }],
  Lookahead: [new gradstep.SGD()],
  LossScaleOptimizer: [new gradstep.SGD()],
  MultiOptimizer: [new gradstep.OptimizerMap(new gradstep.SGD())],
  OptimizerMap: [new gradstep.SGD()],
  SAM: [new gradstep.SGD()],
  ScheduleFree: [new gradstep.SGD()],
  SWA: [new gradstep.SGD()],
  Sequential: [[new Dense(1)]],
  Variable: [[1]],
  CSVLogger: [() => undefined],
  LambdaCallback: [{ onTrainBegin: () => undefined }],
  LearningRateScheduler: [() => 0.1],
  ModelCheckpoint: [null],
};

/** The required arguments of a class: those before its options, and those that come in that object. */
export function neededOf(name: string): {
  readonly before: readonly unknown[];
  readonly own: object;
  readonly isNamed: boolean;
} {
  const needed = NEEDED[name] ?? [];
  const last = needed.at(-1);
  const isNamed = typeof last === "object" && last !== null && Object.getPrototypeOf(last) === Object.prototype;
  return isNamed ? { before: needed.slice(0, -1), own: last, isNamed } : { before: needed, own: {}, isNamed };
}

/** Classes that only subclasses or the library itself make. */
const NOT_MADE =
  /^(Layer|Wrapper|Loss|Metric|Initializer|Regularizer|Constraint|Callback|Optimizer|LearningRateSchedule|RandomInitializer|SymbolicTensor|Tensor)$/;

/** Whether it is a class, not a function. */
export function isClass(value: unknown): value is AnyClass {
  return typeof value === "function" && /^class\b/.test(Function.prototype.toString.call(value));
}

/** Whether it is a class of errors: losses and metrics are called so too. */
const isError = (made: AnyClass) => made.prototype instanceof Error;

function entriesOf(path: string, members: object): [path: string, name: string, member: unknown][] {
  return Object.entries(members).flatMap(([name, member]) =>
    typeof member === "object" && member !== null
      ? entriesOf(`${path}${name}.`, member)
      : [[`${path}${name}`, name, member] as [string, string, unknown]],
  );
}

const entries = entriesOf("", gradstep);

/** Whether a name is not the class's own: Keras has `MaxPool2D` and `l2` too. */
export function isAlias(name: string, member: unknown): boolean {
  if (typeof member !== "function" || !Object.hasOwn(member, "className")) return false;
  const { className, prototype } = member as unknown as { readonly className: string; readonly prototype: unknown };
  const isOwn = ([, other, made]: (typeof entries)[number]) =>
    other === className && (made as AnyClass).prototype === prototype;
  return name !== className && entries.some(isOwn);
}

const named = entries.filter(([, name, member]) => !isAlias(name, member));
const all = named.filter(([, , member], i) => named.findIndex((entry) => entry[2] === member) === i);

/** Every class that callers make: its path, its name, the class. */
export const MADE_CLASSES: readonly (readonly [path: string, name: string, made: AnyClass])[] = all.flatMap(
  ([path, name, member]) =>
    isClass(member) && !NOT_MADE.test(name) && !isError(member) ? [[path, name, member] as const] : [],
);

/** Those of them whose arguments are options, or come before options. */
export const CLASSES_WITH_OPTIONS: typeof MADE_CLASSES = MADE_CLASSES.filter(
  ([path]) =>
    !/^(callbacks\.(History|TerminateOnNaN|ProgressBar)|random\.SeedGenerator|ForwardAccumulator|(optimizers\.)?OptimizerMap)$/.test(
      path,
    ),
);

/** Every class, bases included, but errors. */
export const ALL_CLASSES: readonly (readonly [path: string, made: AnyClass])[] = all.flatMap(([path, , member]) =>
  isClass(member) && !isError(member) ? [[path, member] as const] : [],
);

/** Every function that is not a class. */
export const FUNCTIONS: readonly (readonly [path: string, call: (...given: readonly unknown[]) => unknown])[] =
  all.flatMap(([path, , member]) =>
    typeof member === "function" && !isClass(member)
      ? [[path, member as (...given: readonly unknown[]) => unknown] as const]
      : [],
  );
