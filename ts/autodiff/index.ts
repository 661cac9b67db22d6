/**
 * Gradients: the tape, and steps.
 *
 * @module
 */

export { keep, type Operand, tidy } from "./arena.js";
export type { GradientOptions } from "./backward.js";
export { ForwardAccumulator } from "./forward-accumulator.js";
export { GradientTape, type GradientTapeOptions, type JacobianOptions } from "./gradient-tape.js";
export { hvp } from "./hvp.js";
