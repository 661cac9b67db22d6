/** What is refused of custom classes that lack a method: ts/saved-arguments.ts, and the bases of layers, metrics and schedules. */

import { layers, ops } from "../../ts/index.js";
import type { Rows } from "./row.js";

class Scaled extends layers.Layer {
  readonly factor: number;
  constructor({ factor = 2, ...options }: layers.LayerOptions & { factor?: number } = {}) {
    super(options);
    this.factor = factor;
  }
  override call(x: ops.TensorLike) {
    return ops.multiply(x, this.factor);
  }
}

export const savedArguments: Rows = [
  [
    () => layers.serialize(new Scaled({ factor: 3 })),
    "ValueError",
    "ERR_NOT_IMPLEMENTED",
    'Scaled: the config lacks "factor" of the constructor, so a copy would have the default. Keep the value in a field, and override getConfig() { return { ...super.getConfig(), factor: this.factor }; }.',
  ],
];
