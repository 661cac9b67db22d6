/**
 * Penalties on the size of weights.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { abs, add, multiply, square, sum } from "../ops/index.js";
import { checkKnownOptions, checkMethod, checkObject, nonNegativeNumber } from "../options.js";
import type { Tensor } from "../tensor.js";
import { Regularizer } from "./regularizer.js";

/** Options of {@link L1L2}. */
export interface L1L2Options {
  /** Factor of the sum of magnitudes. Default: 0. */
  readonly l1?: number | undefined;
  /** Factor of the sum of squares. Default: 0. */
  readonly l2?: number | undefined;
}

/**
 * A penalty on the magnitudes and the squares of weights: `l1 * sum(|x|) + l2 * sum(x^2)`.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: L1L2](https://keras.io/api/layers/regularizers/#l1l2-class)
 * @example
 * ```ts
 * import { regularizers, tensor } from "gradstep";
 *
 * console.log(new regularizers.L1L2({ l1: 1, l2: 2 }).call(tensor([1, -3])).item()); // 24
 * ```
 */
export class L1L2 extends Regularizer {
  static override readonly className = "L1L2";
  /** Factor of the sum of magnitudes. */
  readonly l1: number;
  /** Factor of the sum of squares. */
  readonly l2: number;

  constructor(options?: L1L2Options | L1L2Options["l1"], l2?: L1L2Options["l2"] | L1L2Options, others?: L1L2Options);
  constructor(...given: unknown[]) {
    const options = placedOptions<L1L2Options>("L1L2", ["l1", "l2"], given);
    super();
    checkKnownOptions("L1L2", options, ["l1", "l2"]);
    this.l1 = nonNegativeNumber("L1L2", "l1", options.l1 ?? 0);
    this.l2 = nonNegativeNumber("L1L2", "l2", options.l2 ?? 0);
  }

  call(x: Operand): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 1);
    const { l1, l2 } = this;
    if (l1 === 0) return multiply(sum(square(x)), l2);
    const magnitudes = multiply(sum(abs(x)), l1);
    return l2 === 0 ? magnitudes : add(magnitudes, multiply(sum(square(x)), l2));
  }

  override getConfig(): Config {
    checkObject(this, "getConfig");
    return { l1: this.l1, l2: this.l2 };
  }
}

/**
 * A penalty on the magnitudes of weights: `l1 * sum(|x|)`. It drives weights to 0.
 *
 * @see [Keras: L1](https://keras.io/api/layers/regularizers/#l1-class)
 * @example
 * ```ts
 * import { regularizers, tensor } from "gradstep";
 *
 * console.log(new regularizers.L1(0.5).call(tensor([1, -3])).item()); // 2
 * ```
 */
export class L1 extends Regularizer {
  static override readonly className = "L1";
  /** Factor of the sum of magnitudes. */
  readonly l1: number;

  /**
   * A penalty on the magnitudes of weights: `l1 * sum(|x|)`.
   *
   * @param options - The factor, or `{ l1 }`. Default: 0.01.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?:
      | number
      | {
          /** Factor of the sum of magnitudes. Default: 0.01. */
          readonly l1?: number | undefined;
        },
  );
  constructor(...given: unknown[]) {
    super();
    this.l1 = factorOf("L1", "l1", given);
  }

  call(x: Operand): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 1);
    return multiply(sum(abs(x)), this.l1);
  }

  override getConfig(): Config {
    checkObject(this, "getConfig");
    // Keras saves this factor as float32.
    return { l1: Math.fround(this.l1) };
  }
}

/**
 * A penalty on the squares of weights: `l2 * sum(x^2)`. It keeps weights small.
 *
 * @see [Keras: L2](https://keras.io/api/layers/regularizers/#l2-class)
 * @example
 * ```ts
 * import { regularizers, tensor } from "gradstep";
 *
 * console.log(new regularizers.L2(0.5).call(tensor([1, -3])).item()); // 5
 * ```
 */
export class L2 extends Regularizer {
  static override readonly className = "L2";
  /** Factor of the sum of squares. */
  readonly l2: number;

  /**
   * A penalty on the squares of weights: `l2 * sum(x^2)`.
   *
   * @param options - The factor, or `{ l2 }`. Default: 0.01.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?:
      | number
      | {
          /** Factor of the sum of squares. Default: 0.01. */
          readonly l2?: number | undefined;
        },
  );
  constructor(...given: unknown[]) {
    super();
    this.l2 = factorOf("L2", "l2", given);
  }

  call(x: Operand): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 1);
    return multiply(sum(square(x)), this.l2);
  }

  override getConfig(): Config {
    checkObject(this, "getConfig");
    return { l2: this.l2 };
  }
}

/** A factor: a positional argument, as in Python, or an option. */
function factorOf(owner: string, name: string, given: readonly unknown[]): number {
  const options = placedOptions<Readonly<Record<string, unknown>>>(owner, [name], given);
  checkKnownOptions(owner, options, [name]);
  return nonNegativeNumber(owner, name, options[name] ?? 0.01);
}
