/**
 * Gradients: the tape, and steps.
 *
 * @module
 */

export { keep, type Operand, tidy } from "./arena.js";
export type { GradientOptions } from "./backward.js";
export { GradientTape, type GradientTapeOptions } from "./gradient-tape.js";
