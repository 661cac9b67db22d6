/**
 * Activation functions: `import { activations } from "gradstep"`.
 *
 * @module
 */

export * from "./functions.js";
export { type Activation, deserialize, get, serialize } from "./registry.js";
