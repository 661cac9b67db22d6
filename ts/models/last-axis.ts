/**
 * Keras's rule for a missing or extra last axis: an input of shape 28 x 28 x 1 takes data of 28 x 28, and vice versa.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { ValueError } from "../errors.js";
import { type LayerShape, shapeText } from "../layers/layer-shape.js";
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

/**
 * The shape of a symbolic input as the model declares it: `null` fits any length, and a last axis of 1 may be missing or extra.
 *
 * @throws ValueError (`ERR_SHAPE`)
 */
export function fittingInput(
  owner: string,
  shape: LayerShape,
  declared: { readonly name: string; readonly shape: LayerShape },
): LayerShape {
  const found = withLastAxis(shape, declared.shape);
  const fits = declared.shape.every(
    (length, i) => i === 0 || [length, found?.[i] ?? null].includes(null) || length === found?.[i],
  );
  if (found !== undefined && fits) return found;
  throw new ValueError(
    "ERR_SHAPE",
    `${owner}: the input "${declared.name}" takes the shape ${shapeText(declared.shape)}, got ${shapeText(shape)}.`,
  );
}

/** An input of a model with its last axis as declared; other shapes pass, since the layers refuse them by name. */
export function withDeclaredAxes(input: Operand, declared: OpenShape): Operand {
  if (input.shape.length === declared.length) return input;
  const shape = withLastAxis(input.shape, declared);
  return shape === undefined ? input : reshape(input as Operand & Tensor<"int32">, shape);
}
