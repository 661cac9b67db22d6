/**
 * The base of all regularizers.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { COPY } from "../copies.js";
import { customName } from "../custom-objects.js";
import { guardNew } from "../getters.js";
import { checkObject } from "../options.js";
import { madeOf } from "../saved-arguments.js";
import type { Tensor } from "../tensor.js";

/**
 * A penalty on weights, added to the loss. Define `call` for a custom one; a plain function works too.
 *
 * @see [Keras: Regularizer](https://keras.io/api/layers/regularizers/#creating-custom-regularizers)
 * @example
 * ```ts
 * import { ops, regularizers, tensor } from "gradstep";
 *
 * class Range extends regularizers.Regularizer {
 *   override call(x: ops.TensorLike) {
 *     return ops.subtract(ops.max(x), ops.min(x));
 *   }
 * }
 *
 * console.log(new Range().call(tensor([1, -3])).item()); // 4
 * ```
 */
export abstract class Regularizer {
  /** The name under which the class is saved. Minifiers change JavaScript's own; the built-in ones have Keras's. */
  static readonly className?: string;

  /** For subclasses. */
  constructor() {
    guardNew(this, Regularizer.prototype);
  }

  /** Class name, as in Keras. */
  get className(): string {
    return customName(this.constructor);
  }

  /**
   * Computes the penalty, with operations that have gradients.
   *
   * @param x - The weights, or the output of a layer, of any shape.
   * @returns a tensor of one number
   */
  abstract call(x: Operand): Tensor<"float32">;

  /**
   * Returns the configuration, for `fromConfig` here or in Python.
   *
   * @returns the constructor's arguments, by Keras's names
   */
  getConfig(): Config {
    checkObject(this, "getConfig");
    return {};
  }

  /**
   * Creates a regularizer of this class from a config of {@link Regularizer.getConfig}, of this package or of Python.
   *
   * @param config - The constructor's arguments, by Keras's names. `null` stands for an argument's default.
   * @returns a new regularizer
   * @throws TypeError ERR_CONFIG_INVALID for anything but a plain object; the errors of the constructor
   */
  static fromConfig<T extends Regularizer>(this: new (options: never) => T, config: Config): T {
    // biome-ignore lint/complexity/noThisInStatic: the class itself is meant.
    return madeOf(this, arguments.length, config, { dropsNull: true });
  }

  /** @internal */
  get gradstepCopy(): symbol {
    return COPY;
  }

  /** For Vue: see `copies.ts`. @internal */
  get __v_skip(): true {
    return true;
  }
}
