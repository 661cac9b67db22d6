/**
 * Gradients of the caller, in whatever form, as addresses in WebAssembly memory.
 *
 * @module
 */

import { ArgumentTypeError, ValueError } from "../errors.js";
import { shown } from "../options.js";
import { Block, float32 } from "../runtime/memory.js";
import { countText, flatten, type NestedNumbers, sameShape, shapeOfNested, sizeOf } from "../shape.js";
import { Tensor } from "../tensor.js";
import { Variable } from "../variable.js";

/** A gradient: a tensor (read where it lies), a `Float32Array` or nested numbers; `null` for none. */
export type Gradient = Tensor<"float32"> | Float32Array | NestedNumbers;

/** A gradient and its variable. */
export type GradientAndVariable = readonly [gradient: Gradient | null, variable: Variable];

/** Values are laid out on cache lines, 16 float32 apart, as the core's own slabs are. */
const LINE = 16;

/** Checks a gradient against its variable, without touching any memory of ours. */
export function checkGradient(gradient: unknown, variable: Variable): void {
  if (gradient instanceof Tensor) {
    if (gradient.dtype !== "float32") refuseDtype(variable, `a tensor of ${gradient.dtype}`);
    gradient.address; // throws when it was disposed of
    if (!sameShape(gradient.shape, variable.shape)) refuseShape(variable, gradient.shape);
  } else if (gradient instanceof Float32Array) {
    if (gradient.length !== variable.size) refuseShape(variable, [gradient.length]);
  } else if (typeof gradient === "number" || Array.isArray(gradient)) {
    const shape = shapeOfNested(gradient as NestedNumbers);
    const fits = shape.length <= 1 ? sizeOf(shape) === variable.size : sameShape(shape, variable.shape);
    if (!fits) refuseShape(variable, shape);
  } else if (ArrayBuffer.isView(gradient)) {
    refuseDtype(variable, `a ${gradient.constructor.name}`);
  } else {
    throw new ArgumentTypeError(
      "ERR_PAIRS_MALFORMED",
      `Cannot apply gradients to "${variable.name}": expected a gradient (a Float32Array, a tensor, nested numbers, or null), got ${shown(gradient)}.`,
    );
  }
}

function refuseShape(variable: Variable, shape: readonly number[]): never {
  throw new ValueError(
    "ERR_GRADIENT_SHAPE",
    `Cannot apply gradients to "${variable.name}": expected ${countText(variable.shape)}, got ${shape.length > 1 ? countText(shape) : sizeOf(shape)}.`,
  );
}

function refuseDtype(variable: Variable, got: string): never {
  throw new ArgumentTypeError(
    "ERR_GRADIENT_DTYPE",
    `Cannot apply gradients to "${variable.name}": expected float32 values, got ${got}. Convert it first: Float32Array.from(gradient).`,
  );
}

/**
 * Room in WebAssembly memory for gradients that come from outside: one slab for all variables, taken
 * when the first such gradient comes and used again in every step.
 */
export class GradientSlab {
  readonly #variables: readonly Variable[];
  readonly #offsets: number[] = [];
  #total = 0;
  #block: Block | undefined;

  constructor(variables: readonly Variable[]) {
    this.#variables = variables;
    for (const { size } of variables) {
      this.#offsets.push(this.#total);
      this.#total += Math.ceil(size / LINE) * LINE;
    }
  }

  /** Whether there is room. */
  get reserved(): boolean {
    return this.#block !== undefined;
  }

  /** Makes sure that there is room. Memory may grow. @throws OutOfMemoryError */
  reserve(): void {
    this.#block ??= new Block(this.#total);
  }

  /** Address of a checked gradient; one from outside is copied to the row's room, which must be {@link reserved}. */
  address(gradient: Gradient, row: number): number {
    if (gradient instanceof Tensor) return gradient.address;
    const address = (this.#block as Block).address + (this.#offsets[row] as number) * 4;
    const variable = this.#variables[row] as Variable;
    const room = float32(address, variable.size);
    if (gradient instanceof Float32Array) room.set(gradient);
    else flatten(`Cannot apply gradients to "${variable.name}"`, gradient, shapeOfNested(gradient), room);
    return address;
  }

  /** Gives the room back. */
  free(): void {
    this.#block?.free();
    this.#block = undefined;
  }
}

/** Splits pairs, and refuses whatever is not a list of (gradient, variable). */
export function unzipped(pairs: unknown): { gradients: (Gradient | null)[]; variables: Variable[] } {
  if (typeof pairs !== "object" || pairs === null || !(Symbol.iterator in pairs)) {
    throw new ArgumentTypeError(
      "ERR_PAIRS_MALFORMED",
      `applyGradients takes a list of [gradient, variable] pairs, got ${shown(pairs)}.`,
    );
  }
  const gradients: (Gradient | null)[] = [];
  const variables: Variable[] = [];
  for (const pair of pairs as Iterable<unknown>) {
    const at = gradients.length;
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw new ArgumentTypeError(
        "ERR_PAIRS_MALFORMED",
        `applyGradients: entry ${at} must be a [gradient, variable] pair, got ${shown(pair)}.`,
      );
    }
    // By index: destructuring goes through the iterator, and this runs for every variable of every step.
    const gradient = pair[0] as Gradient | null;
    const variable = pair[1] as unknown;
    if (!(variable instanceof Variable)) {
      const hint = (gradient as unknown) instanceof Variable ? " Gradient and variable look swapped." : "";
      throw new ArgumentTypeError(
        "ERR_PAIRS_MALFORMED",
        `applyGradients: the second part of entry ${at} must be a Variable, got ${shown(variable)}.${hint}`,
      );
    }
    gradients.push(gradient);
    variables.push(variable);
  }
  return { gradients, variables };
}
