/**
 * The families of classes by Keras's module, as a caller without types sees them.
 */

import {
  activations,
  constraints,
  initializers,
  layers,
  losses,
  metrics,
  optimizers,
  regularizers,
  schedules,
} from "../../ts/index.js";

/** An object of one of them. */
export interface Made {
  readonly className: string;
  getConfig(): object;
}

export interface Family {
  get(identifier: unknown): Made | ((...args: never[]) => unknown) | null;
  serialize(object: unknown): object;
  deserialize(json: unknown): Made;
}

export const FAMILIES: Readonly<Record<string, Family>> = Object.fromEntries(
  Object.entries({
    "keras.optimizers": optimizers,
    "keras.optimizers.schedules": schedules,
    "keras.layers": layers,
    "keras.losses": losses,
    "keras.metrics": metrics,
    "keras.initializers": initializers,
    "keras.regularizers": regularizers,
    "keras.constraints": constraints,
    "keras.activations": activations,
  }).map(([module, family]) => [module, family as unknown as Family]),
);
