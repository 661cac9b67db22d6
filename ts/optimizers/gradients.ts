/**
 * The caller's gradients, in any form, as addresses in WebAssembly memory.
 *
 * @module
 */

import { checkAttached, type NumericArray } from "../array-like.js";
import { isA, isFloat32Array, lengthOf, typedArrayName } from "../brands.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { isList, shown } from "../options.js";
import { padded } from "../runtime/cache-lines.js";
import { Block, float32 } from "../runtime/memory.js";
import { type Flat, type NestedNumbers, sameShape, sizeOf, unlikeText } from "../shape.js";
import { isTensor, type Tensor } from "../tensor.js";
import { readNumbers } from "../values.js";
import type { Variable } from "../variable.js";

/** A gradient: a tensor (read in place), a typed array or nested numbers; `null` for none. */
export type Gradient = Tensor<"float32"> | NumericArray | NestedNumbers;

/** A gradient and its variable. */
export type GradientAndVariable = readonly [gradient: Gradient | null, variable: Variable];

/** A gradient read from nested numbers. */
export class NestedGradient {
  readonly flat: Float32Array;
  readonly shape: readonly number[];

  constructor({ flat, shape }: Flat<Float32Array>) {
    this.flat = flat;
    this.shape = shape;
  }
}

/** A gradient that is not a tensor, for a step: nested numbers are read now, so no caller's code runs later. */
export function readGradient(gradient: unknown, variable: Variable): unknown {
  if (isFloat32Array(gradient)) return gradient;
  const isArray = typedArrayName(gradient) !== undefined;
  if (!isArray && typeof gradient !== "number" && !isList(gradient)) return gradient;
  const { flat, shape } = readNumbers(`Cannot apply gradients to "${variable.name}"`, gradient, "float32");
  return new NestedGradient({ flat: new Float32Array(flat), shape });
}

/** Copies a checked gradient. */
export function copyGradient(gradient: unknown, to: Float32Array): void {
  if (isTensor(gradient)) to.set(gradient.numbers);
  else to.set(gradient instanceof NestedGradient ? gradient.flat : (gradient as Float32Array));
}

/** Checks a gradient against its variable, without touching any memory of ours. */
export function checkGradient(gradient: unknown, variable: Variable): void {
  if (isTensor(gradient)) {
    if (gradient.dtype !== "float32") refuseDtype(variable, `a tensor of ${gradient.dtype}`);
    gradient.address; // throws when it was disposed of
    if (!sameShape(gradient.shape, variable.shape)) refuseShape(variable, gradient.shape);
  } else if (isFloat32Array(gradient)) {
    const length = lengthOf(gradient);
    // Detached arrays have length 0: only for these is the expensive check needed.
    if (length === 0) checkAttached(`Cannot apply gradients to "${variable.name}"`, gradient);
    if (length !== variable.size) refuseShape(variable, [length]);
  } else if (isA(gradient, NestedGradient)) {
    const { shape } = gradient;
    const fits = shape.length <= 1 ? sizeOf(shape) === variable.size : sameShape(shape, variable.shape);
    if (!fits) refuseShape(variable, shape);
  } else if (ArrayBuffer.isView(gradient)) {
    refuseDtype(variable, `a ${typedArrayName(gradient) ?? "DataView"}`);
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
    `Cannot apply gradients to "${variable.name}": expected ${unlikeText(variable.shape, shape, shape.length > 1 ? undefined : sizeOf(shape))}.`,
  );
}

function refuseDtype(variable: Variable, got: string): never {
  throw new ArgumentTypeError(
    "ERR_GRADIENT_DTYPE",
    `Cannot apply gradients to "${variable.name}": expected float32 values, got ${got}. Convert it first: Float32Array.from(gradient).`,
  );
}

/**
 * WebAssembly memory for gradients from JavaScript: one block for all variables, allocated for the first such gradient
 * and reused in every step.
 */
export class GradientSlab {
  readonly #offsets: number[] = [];
  #total = 0;
  #block: Block | undefined;

  constructor(variables: readonly Variable[]) {
    for (const { size } of variables) {
      this.#offsets.push(this.#total);
      this.#total += padded(size);
    }
  }

  /** Whether the memory is allocated. */
  get reserved(): boolean {
    return this.#block !== undefined;
  }

  /** Allocates the memory if needed. WebAssembly memory may grow. @throws OutOfMemoryError */
  reserve(): void {
    this.#block ??= new Block(this.#total);
  }

  /** The memory, for {@link copy}. Created at each step, because growth detaches views. */
  get room(): Float32Array {
    return float32((this.#block as Block).address, this.#total);
  }

  /** Address of a checked gradient, which is copied to the row's part of the {@link room}. */
  copy(gradient: Float32Array, row: number, room: Float32Array): number {
    const offset = this.#offsets[row]!;
    room.set(gradient, offset);
    // Not by the view's `byteOffset`, which takes as long as the copy of a small gradient.
    return (this.#block as Block).address + offset * 4;
  }

  /** Frees the memory. */
  free(): void {
    this.#block?.free();
    this.#block = undefined;
  }
}
