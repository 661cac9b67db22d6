/**
 * Deterministic initializers: one value, or the identity matrix.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { allocate } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { ValueError } from "../errors.js";
import { checkCount, checkKnownOptions, checkMethod, checkObject, finiteNumber } from "../options.js";
import { checkedShape, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { Initializer } from "./initializer.js";

/**
 * Sets all values to 0.
 *
 * @throws ValueError ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: Zeros](https://keras.io/api/layers/initializers/#zeros-class)
 * @example
 * ```ts
 * import { initializers } from "gradstep";
 *
 * console.log(new initializers.Zeros().call([2]).array()); // Float32Array [0, 0]
 * ```
 */
export class Zeros extends Initializer {
  static override readonly className = "Zeros";

  constructor(options: Readonly<Record<string, never>> = {}) {
    checkCount("Zeros", arguments.length, 1);
    super();
    checkKnownOptions("Zeros", options, []);
  }

  call(shape: Shape): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 1);
    return filled(shape, 0);
  }
}

/**
 * Sets all values to 1.
 *
 * @throws ValueError ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: Ones](https://keras.io/api/layers/initializers/#ones-class)
 * @example
 * ```ts
 * import { initializers } from "gradstep";
 *
 * console.log(new initializers.Ones().call([2]).array()); // Float32Array [1, 1]
 * ```
 */
export class Ones extends Initializer {
  static override readonly className = "Ones";

  constructor(options: Readonly<Record<string, never>> = {}) {
    checkCount("Ones", arguments.length, 1);
    super();
    checkKnownOptions("Ones", options, []);
  }

  call(shape: Shape): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 1);
    return filled(shape, 1);
  }
}

/**
 * Sets all values to one number.
 *
 * @see [Keras: Constant](https://keras.io/api/layers/initializers/#constant-class)
 * @example
 * ```ts
 * import { initializers } from "gradstep";
 *
 * console.log(new initializers.Constant(0.5).call([2]).array()); // Float32Array [0.5, 0.5]
 * ```
 */
export class Constant extends Initializer {
  static override readonly className = "Constant";
  /** The number. */
  readonly value: number;

  /**
   * Sets all values to one number.
   *
   * @param options - The value, or `{ value }`. Default: 0.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?:
      | number
      | {
          /** The number. Default: 0. */
          readonly value?: number | undefined;
        },
  );
  constructor(...given: unknown[]) {
    super();
    this.value = numberOf("Constant", "value", given, 0);
  }

  call(shape: Shape): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 1);
    return filled(shape, this.value);
  }

  override getConfig(): Config {
    checkObject(this, "getConfig");
    return { value: this.value };
  }
}

/**
 * Creates the identity matrix, times `gain`. The matrix need not be square.
 *
 * @see [Keras: Identity](https://keras.io/api/layers/initializers/)
 * @example
 * ```ts
 * import { initializers } from "gradstep";
 *
 * console.log(new initializers.Identity(2).call([2, 2]).array()); // Float32Array [2, 0, 0, 2]
 * ```
 */
export class Identity extends Initializer {
  static override readonly className = "Identity";
  /** The name, also where a bundler renames the class to `Identity2` because of the layer `Identity`. @internal */
  static override readonly name: string = "Identity";
  /** The factor of the matrix. */
  readonly gain: number;

  /**
   * Creates the identity matrix, times `gain`.
   *
   * @param options - The gain, or `{ gain }`. Default: 1.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?:
      | number
      | {
          /** The factor of the matrix. Default: 1. */
          readonly gain?: number | undefined;
        },
  );
  constructor(...given: unknown[]) {
    super();
    this.gain = numberOf("Identity", "gain", given, 1);
  }

  /**
   * Computes the matrix.
   *
   * @param shape - `[rows, columns]`.
   * @returns a tensor of this shape
   * @throws ValueError ERR_SHAPE unless the shape has two axes
   */
  call(shape: Shape): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 1);
    const lengths = checkedShape("Identity", shape);
    if (lengths.length !== 2) {
      throw new ValueError(
        "ERR_SHAPE",
        `Identity creates matrices, whose shape has two axes, got [${lengths.join(", ")}].`,
      );
    }
    const [rows, columns] = lengths as [number, number];
    const matrix = filled(lengths, 0);
    const values = matrix.numbers;
    for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = this.gain;
    return matrix;
  }

  override getConfig(): Config {
    checkObject(this, "getConfig");
    // Keras never saves it, and loses it.
    return this.gain === 1 ? {} : { gain: this.gain };
  }
}

function filled(shape: Shape, value: number): Tensor<"float32"> {
  const tensor = allocate(checkedShape("Initializer", shape));
  tensor.numbers.fill(value);
  return tensor;
}

/** A positional argument, as in Python, or an option. */
function numberOf(owner: string, name: string, given: readonly unknown[], fallback: number): number {
  const options = placedOptions<Readonly<Record<string, unknown>>>(owner, [name], given);
  checkKnownOptions(owner, options, [name]);
  return finiteNumber(owner, name, options[name] ?? fallback);
}
