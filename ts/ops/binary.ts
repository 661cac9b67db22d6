/**
 * Two operands through one kernel, broadcast to each other, and gradients back to their shapes.
 *
 * @module
 */

import { allocate, type Operand } from "../autodiff/arena.js";
import type { GradientSink } from "../autodiff/record.js";
import { wasm } from "../runtime/module.js";
import { type Shape, sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { broadcastShapes } from "./broadcast.js";
import { gridOf, runsOf } from "./grid.js";
import { REDUCTION } from "./kernels.js";
import { type FloatOperand, floatOperand, type TensorLike } from "./operand.js";

/** Both operands and the result. */
export type Combined = readonly [a: FloatOperand, b: FloatOperand, out: Tensor<"float32">];

/** `op(a, b)`, not recorded. @throws ValueError when the shapes do not fit */
export function combine(name: string, op: number, a: TensorLike, b: TensorLike): Combined {
  const [x, y] = [floatOperand(name, a), floatOperand(name, b)];
  const out = allocate(broadcastShapes(name, x.shape, y.shape));
  combineInto(op, x, y, out.shape, out.address);
  return [x, y, out];
}

/** Writes `op(a, b)`, of tensors whose shapes broadcast to `shape`, to the address. */
export function combineInto(op: number, a: Operand, b: Operand, shape: Shape, to: number): void {
  const size = sizeOf(shape);
  if (size === 0) return;
  const [isWholeA, isWholeB] = [a.size === size, b.size === size];
  if ((isWholeA || a.size === 1) && (isWholeB || b.size === 1)) {
    // One row: the case that dominates small steps.
    wasm().binary(op, a.address, b.address, to, 1, size, 0, isWholeA ? 1 : 0, 0, isWholeB ? 1 : 0);
    return;
  }
  const { rows, cols, starts, ...steps } = gridOf(runsOf(a.shape, b.shape, shape));
  const [aRow, aCol] = steps.a;
  const [bRow, bCol] = steps.b;
  const [fromA, fromB] = [a.address, b.address];
  for (const at of starts) {
    wasm().binary(op, fromA + at.a * 4, fromB + at.b * 4, to + at.out * 4, rows, cols, aRow, aCol, bRow, bCol);
  }
}

/** A new tensor with `op(a, b)`, for gradients. */
export function combined(op: number, a: Operand, b: Operand, shape: Shape): Tensor<"float32"> {
  const out = allocate(shape);
  combineInto(op, a, b, shape, out.address);
  return out;
}

/**
 * The gradient of an operand that may have been broadcast to `shape`: `kernel` writes it in that shape, and it is
 * summed over the axes along which the operand was repeated.
 */
export function writeBack(
  into: GradientSink,
  index: number,
  operand: Operand,
  shape: Shape,
  kernel: (address: number) => void,
): void {
  if (operand.size === sizeOf(shape)) {
    into.write(index, kernel);
  } else if (into.wants(index)) {
    const whole = allocate(shape);
    kernel(whole.address);
    into.write(index, (to) => sumTo(whole, operand.shape, to));
  }
}

/** Like {@link writeBack}, for a gradient that exists already. */
export function passBack(into: GradientSink, index: number, operand: Operand, gradient: Tensor<"float32">): void {
  if (operand.size === gradient.size) into.pass(index, gradient);
  else into.write(index, (to) => sumTo(gradient, operand.shape, to));
}

/** Sums `x` over the axes that a tensor of `shape` does not have, or has once, to the address. */
function sumTo(x: Tensor<"float32">, shape: Shape, to: number): void {
  const runs = runsOf(shape, shape, x.shape).map(({ length, a }) => ({ length, isSummed: a === 0 }));
  let from = x;
  for (let i = runs.length - 1; i >= 0; i--) {
    const run = runs[i];
    if (run === undefined || !run.isSummed) continue;
    const outer = lengthOf(runs.slice(0, i));
    const inner = lengthOf(runs.slice(i + 1));
    runs.splice(i, 1);
    const isLast = !runs.some(({ isSummed }) => isSummed);
    const sum = isLast ? undefined : allocate([outer * inner]);
    wasm().reduce(REDUCTION.sum, from.address, outer, run.length, inner, sum?.address ?? to);
    if (sum !== undefined) from = sum;
  }
}

function lengthOf(runs: readonly { readonly length: number }[]): number {
  return runs.reduce((product, { length }) => product * length, 1);
}
