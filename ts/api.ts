/**
 * The public API, without a WebAssembly module: `index.ts` and `slim.ts` add one.
 *
 * @module
 */

export * as activations from "./activations/index.js";
export {
  ForwardAccumulator,
  type GradientOptions,
  GradientTape,
  type GradientTapeOptions,
  hvp,
  type JacobianOptions,
  type Operand,
  tidy,
} from "./autodiff/index.js";
export * as callbacks from "./callbacks/index.js";
export * as constraints from "./constraints/index.js";
export type { CustomObject, CustomObjects } from "./custom-objects.js";
export {
  ArgumentTypeError,
  DisposedError,
  type ErrorCode,
  ModuleError,
  OutOfMemoryError,
  ReplicaError,
  ValueError,
  WorkerLostError,
} from "./errors.js";
export * as initializers from "./initializers/index.js";
export { Input } from "./layers/classes.js";
export * as layers from "./layers/index.js";
export * as losses from "./losses/index.js";
export * as metrics from "./metrics/index.js";
export * from "./models/index.js";
export * as ops from "./ops/index.js";
export * from "./optimizers/classes.js";
export * as optimizers from "./optimizers/index.js";
export { setRandomSeed } from "./random/generator.js";
export * as random from "./random/index.js";
export * as regularizers from "./regularizers/index.js";
export { getReplicaContext } from "./replicas/context.js";
export { memoryUse } from "./runtime/memory.js";
export * from "./schedules/classes.js";
export * as schedules from "./schedules/index.js";
export type { NestedNumbers, Shape } from "./shape.js";
export { type Stringifiable, stringify } from "./stringify.js";
export { Tensor, tensor } from "./tensor.js";
export type { DType, Values } from "./values.js";
export { type Constraint, Variable, type VariableOptions } from "./variable.js";
export { zip } from "./zip.js";
