/**
 * Penalties on weights: `import { regularizers } from "gradstep"`.
 *
 * @module
 */

export { l1, l1L2, l1l2, l2, orthogonalRegularizer } from "./lower-case.js";
export { L1, L1L2, type L1L2Options, L2 } from "./norms.js";
export { OrthogonalRegularizer, type OrthogonalRegularizerOptions } from "./orthogonal-regularizer.js";
export {
  deserialize,
  get,
  type RegularizerClassName,
  type RegularizerFunction,
  type RegularizerIdentifier,
  type RegularizerName,
  serialize,
} from "./registry.js";
export { Regularizer } from "./regularizer.js";
