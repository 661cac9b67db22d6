/**
 * Penalties on weights: `import { regularizers } from "gradstep"`.
 *
 * @module
 */

export { deserialize, get, type RegularizerFunction, type RegularizerIdentifier, serialize } from "./registry.js";
export { Regularizer } from "./regularizer.js";
