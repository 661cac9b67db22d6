/**
 * Optimizers: `import { optimizers } from "gradstep"`.
 *
 * @module
 */

export * as schedules from "../schedules/index.js";
export * from "./classes.js";
export type { StateDtype } from "./definition.js";
export {
  type CustomOptimizers,
  deserialize,
  get,
  type OptimizerClass,
  type OptimizerClassName,
  type OptimizerIdentifier,
  type OptimizerName,
  type SerializedOptimizer,
  serialize,
} from "./registry.js";
