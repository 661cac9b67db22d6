/**
 * Base of layers that combine several inputs elementwise.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { ValueError } from "../errors.js";
import { reshape } from "../ops/index.js";
import type { Tensor } from "../tensor.js";
import { Layer } from "./layer.js";
import { isShapeList, type LayerShape, type LayerShapes, shapeText } from "./layer-shape.js";
import type { LayerOptions } from "./options.js";

/** A layer that combines a list of inputs element by element. Inputs with fewer axes get axes of length 1 after the batch axis. */
export abstract class MergeLayer extends Layer {
  readonly #most: number;

  /**
   * A layer that combines a list of inputs element by element.
   *
   * @param most - Maximum number of inputs.
   */
  constructor(options: LayerOptions, most: number = Number.POSITIVE_INFINITY) {
    super(options);
    this.#most = most;
  }

  /** @internal */
  override get takesList(): boolean {
    return true;
  }

  /**
   * Combines two inputs, or the previous result and the next input.
   *
   * @param a - The first input, or the combination so far.
   * @param b - The next input.
   * @returns The combination, of the broadcast shape.
   * @throws ValueError (`ERR_SHAPE`) when the shapes do not fit together
   * @internal
   */
  protected abstract merge(a: Operand, b: Operand): Tensor<"float32">;

  override call(inputs: readonly Operand[]): Tensor<"float32"> {
    checkCount(this.label, inputs.length, this.#most);
    const rank = Math.max(...inputs.map(({ shape }) => shape.length));
    const [first, ...others] = inputs.map((input) =>
      input.shape.length === rank ? input : reshape(input, expanded(input.shape, rank) as number[]),
    );
    return others.reduce<Operand>((merged, input) => this.merge(merged, input), first as Operand) as Tensor<"float32">;
  }

  override computeOutputShape(inputShapes: LayerShapes): LayerShape {
    const shapes = isShapeList(inputShapes) ? inputShapes : [inputShapes];
    checkCount(this.label, shapes.length, this.#most);
    const rank = Math.max(...shapes.map(({ length }) => length));
    const [first, ...others] = shapes.map((shape) => expanded(shape, rank));
    return others.reduce((a, b) => a.map((m, axis) => this.#together(m, b[axis] ?? null, shapes)), first as LayerShape);
  }

  #together(m: number | null, n: number | null, shapes: readonly LayerShape[]): number | null {
    if (m === 1) return n;
    if (n === 1 || m === n) return m;
    if (m === null || n === null) return m ?? n;
    throw new ValueError(
      "ERR_SHAPE",
      `${this.label}: the inputs' shapes do not fit together: ${shapes.map(shapeText).join(", ")}.`,
    );
  }
}

/** Axes of 1 after the batch axis, up to `rank`. */
function expanded(shape: LayerShape, rank: number): LayerShape {
  const [batch = 1, ...rest] = shape;
  return [batch, ...new Array<number>(rank - shape.length).fill(1), ...rest];
}

function checkCount(owner: string, count: number, most: number): void {
  if (count >= 2 && count <= most) return;
  const expected = most === 2 ? "two inputs" : "two inputs or more";
  throw new ValueError("ERR_SHAPE", `${owner} combines ${expected}, got ${count}.`);
}
