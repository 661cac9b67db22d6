/**
 * Losses: `import { losses } from "gradstep"`.
 *
 * @module
 */

export {
  BinaryCrossentropy,
  type BinaryCrossentropyOptions,
  binaryCrossentropy,
  binaryCrossentropy as bce,
} from "./binary-crossentropy.js";
export {
  type BinaryFocalArguments,
  BinaryFocalCrossentropy,
  type BinaryFocalCrossentropyOptions,
  binaryFocalCrossentropy,
} from "./binary-focal-crossentropy.js";
export type { LossClass, LossClassName, LossFunction, LossName } from "./built-in.js";
export {
  CategoricalCrossentropy,
  type CategoricalCrossentropyOptions,
  categoricalCrossentropy,
} from "./categorical-crossentropy.js";
export {
  type CategoricalFocalArguments,
  CategoricalFocalCrossentropy,
  type CategoricalFocalCrossentropyOptions,
  categoricalFocalCrossentropy,
} from "./categorical-focal-crossentropy.js";
export { CosineSimilarity, type CosineSimilarityOptions, cosineSimilarity } from "./cosine-similarity.js";
export type { CrossentropyArguments, SparseCrossentropyArguments } from "./crossentropy-arguments.js";
export { type CustomLoss, FunctionLoss } from "./function-loss.js";
export { CategoricalHinge, categoricalHinge, Hinge, hinge, SquaredHinge, squaredHinge } from "./hinge.js";
export { Huber, type HuberOptions, huber } from "./huber.js";
export { KLDivergence, klDivergence, klDivergence as kld } from "./kl-divergence.js";
export { LogCosh, logCosh } from "./log-cosh.js";
export { type Labels, Loss, type LossConfig, type LossOptions, type Predictions } from "./loss.js";
export { MeanAbsoluteError, meanAbsoluteError, meanAbsoluteError as mae } from "./mean-absolute-error.js";
export {
  MeanAbsolutePercentageError,
  meanAbsolutePercentageError,
  meanAbsolutePercentageError as mape,
} from "./mean-absolute-percentage-error.js";
export { MeanSquaredError, meanSquaredError, meanSquaredError as mse } from "./mean-squared-error.js";
export {
  MeanSquaredLogarithmicError,
  meanSquaredLogarithmicError,
  meanSquaredLogarithmicError as msle,
} from "./mean-squared-logarithmic-error.js";
export {
  Dice,
  type DiceOptions,
  dice,
  type RegionAxis,
  Tversky,
  type TverskyArguments,
  type TverskyOptions,
  tversky,
} from "./overlap.js";
export { Poisson, poisson } from "./poisson.js";
export type { Reduction } from "./reduction.js";
export {
  type CustomLosses,
  deserialize,
  get,
  type LossIdentifier,
  type SerializedLoss,
  serialize,
} from "./registry.js";
export {
  SparseCategoricalCrossentropy,
  type SparseCategoricalCrossentropyOptions,
  sparseCategoricalCrossentropy,
} from "./sparse-categorical-crossentropy.js";
