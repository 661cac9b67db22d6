/**
 * Constraints on weights: `import { constraints } from "gradstep"`.
 *
 * @module
 */

export { Constraint } from "./constraint.js";
export { maxNorm, minMaxNorm, nonNeg, unitNorm } from "./lower-case.js";
export {
  type Axes,
  type AxisOptions,
  MaxNorm,
  type MaxNormOptions,
  MinMaxNorm,
  type MinMaxNormOptions,
  NonNeg,
  UnitNorm,
} from "./norms.js";
export {
  type ConstraintClassName,
  type ConstraintIdentifier,
  type ConstraintName,
  deserialize,
  get,
  serialize,
} from "./registry.js";
