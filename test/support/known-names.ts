/** Names of the built-in classes of a family, as its errors list them: a new class changes no test. */

import * as g from "../../ts/index.js";
import { refusal } from "./refusal.js";

const LOOKUPS = {
  optimizer: g.optimizers.get,
  schedule: (name: string) => g.schedules.deserialize({ class_name: name, config: {} }),
  layer: (name: string) => g.layers.deserialize({ class_name: name, config: {} }),
  loss: g.losses.get,
  metric: g.metrics.get,
  initializer: g.initializers.get,
  activation: g.activations.get,
} as const;

/** The list behind "Known: " in the error about an unknown name. Other tests compare the lists with what is exported. */
export function known(kind: keyof typeof LOOKUPS): string {
  const { message } = refusal(() => LOOKUPS[kind]("?"));
  const [, names] = /Known: (.*?)\. /.exec(message) ?? [];
  if (names === undefined) throw new Error(`No list in: ${message}`);
  return names;
}
