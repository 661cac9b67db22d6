/**
 * The base of all initializers.
 *
 * @module
 */

import type { Config } from "../class-registry.js";
import { COPY } from "../copies.js";
import { customName } from "../custom-objects.js";
import { guardNew } from "../getters.js";
import { checkObject } from "../options.js";
import { madeOf } from "../saved-arguments.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import type { Values } from "../values.js";

/**
 * Initial values of a variable. Define `call` for a custom one; a plain function `(shape) => values` works too.
 *
 * @see [Keras: Initializer](https://keras.io/api/layers/initializers/#creating-custom-initializers)
 * @example
 * ```ts
 * import { initializers, layers, ops } from "gradstep";
 *
 * class Halves extends initializers.Initializer {
 *   call(shape: readonly number[]) {
 *     return new initializers.Constant(0.5).call(shape);
 *   }
 * }
 *
 * const dense = new layers.Dense(1, { kernelInitializer: new Halves() });
 * console.log(dense.apply([[1, 2, 3]]).array()); // Float32Array [3]
 * ```
 */
export abstract class Initializer {
  /** The name under which the class is saved. Minifiers change JavaScript's own; the built-in ones have Keras's. */
  static readonly className?: string;

  /** For subclasses. */
  constructor() {
    guardNew(this, Initializer.prototype);
  }

  /** Class name, as in Keras. */
  get className(): string {
    return customName(this.constructor);
  }

  /**
   * Computes the values of a weight.
   *
   * @param shape - Shape of the weight.
   * @returns a tensor of this shape, or an array with as many numbers
   */
  abstract call(shape: Shape): Tensor<"float32"> | Values;

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
   * Creates an initializer of this class from a config of {@link Initializer.getConfig}, of this package or of Python.
   *
   * @param config - The constructor's arguments, by Keras's names. `null` stands for an argument's default.
   * @returns a new initializer
   * @throws TypeError ERR_CONFIG_INVALID for anything but a plain object; the errors of the constructor
   */
  static fromConfig<T extends Initializer>(this: new (options: never) => T, config: Config): T {
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
