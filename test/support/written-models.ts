/** Models whose files real Keras was given: every optimizer, many layers, nested models. All names are set: files are the same in every run. */

import { Input, LossScaleOptimizer, layers, Model, optimizers, Sequential, schedules, tensor } from "../../ts/index.js";

const { Dense } = layers;

/** A model, not compiled, and its optimizer. */
type Make = () => readonly [model: Model, optimizer: object];

function small(): Model {
  const options = { name: "first", activation: "tanh" } as const;
  return new Sequential([Input({ shape: [3], name: "in" }), new Dense(3, options), new Dense(2, { name: "last" })], {
    name: "small",
  });
}

function image(): Model {
  const input = Input({ shape: [6, 6, 2], name: "image" });
  let x = new layers.Conv2D(3, 3, { padding: "same", activation: "relu", name: "conv" }).apply(input);
  x = new layers.DepthwiseConv2D(3, { name: "depthwise" }).apply(x);
  x = new layers.BatchNormalization({ name: "norm" }).apply(new layers.ZeroPadding2D({ name: "pad" }).apply(x));
  x = new layers.Conv2DTranspose(2, 2, { strides: 2, name: "transposed" }).apply(
    new layers.MaxPooling2D({ name: "pool" }).apply(x),
  );
  const pooled = new layers.GlobalAveragePooling2D({ name: "mean" }).apply(x);
  const largest = new layers.GlobalMaxPooling2D({ name: "largest" }).apply(x);
  const both = new layers.Concatenate({ name: "both" }).apply([pooled, largest]);
  const active = new layers.LeakyReLU({ negativeSlope: 0.2, name: "leaky" }).apply(both);
  const scaled = new layers.LayerNormalization({ name: "scaled" }).apply(active);
  const dropped = new layers.Dropout(0, { name: "dropped" }).apply(scaled);
  const options = { kernelRegularizer: "l2", biasConstraint: "maxNorm", name: "last" } as const;
  return new Model({ inputs: input, outputs: new Dense(2, options).apply(dropped), name: "images" });
}

function nested(): Model {
  const inner = new Sequential(
    [
      Input({ shape: [3], name: "inner_in" }),
      new Dense(3, { name: "inner_dense", activation: "relu" }),
      new layers.BatchNormalization({ name: "inner_norm" }),
    ],
    { name: "inner" },
  );
  const input = Input({ shape: [3], name: "in" });
  const shared = new Dense(3, { name: "shared", activation: "tanh" });
  const once = shared.apply(inner.apply(input));
  const frozen = new Dense(3, { name: "frozen", trainable: false }).apply(shared.apply(once));
  const sum = new layers.Add({ name: "sum" }).apply([once, frozen]);
  return new Model({ inputs: input, outputs: new Dense(2, { name: "last" }).apply(sum), name: "nested" });
}

/** Nested models with two outputs in a list, called twice, and with inputs and outputs by name. */
function several(): Model {
  const i = Input({ shape: [3], name: "i" });
  const h = new Dense(4, { name: "h", activation: "tanh" }).apply(i);
  const heads = [new Dense(2, { name: "p" }).apply(h), new Dense(3, { name: "q" }).apply(h)];
  const inner = new Model({ inputs: i, outputs: heads, name: "inner" });
  const [a, b] = [Input({ shape: [2], name: "in_a" }), Input({ shape: [3], name: "in_b" })];
  const both = new layers.Concatenate({ name: "joined" }).apply([a, b]);
  const ends = { wide: new Dense(2, { name: "w" }).apply(both), narrow: new Dense(1, { name: "n" }).apply(both) };
  const named = new Model({ inputs: { second: b, first: a }, outputs: ends, name: "named" });
  const x = Input({ shape: [3], name: "in" });
  const [p, q] = inner.apply<Pair>(x);
  const [r, s] = inner.apply<Pair>(q);
  const { wide, narrow } = named.apply<Record<string, layers.SymbolicTensor>>({ first: r, second: s });
  const product = new layers.Multiply({ name: "product" }).apply([wide!, narrow!]);
  return new Model({ inputs: x, outputs: new layers.Add({ name: "sum" }).apply([product, p]), name: "several" });
}

type Pair = [layers.SymbolicTensor, layers.SymbolicTensor];

const rate = () => new schedules.ExponentialDecay(0.05, 3, 0.5, { name: "rate" });

/** By name. */
export const WRITTEN: Readonly<Record<string, Make>> = {
  image: () => [image(), new optimizers.SGD({ learningRate: 0.05, momentum: 0.9, name: "o" })],
  nested: () => [nested(), new optimizers.Adam({ learningRate: rate(), name: "o" })],
  several: () => [several(), new optimizers.Adam({ learningRate: 0.02, name: "o" })],
  LossScaleOptimizer: () => [
    small(),
    new LossScaleOptimizer(new optimizers.Adam({ learningRate: 0.01, name: "o" }), { name: "outer", initialScale: 64 }),
  ],
  EMA: () => [small(), new optimizers.Adam({ learningRate: 0.01, useEma: true, emaMomentum: 0.9, name: "o" })],
  ...Object.fromEntries(
    (
      ["SGD RMSprop Adam AdamW Adadelta Adagrad Adamax Adafactor Nadam Ftrl Lion Lamb Muon ScheduleFreeAdamW"] as const
    )[0]
      .split(" ")
      .map((name) => {
        const made = optimizers[name as "Adam"];
        return [name, () => [small(), new made({ learningRate: 0.01, name: "o" })]] as const;
      }),
  ),
};

/** Inputs and labels of a model. */
export function dataOf(model: Model): { x: ReturnType<typeof tensor>; y: ReturnType<typeof tensor> } {
  const shape = [4, ...(model.inputPorts[0]!.rowShape as number[])];
  const size = shape.reduce((product, length) => product * length, 1);
  const x = Float32Array.from({ length: size }, (_, i) => ((i * 37) % 23) / 11 - 1);
  return {
    x: tensor(x, shape),
    y: tensor(
      Float32Array.from({ length: 8 }, (_, i) => (i % 5) / 4),
      [4, 2],
    ),
  };
}
