/** Optimizers that have a rule: all classes but those that hold other optimizers, and a custom one. */

import { type Optimizer, type OptimizerOptions, optimizers } from "../../ts/index.js";
import { Momentum } from "./custom-optimizers.js";
import { CLASS_NAMES, isWrapper } from "./optimizers.js";

type OptimizerClass = new (options?: OptimizerOptions) => Optimizer;

const classes = optimizers as never as Record<string, OptimizerClass>;

/** Names and classes. */
export const RULES: readonly (readonly [string, OptimizerClass])[] = [
  ...CLASS_NAMES.filter((name) => !isWrapper(name)).map((name) => [name, classes[name]!] as const),
  ["Momentum", Momentum as OptimizerClass],
];
