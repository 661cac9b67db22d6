/**
 * Operations with gradients: `import { ops } from "gradstep"`.
 *
 * @module
 */

export { keep } from "../autodiff/arena.js";
export { cast, customGradient, stopGradient, type ValueAndGradient } from "./control.js";
export { dense } from "./dense.js";
export type { FloatOperand, TensorLike } from "./operand.js";
export { type MatmulOptions, matmul } from "./products.js";
