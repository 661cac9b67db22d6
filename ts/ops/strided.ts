/**
 * Copies between layouts: every axis has a length, and a step in the source and in the copy.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { wasm } from "../runtime/module.js";
import type { Shape } from "../shape.js";

/** One axis of a copy; steps are in elements, 0 repeats. */
export interface Axis {
  readonly length: number;
  readonly from: number;
  readonly to: number;
}

/** Strides of the elements along each axis, in row-major order. */
export function stepsOf(shape: Shape): number[] {
  const steps: number[] = new Array(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    steps[axis] = step;
    step *= shape[axis]!;
  }
  return steps;
}

/** Copies along axes, outermost first, from an address to an address; with `adds` 1 it adds to the destination. */
export function copyStrided(from: number, to: number, axes: readonly Axis[], adds: 0 | 1 = 0): void {
  const few = merged(axes);
  if (few.some(({ length }) => length === 0)) return;
  copyAll(from, to, few, adds);
}

const ONCE: Axis = { length: 1, from: 0, to: 0 };

/** The kernel takes four axes; this function iterates over the outer ones. */
function copyAll(from: number, to: number, axes: readonly Axis[], adds: 0 | 1): void {
  if (axes.length <= 4) {
    const [a = ONCE, b = ONCE, c = ONCE, d = ONCE] = [...new Array<Axis>(4 - axes.length).fill(ONCE), ...axes];
    const { copy_strided } = wasm();
    const lengths = [a.length, b.length, c.length, d.length] as const;
    copy_strided(adds, from, to, ...lengths, a.from, b.from, c.from, d.from, a.to, b.to, c.to, d.to);
    return;
  }
  const [outer = ONCE, ...inner] = axes;
  for (let i = 0; i < outer.length; i++) copyAll(from + i * outer.from * 4, to + i * outer.to * 4, inner, adds);
}

/** The same copy in the fewest axes. */
function merged(axes: readonly Axis[]): Axis[] {
  const few: Axis[] = [];
  for (const axis of axes) {
    if (axis.length === 1) continue;
    const last = few.at(-1);
    if (last !== undefined && last.from === axis.from * axis.length && last.to === axis.to * axis.length) {
      few[few.length - 1] = { ...axis, length: last.length * axis.length };
    } else {
      few.push(axis);
    }
  }
  return few;
}

/** `x`, broadcast to a shape that it fits, to the address. */
export function broadcastInto(x: Operand, shape: Shape, to: number): void {
  const own = stepsOf(x.shape);
  const steps = stepsOf(shape);
  const missing = shape.length - x.shape.length;
  const axes = shape.map((length, axis) => ({
    length,
    from: (x.shape[axis - missing] ?? 1) === 1 ? 0 : own[axis - missing]!,
    to: steps[axis]!,
  }));
  copyStrided(x.address, to, axes);
}
