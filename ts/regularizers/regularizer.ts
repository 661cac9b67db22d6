/**
 * The base of all regularizers.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { COPY } from "../copies.js";
import { customName } from "../custom-objects.js";
import { madeFrom } from "../keras-names.js";
import { checkCount } from "../options.js";
import type { Tensor } from "../tensor.js";

/** A penalty on weights, added to the loss. Define `call` for a custom one; a plain function works too. */
export abstract class Regularizer {
  /** The name under which the class is saved. Minifiers change JavaScript's own; the built-in ones have Keras's. */
  static readonly className?: string;

  /** Class name, as Keras has it. */
  get className(): string {
    return customName(this.constructor);
  }

  /** The penalty: a tensor of one number, computed by operations that have gradients. */
  abstract call(x: Operand): Tensor<"float32">;

  /** Constructor arguments by Keras's names. */
  getConfig(): Config {
    return {};
  }

  /** A regularizer from what {@link Regularizer.getConfig}, here or in Python, gave. */
  static fromConfig<T extends Regularizer>(this: new (options: never) => T, config: Config): T {
    checkCount("fromConfig", arguments.length, 1);
    return madeFrom(config, (options) => new this(options as never), { dropsNull: true });
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
