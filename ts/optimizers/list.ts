/**
 * A registry of the optimizers with an update rule. Wrapper optimizers and the public registry import it.
 *
 * @module
 */

import { ClassRegistry, type SaveableClass } from "../class-registry.js";
import { refuseOtherFamily } from "../families.js";
import { checkSavedArguments } from "../saved-arguments.js";
import type { OptimizerConfig } from "./config.js";
import { Optimizer } from "./optimizer.js";
import * as classes from "./rules.js";

/** A class of optimizers that can be created from a config. */
export interface OptimizerClass {
  new (...args: never[]): Optimizer;
  /** The name under which the class is saved. */
  readonly className: string;
  /**
   * Creates an optimizer of this class from a config.
   *
   * @param config - The constructor's arguments, by Keras's names.
   * @returns a new optimizer
   */
  fromConfig(config: OptimizerConfig): Optimizer;
}

/** The classes of the list, ordered by name, because bundlers do not keep the order of a module's exports. */
export const rules = (): readonly OptimizerClass[] =>
  Object.values(classes).sort((a, b) => (a.className < b.className ? -1 : 1));

/** The registry of the list and of wrapper optimizers. */
export function registryWith(wrappers: () => readonly OptimizerClass[]): ClassRegistry<Optimizer> {
  return new ClassRegistry<Optimizer>({
    kind: "optimizer",
    family: "optimizers",
    refuseOther: refuseOtherFamily,
    module: "keras.optimizers",
    base: Optimizer,
    baseName: "Optimizer",
    checkSaved: checkSavedArguments,
    classes: () => [...rules(), ...wrappers()] as readonly SaveableClass<Optimizer>[],
  });
}
