/**
 * Activation functions: `import { activations } from "gradstep"`.
 *
 * @module
 */

export { linear, logSoftmax, softmax } from "./functions.js";
export { type Activation, get, serialize } from "./registry.js";
