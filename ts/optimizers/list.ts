/**
 * A registry of the optimizers with an update rule. Optimizers that hold another one import it from here, as the public
 * registry does.
 *
 * @module
 */

import { ClassRegistry, type SaveableClass } from "../class-registry.js";
import { checkSavedArguments } from "../saved-arguments.js";
import type { OptimizerConfig } from "./config.js";
import { Optimizer } from "./optimizer.js";
import * as classes from "./rules.js";

/** A class of optimizers: constructible from a config. */
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

/** The classes of the list, in the order of their names: bundlers do not keep that of a module's exports. */
export const rules = (): readonly OptimizerClass[] =>
  Object.values(classes).sort((a, b) => (a.className < b.className ? -1 : 1));

/** The registry of the list and of the optimizers that hold another one. */
export function registryWith(wrappers: () => readonly OptimizerClass[]): ClassRegistry<Optimizer> {
  return new ClassRegistry<Optimizer>({
    kind: "optimizer",
    family: "optimizers",
    module: "keras.optimizers",
    base: Optimizer,
    baseName: "Optimizer",
    checkSaved: checkSavedArguments,
    classes: () => [...rules(), ...wrappers()] as readonly SaveableClass<Optimizer>[],
  });
}
