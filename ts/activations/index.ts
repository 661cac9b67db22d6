/**
 * Activation functions: `import { activations } from "gradstep"`.
 *
 * @module
 */

export * from "./functions.js";
export { type Activation, type ActivationName, deserialize, get, serialize } from "./registry.js";
