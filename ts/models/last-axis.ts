/**
 * Keras's rule for a missing or extra last axis: an input of shape 28 x 28 x 1 takes data of 28 x 28, and vice versa.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { reshape } from "../ops/reshape.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";

type OpenShape = readonly (number | null)[];

/**
 * A shape with a last axis of 1 added or dropped, if that gives it as many axes as `wanted`; `undefined` if it does not.
 */
export function withLastAxis<N extends number | null>(
  shape: readonly N[],
  wanted: OpenShape,
): readonly (N | 1)[] | undefined {
  if (shape.length === wanted.length) return shape;
  if (shape.length === wanted.length - 1 && wanted.at(-1) === 1) return [...shape, 1];
  if (shape.length === wanted.length + 1 && shape.at(-1) === 1) return shape.slice(0, -1);
  return undefined;
}

/** The shape that `shape` has after this rule, if it fits `wanted`, where `null` stands for any length. */
export function fittingShape(shape: Shape, wanted: OpenShape): Shape | undefined {
  const result = withLastAxis(shape, wanted);
  return wanted.every((length, axis) => length === null || length === result?.[axis]) ? result : undefined;
}

/** An input of a model with its last axis as declared; other shapes pass, since the layers refuse them by name. */
export function withDeclaredAxes(input: Operand, declared: OpenShape): Operand {
  if (input.shape.length === declared.length) return input;
  const shape = withLastAxis(input.shape, declared);
  return shape === undefined ? input : reshape(input as Operand & Tensor<"int32">, shape);
}
