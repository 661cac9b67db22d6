/**
 * First values for weights: `import { initializers } from "gradstep"`.
 *
 * @module
 */

export { Constant, Identity, Ones, Zeros } from "./constants.js";
export { Initializer } from "./initializer.js";
export { deserialize, get, type InitializerFunction, type InitializerIdentifier, serialize } from "./registry.js";
