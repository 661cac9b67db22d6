/**
 * The built-in losses: their classes and functions by name.
 *
 * @module
 */

import { type SaveableClass, spelling } from "../class-registry.js";
import { toKeras } from "../keras-names.js";
import type { TensorLike } from "../ops/index.js";
import type { AnyName, CamelCase, NamesOf, SnakeCase } from "../spellings.js";
import type { Tensor } from "../tensor.js";
import { BinaryCrossentropy, binaryCrossentropy } from "./binary-crossentropy.js";
import { BinaryFocalCrossentropy, binaryFocalCrossentropy } from "./binary-focal-crossentropy.js";
import { CategoricalCrossentropy, categoricalCrossentropy } from "./categorical-crossentropy.js";
import { CategoricalFocalCrossentropy, categoricalFocalCrossentropy } from "./categorical-focal-crossentropy.js";
import { CosineSimilarity, cosineSimilarity } from "./cosine-similarity.js";
import { CategoricalHinge, categoricalHinge, Hinge, hinge, SquaredHinge, squaredHinge } from "./hinge.js";
import { Huber, huber } from "./huber.js";
import { KLDivergence, klDivergence } from "./kl-divergence.js";
import { LogCosh, logCosh } from "./log-cosh.js";
import type { Loss } from "./loss.js";
import { MeanAbsoluteError, meanAbsoluteError } from "./mean-absolute-error.js";
import { MeanAbsolutePercentageError, meanAbsolutePercentageError } from "./mean-absolute-percentage-error.js";
import { MeanSquaredError, meanSquaredError } from "./mean-squared-error.js";
import { MeanSquaredLogarithmicError, meanSquaredLogarithmicError } from "./mean-squared-logarithmic-error.js";
import { Dice, dice, Tversky, tversky } from "./overlap.js";
import { Poisson, poisson } from "./poisson.js";
import { SparseCategoricalCrossentropy, sparseCategoricalCrossentropy } from "./sparse-categorical-crossentropy.js";

/** A built-in loss as a function, which returns a value for each sample. */
export type LossFunction = (yTrue: TensorLike, yPred: TensorLike) => Tensor<"float32">;

/** A class of losses: constructible from options. */
export type LossClass = SaveableClass<Loss> & (new (options?: never) => Loss);

/** Keras's names of the built-in classes. */
export type LossClassName =
  | "MeanSquaredError"
  | "MeanAbsoluteError"
  | "MeanAbsolutePercentageError"
  | "MeanSquaredLogarithmicError"
  | "Huber"
  | "LogCosh"
  | "CosineSimilarity"
  | "KLDivergence"
  | "Poisson"
  | "Hinge"
  | "SquaredHinge"
  | "CategoricalHinge"
  | "BinaryCrossentropy"
  | "CategoricalCrossentropy"
  | "SparseCategoricalCrossentropy"
  | "BinaryFocalCrossentropy"
  | "CategoricalFocalCrossentropy"
  | "Dice"
  | "Tversky";

type FunctionName = CamelCase<SnakeCase<LossClassName>>;

/** Short names. */
type Alias = "bce" | "mse" | "mae" | "mape" | "msle" | "kld";

/** The name of a loss: a built-in one, in snake or camel case, or a custom one. */
export type LossName = NamesOf<LossClassName> | Alias | AnyName;

/** THE list: classes, */
const CLASSES: Readonly<Record<LossClassName, LossClass>> = {
  MeanSquaredError,
  MeanAbsoluteError,
  MeanAbsolutePercentageError,
  MeanSquaredLogarithmicError,
  Huber,
  LogCosh,
  CosineSimilarity,
  KLDivergence,
  Poisson,
  Hinge,
  SquaredHinge,
  CategoricalHinge,
  BinaryCrossentropy,
  CategoricalCrossentropy,
  SparseCategoricalCrossentropy,
  BinaryFocalCrossentropy,
  CategoricalFocalCrossentropy,
  Dice,
  Tversky,
};

/** and the functions that they are made of, in the same order. */
const FUNCTIONS: Readonly<Record<FunctionName, LossFunction>> = {
  meanSquaredError,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredLogarithmicError,
  huber,
  logCosh,
  cosineSimilarity,
  klDivergence,
  poisson,
  hinge,
  squaredHinge,
  categoricalHinge,
  binaryCrossentropy,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
  binaryFocalCrossentropy,
  categoricalFocalCrossentropy,
  dice,
  tversky,
};

/** Short names of the functions; in capitals too. */
export const ALIASES: Readonly<Record<Alias, FunctionName>> = {
  mse: "meanSquaredError",
  mae: "meanAbsoluteError",
  mape: "meanAbsolutePercentageError",
  msle: "meanSquaredLogarithmicError",
  kld: "klDivergence",
  bce: "binaryCrossentropy",
};

/** The built-in classes by Keras's name. A `Map`, because `"__proto__"` must not be a name in it. */
export const builtInLosses: ReadonlyMap<string, LossClass> = new Map(Object.entries(CLASSES));

/** A function, and its class. @internal */
export interface BuiltIn {
  readonly fn: LossFunction;
  readonly made: LossClass;
  /** Keras's name of the function. */
  readonly name: string;
}

/** By every spelling of a function's name: `mean_squared_error`, `meanSquaredError`, `mse`, `MSE`. @internal */
export const byFunctionName: ReadonlyMap<string, BuiltIn> = entriesByName();

function entriesByName(): ReadonlyMap<string, BuiltIn> {
  const classes: readonly LossClass[] = Object.values(CLASSES);
  const entries = new Map<string, BuiltIn>();
  Object.entries(FUNCTIONS).forEach(([name, fn], i) => {
    const entry: BuiltIn = { fn, made: classes[i]!, name: toKeras(name) };
    const short = Object.entries(ALIASES).flatMap(([alias, full]) => (full === name ? [alias] : []));
    for (const spelled of [name, ...short]) entries.set(spelling(spelled), entry);
  });
  return entries;
}

/** The built-in function of this name, in any spelling. @internal */
export function functionCalled(name: string): LossFunction | undefined {
  return byFunctionName.get(spelling(name))?.fn;
}

/** Keras's name of a built-in function; minifiers change the function's `name`. @internal */
export function functionNameOf(fn: unknown): string | undefined {
  for (const entry of byFunctionName.values()) if (entry.fn === fn) return entry.name;
  return undefined;
}
