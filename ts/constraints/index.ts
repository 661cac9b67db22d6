/**
 * Constraints on weights: `import { constraints } from "gradstep"`.
 *
 * @module
 */

export { Constraint } from "./constraint.js";
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
export { type ConstraintIdentifier, deserialize, get, serialize } from "./registry.js";
