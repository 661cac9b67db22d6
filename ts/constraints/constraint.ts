/**
 * The base of all constraints.
 *
 * @module
 */

import { type Operand, scratch } from "../autodiff/arena.js";
import { unrecorded } from "../autodiff/record.js";
import type { Config } from "../class-registry.js";
import { COPY } from "../copies.js";
import { checkOverrides, customName } from "../custom-objects.js";
import { guardNew } from "../getters.js";
import { madeTensor } from "../ops/operand.js";
import { checkObject } from "../options.js";
import { madeOf } from "../saved-arguments.js";
import type { Tensor } from "../tensor.js";
import { fitting } from "../values.js";
import type { Constraint as ConstraintFunction } from "../variable.js";

/**
 * A condition that weights satisfy after each update. Define `call` for a custom one; a plain function of the variable
 * works too.
 *
 * @see [Keras: Constraint](https://keras.io/api/layers/constraints/#creating-custom-weight-constraints)
 * @example
 * ```ts
 * import { constraints, ops, tensor } from "gradstep";
 *
 * class Centered extends constraints.Constraint {
 *   override call(w: ops.TensorLike) {
 *     return ops.subtract(w, ops.mean(w));
 *   }
 * }
 *
 * console.log(new Centered().call(tensor([1, 3])).array()); // Float32Array [-1, 1]
 * ```
 */
export abstract class Constraint {
  /** The name under which the class is saved. Minifiers change JavaScript's own; the built-in ones have Keras's. */
  static readonly className?: string;

  /** For subclasses. */
  constructor() {
    guardNew(this, Constraint.prototype);
  }

  /** Class name, as in Keras. */
  get className(): string {
    return customName(this.constructor);
  }

  /**
   * Computes weights that satisfy the condition.
   *
   * @param w - The weights after an update.
   * @returns new weights of the same shape
   */
  abstract call(w: Operand): Tensor<"float32">;

  /**
   * For {@link Variable.constraint}: writes the weights in place.
   *
   * @returns a function that changes a variable in place
   * @throws ValueError ERR_NOT_IMPLEMENTED when `call` is not overridden; TypeError ERR_OPTION_TYPE when it returns no
   * tensor; ValueError ERR_VALUES_SHAPE when it returns another shape. The returned function throws them
   */
  asFunction(): ConstraintFunction {
    checkObject(this, "asFunction");
    return (variable) =>
      scratch(() =>
        unrecorded(() => {
          const owner = `The constraint of "${variable.name}"`;
          checkOverrides(owner, this, "call", "call(w)");
          const { numbers, shape } = madeTensor(owner, this.call(variable));
          variable.write(fitting(owner, { flat: numbers, shape: [...shape] }, variable.shape));
          return null;
        }),
      );
  }

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
   * Creates a constraint of this class from a config of {@link Constraint.getConfig}, of this package or of Python.
   *
   * @param config - The constructor's arguments, by Keras's names. `null` stands for an argument's default.
   * @returns a new constraint
   * @throws TypeError ERR_CONFIG_INVALID for anything but a plain object; the errors of the constructor
   */
  static fromConfig<T extends Constraint>(this: new (options: never) => T, config: Config): T {
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
