/**
 * Models with several inputs and outputs as layers of others. test/saving/nested-models.test.ts compares them with Keras's;
 * here are forms of calls, and steps that equal those of the same layers without nesting.
 *
 * @module
 */

import { describe, expect, it } from "vitest";
import {
  cloneModel,
  GradientTape,
  Input,
  type LossArguments,
  layers,
  Model,
  modelFromJSON,
  ops,
  stringify,
  type Tensor,
  tensor,
} from "../../../ts/index.js";

type Pair = [layers.SymbolicTensor, layers.SymbolicTensor];
type Named = Record<"mean" | "scale", layers.SymbolicTensor>;

const { Dense } = layers;
const X = tensor([
  [1, 2, -1],
  [3, -1, 0.5],
]);

function parts(x: layers.SymbolicTensor): Pair {
  const hidden = new Dense(4, { name: "hidden", activation: "tanh" }).apply(x);
  return [new Dense(2, { name: "mean" }).apply(hidden), new Dense(2, { name: "scale" }).apply(hidden)];
}

function encoder(): Model {
  const x = Input({ shape: [3], name: "i" });
  return new Model({ inputs: x, outputs: parts(x), name: "encoder" });
}

function named(): Model {
  const x = Input({ shape: [3], name: "i" });
  const [mean, scale] = parts(x);
  return new Model({ inputs: { x }, outputs: { scale, mean }, name: "encoder" });
}

/** On the outputs of `made`. */
function outer(made: (x: layers.SymbolicTensor) => Pair): Model {
  const x = Input({ shape: [3], name: "x" });
  const [mean, scale] = made(x);
  const sum = new layers.Add({ name: "sum" }).apply([mean, scale]);
  return new Model({ inputs: x, outputs: [new Dense(1, { name: "last" }).apply(sum), scale] });
}

const KINDS: Readonly<Record<string, () => Model>> = {
  "a list": () => outer((x) => encoder().apply<Pair>(x)),
  "by name": () =>
    outer((x) => {
      const { mean, scale } = named().apply<Named>({ x });
      return [mean, scale];
    }),
  "one input in a list": () => outer((x) => encoder().apply<Pair>([x])),
  "an input by the name of its layer": () => outer((x) => encoder().apply<Pair>({ i: x })),
  "loaded from JSON": () => modelFromJSON(stringify(outer((x) => encoder().apply<Pair>(x)))),
  "loaded from JSON, by name": () =>
    modelFromJSON(
      stringify(
        outer((x) => {
          const { mean, scale } = named().apply<Named>({ x });
          return [mean, scale];
        }),
      ),
    ),
  "a copy": () => cloneModel(outer((x) => encoder().apply<Pair>(x))),
};

/** Paths without the nested model. */
const names = (model: Model) => model.weights.map(({ path }) => path.split("/").slice(-2).join("/"));

describe.each(Object.entries(KINDS))("%s", (_, make) => {
  it("training has the bits of the same layers without nesting", async () => {
    const [nested, flat] = [make(), outer(parts)];
    expect(names(nested)).toEqual(names(flat));
    nested.setWeights(flat.getWeights());
    const y = [
      [[1], [0]],
      [
        [0, 1],
        [1, 0.5],
      ],
    ];
    const runs = [];
    for (const model of [nested, flat]) {
      model.compile({ optimizer: "adam", loss: ["mse", "mae"], lossWeights: [1, 0.5] });
      const { history } = await model.fit(X, y, { epochs: 6, batchSize: 1, shuffle: false, verbose: 0 });
      runs.push([history.loss, model.getWeights().map(({ data }) => data), (await model.predictAll(X)).map(String)]);
    }
    expect(runs[0]).toEqual(runs[1]);
  });
});

describe("calls with values", () => {
  it("return a list, or an object by name, with gradients", () => {
    const model = named();
    const list = encoder();
    list.setWeights(model.getWeights());
    const { mean, scale } = model.apply<Record<"mean" | "scale", Tensor<"float32">>>({ x: X });
    const [first, second] = list.apply<[Tensor<"float32">, Tensor<"float32">]>([X]);
    expect([mean, scale].map(String)).toEqual([first, second].map(String));
    const tape = new GradientTape();
    const loss = tape.run(() => {
      const made = model.apply<Record<"mean" | "scale", Tensor<"float32">>>(X);
      return ops.add(ops.sum(made.mean), ops.sum(ops.square(made.scale)));
    });
    const gradients = tape.gradient(loss, model.trainableWeights);
    expect(gradients.every((gradient) => gradient !== null)).toBe(true);
  });

  it("a custom loss gets outputs and labels by name", async () => {
    class Own extends Model {
      override computeLoss({ y, yPred }: LossArguments) {
        const { mean, scale } = yPred as never as Record<string, Tensor>;
        const labels = y as never as Record<string, Tensor>;
        return ops.add(ops.mean(ops.square(ops.subtract(labels.mean!, mean!))), ops.mean(ops.square(scale!)));
      }
    }
    const x = Input({ shape: [3], name: "i" });
    const [mean, scale] = parts(x);
    const model = new Own({ inputs: x, outputs: { mean, scale } });
    model.compile({ optimizer: "sgd", loss: { mean: "mse", scale: null } });
    const y = {
      mean: [
        [1, 0],
        [0, 1],
      ],
      scale: [
        [0, 0],
        [0, 0],
      ],
    };
    const { history } = await model.fit(X, y, { epochs: 3, verbose: 0 });
    expect(history.loss!.at(-1)).toBeLessThan(history.loss![0]!);
  });
});

describe("shapes", () => {
  it("open lengths take those of the call", () => {
    const x = Input({ shape: [null, null, 1], name: "x" });
    const conv = new layers.Conv2D(2, 3, { padding: "same" }).apply(x);
    const inner = new Model({ inputs: x, outputs: [conv, ops.multiply(new layers.MaxPooling2D(2).apply(conv), 2)] });
    expect(inner.computeOutputShape([null, null, null, 1])).toEqual([
      [null, null, null, 2],
      [null, null, null, 2],
    ]);
    const [whole, half] = inner.apply<Pair>(Input({ shape: [8, 6, 1] }));
    expect([whole.shape, half.shape]).toEqual([
      [null, 8, 6, 2],
      [null, 4, 3, 2],
    ]);
    // A last axis of 1 may be missing.
    expect(inner.apply<Pair>(Input({ shape: [8, 6] }))[0].shape).toEqual([null, 8, 6, 2]);
  });
});

describe("layers with several outputs", () => {
  class Halves extends layers.Layer {
    static override readonly className = "Halves";
    override call(x: Tensor) {
      return ops.split(x, 2, 1);
    }
  }

  it("are called in a functional model, copied and saved", async () => {
    const x = Input({ shape: [4] });
    const layer = new Halves({ activityRegularizer: "l2" });
    const [a, b] = layer.apply<Pair>(x);
    expect(layer.computeOutputShape([null, 4])).toEqual([
      [null, 2],
      [null, 2],
    ]);
    expect(layer.output).toEqual([a, b]);
    const lambda = new layers.Lambda((t: Tensor) => ops.split(t, 2, 1));
    const [c, d] = lambda.apply<Pair>(b);
    const model = new Model({ inputs: x, outputs: [new layers.Subtract().apply([b, a]), c, d] });
    const data = [[1, 2, 5, 7]];
    const numbers = async (one: Model) => (await one.predictAll(data)).map((output) => output.toArray());
    expect(await numbers(model)).toEqual([[[4, 5]], [[5]], [[7]]]);
    model.apply(data);
    // Of both outputs, as Keras adds them: 0.01 * (1 + 4) + 0.01 * (25 + 49).
    expect(model.losses.reduce((sum, loss) => sum + loss.item(), 0)).toBeCloseTo(0.79, 5);
    expect(await numbers(cloneModel(model))).toEqual([[[4, 5]], [[5]], [[7]]]);
  });

  it("a part of a model begins at one of two outputs", async () => {
    const x = Input({ shape: [4] });
    const [a, b] = new Halves().apply<Pair>(x);
    const part = new Model({ inputs: [a, x], outputs: new layers.Concatenate().apply([a, b]) });
    const y = await part.predict([[[10, 20]], [[1, 2, 3, 4]]]);
    expect(y.toArray()).toEqual([[10, 20, 3, 4]]);
  });
});
