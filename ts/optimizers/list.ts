/**
 * THE list of optimizers with an update rule, and a registry of them. Optimizers that hold another one import it from
 * here, as the public registry does.
 *
 * @module
 */

import { ClassRegistry, type SaveableClass } from "../class-registry.js";
import { Adadelta } from "./adadelta.js";
import { Adafactor } from "./adafactor.js";
import { Adagrad } from "./adagrad.js";
import { Adam } from "./adam.js";
import { Adamax } from "./adamax.js";
import { AdamW } from "./adamw.js";
import type { OptimizerConfig } from "./config.js";
import { Ftrl } from "./ftrl.js";
import { Lamb } from "./lamb.js";
import { Lion } from "./lion.js";
import { Muon } from "./muon.js";
import { Nadam } from "./nadam.js";
import { Optimizer } from "./optimizer.js";
import { RMSprop } from "./rmsprop.js";
import { ScheduleFreeAdamW } from "./schedule-free-adamw.js";
import { SGD } from "./sgd.js";

/** A class of optimizers: constructible from a config. */
export interface OptimizerClass {
  new (...args: never[]): Optimizer;
  readonly className: string;
  fromConfig(config: OptimizerConfig): Optimizer;
}

/** THE list, in the order of the Rust one. */
export const rules = (): readonly OptimizerClass[] => [
  SGD,
  RMSprop,
  Adam,
  AdamW,
  Adadelta,
  Adagrad,
  Adamax,
  Nadam,
  Ftrl,
  Lion,
  ScheduleFreeAdamW,
  Adafactor,
  // Keras's own registry lacks Lamb: there, get("lamb") fails, and a saved one comes back as a string.
  Lamb,
  Muon,
];

/** The registry of the list and of the optimizers that hold another one. */
export function registryWith(wrappers: () => readonly OptimizerClass[]): ClassRegistry<Optimizer> {
  return new ClassRegistry<Optimizer>({
    kind: "optimizer",
    family: "optimizers",
    module: "keras.optimizers",
    base: Optimizer,
    baseName: "Optimizer",
    classes: () => [...rules(), ...wrappers()] as readonly SaveableClass<Optimizer>[],
  });
}
