/**
 * Constraints on weights: `import { constraints } from "gradstep"`.
 *
 * @module
 */

export { Constraint } from "./constraint.js";
export { type ConstraintIdentifier, deserialize, get, serialize } from "./registry.js";
