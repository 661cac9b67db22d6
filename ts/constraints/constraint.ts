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
import { madeFrom } from "../keras-names.js";
import { madeTensor } from "../ops/operand.js";
import { checkCount } from "../options.js";
import type { Tensor } from "../tensor.js";
import { fitting } from "../values.js";
import type { Constraint as ConstraintFunction } from "../variable.js";

/**
 * What weights must satisfy after each update. Define `call` for a custom one; a plain function of the
 * variable does as well.
 */
export abstract class Constraint {
  /** The name under which the class is saved. Minifiers change JavaScript's own; the built-in ones have Keras's. */
  static readonly className?: string;

  /** Class name, as Keras has it. */
  get className(): string {
    return customName(this.constructor);
  }

  /** The weights as they should be. */
  abstract call(w: Operand): Tensor<"float32">;

  /** For {@link Variable.constraint}: writes the weights in place. */
  asFunction(): ConstraintFunction {
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

  /** Constructor arguments by Keras's names. */
  getConfig(): Config {
    return {};
  }

  /** A constraint from what {@link Constraint.getConfig}, here or in Python, gave. */
  static fromConfig<T extends Constraint>(this: new (options: never) => T, config: Config): T {
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
