/** Custom classes that lack a method: ts/saved-arguments.ts, and the base classes of layers, metrics and schedules. */

import { Input, layers, metrics, type Operand, ops, regularizers, Sequential } from "../../ts/index.js";
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

class Placed extends layers.Layer {
  readonly units: number;
  constructor(units = 2, options: layers.LayerOptions = {}) {
    super(options);
    this.units = units;
  }
  override call(x: ops.TensorLike) {
    return ops.multiply(x, this.units);
  }
  override getConfig() {
    return { ...super.getConfig(), units: this.units };
  }
}

class Penalty extends regularizers.Regularizer {
  readonly strength: number;
  constructor(strength: number) {
    super();
    this.strength = strength;
  }
  override call(x: Operand) {
    return ops.sum(ops.multiply(x, this.strength));
  }
}

export const savedArguments: Rows = [
  [
    () => Placed.fromConfig(new Placed(3).getConfig()),
    "ValueError",
    "ERR_NOT_IMPLEMENTED",
    'Placed: fromConfig passes an object of options, and the constructor takes "units" by position. Add: static requiredArguments = ["units"];',
  ],
  [
    () => Penalty.fromConfig({ strength: 3 }),
    "ValueError",
    "ERR_NOT_IMPLEMENTED",
    'Penalty: fromConfig passes an object of options, and the constructor takes "strength" by position. Let it take { strength }, or override static fromConfig(config) { return new this(config.strength); }.',
  ],
  [
    () => layers.serialize(new Scaled({ factor: 3 })),
    "ValueError",
    "ERR_NOT_IMPLEMENTED",
    'Scaled: the config lacks "factor" of the constructor, so a copy would have the default. Keep the value in a field, and override getConfig() { return { ...super.getConfig(), factor: this.factor }; }.',
  ],
];

/** Of classes that TypeScript does not check. */
const made = <T>(base: unknown, members: object = {}, ...args: unknown[]): T => {
  class Mine extends (base as new (...args: unknown[]) => object) {}
  Object.assign(Mine.prototype, members);
  return new Mine(...args) as T;
};
const metric = (...names: string[]) =>
  made<metrics.Metric>(metrics.Metric, Object.fromEntries(names.map((name) => [name, () => 1])), { name: "m" });
const layer = () => made<layers.Layer>(layers.Layer, {}, { name: "l" });
const measured = (one: metrics.Metric) => {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1] })]);
  model.compile({ loss: "mse", metrics: [one] });
  return model.fit([[1]], [[1]], { verbose: 0 });
};

export const contracts: Rows = [
  [
    () => measured(metric("result", "resetState")),
    "ValueError",
    "ERR_NOT_IMPLEMENTED",
    'The metric "m": Mine must override updateState(yTrue, yPred, sampleWeight).',
  ],
  [
    () => measured(metric("updateState", "resetState")),
    "ValueError",
    "ERR_NOT_IMPLEMENTED",
    'The metric "m": Mine must override result().',
  ],
  [
    () => measured(metric("updateState", "result")),
    "ValueError",
    "ERR_NOT_IMPLEMENTED",
    'The metric "m": Mine must override resetState().',
  ],
  [
    () => metric("updateState", "result").resetState(),
    "ValueError",
    "ERR_NOT_IMPLEMENTED",
    'The metric "m": Mine must override resetState().',
  ],
  [
    () => metric("result", "resetState").apply([1], [1]),
    "ValueError",
    "ERR_NOT_IMPLEMENTED",
    'The metric "m": Mine must override updateState(yTrue, yPred, sampleWeight).',
  ],
  [
    () => new Sequential([new layers.Dense(1, { inputShape: [1] })]).addMetric(metric("updateState", "result")),
    "ValueError",
    "ERR_NOT_IMPLEMENTED",
    'The metric "m": Mine must override resetState().',
  ],
  ...[
    () => layer().apply([[1]]),
    () => layer().apply(Input({ shape: [1] })),
    () => layer().computeOutputShape([null, 1]),
    () => new Sequential([new layers.Dense(1, { inputShape: [1] }), layer()]),
    () => new layers.Dense(1, { activation: layer() }).apply([[1]]),
  ].map(
    (call) =>
      [
        call,
        "ValueError",
        "ERR_NOT_IMPLEMENTED",
        'Mine "l": a layer must override call(inputs, { training }).',
      ] as const,
  ),
];
