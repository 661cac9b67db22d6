/** MultiOptimizer and OptimizerMap: Keras 3.15's API; a step has the bits of the optimizers alone. */

import { describe, expect, it } from "vitest";
import {
  Adam,
  Lion,
  LossScaleOptimizer,
  layers,
  type Model,
  MultiOptimizer,
  type Optimizer,
  OptimizerMap,
  optimizers,
  RMSprop,
  Sequential,
  SGD,
  schedules,
  setRandomSeed,
  stringify,
  Variable,
} from "../../ts/index.js";
import { loadModel, loadWeights, saveModel, saveWeights } from "../../ts/saving/index.js";
import { Momentum } from "../support/custom-optimizers.js";

const PATHS = ["base/kernel", "base/bias", "head/kernel", "head/bias"];
const made = () => PATHS.map((name, i) => new Variable([1, -2 + i, 3], { name }));
const gradientsAt = (step: number) => PATHS.map((_, i) => [Math.sin(step + i), 1 - step, -0.5 * i]);
const numbers = (list: readonly Variable[]) => list.map((variable) => [...variable.array()]);
const state = ({ weights }: Optimizer) => weights.map((one) => [...one.array()]);

const map = () =>
  new OptimizerMap(new RMSprop({ clipnorm: 0.5 }), {
    "base/.*": new Adam({ learningRate: 0.1, weightDecay: 0.1, useEma: true }),
    "head/bias": new Momentum({ learningRate: 0.05 }),
  });

it("steps as each optimizer alone, as JSON too, in a loss scale too", () => {
  const expected = numbers(
    [[0, 1], [2], [3]].flatMap((rows, group) => {
      const optimizer = [
        new Adam({ learningRate: 0.1, weightDecay: 0.1, useEma: true }),
        new RMSprop({ clipnorm: 0.5 }),
        new Momentum({ learningRate: 0.05 }),
      ][group]!;
      const variables = made().filter((_, row) => rows.includes(row));
      for (let step = 0; step < 4; step++) {
        const all = gradientsAt(step);
        optimizer.apply(
          rows.map((row) => all[row]!),
          variables,
        );
      }
      optimizer.finalizeVariableValues(variables);
      return variables;
    }),
  );
  const direct = new MultiOptimizer(map());
  const json = JSON.parse(stringify(new MultiOptimizer(map())));
  const again = optimizers.deserialize(json, { Momentum });
  const scaled = new LossScaleOptimizer(new MultiOptimizer(map()), { initialScale: 1 });
  const nested = optimizers.deserialize(JSON.parse(stringify(scaled)), { Momentum });
  const chosen = map();
  const byFunction = new MultiOptimizer((variable) => chosen.call(variable));
  for (const optimizer of [direct, again, scaled, nested, byFunction]) {
    const variables = made();
    for (let step = 0; step < 4; step++) optimizer.apply(gradientsAt(step), variables);
    optimizer.finalizeVariableValues(variables);
    expect(numbers(variables)).toEqual(expected);
    expect(optimizer.iterations).toBe(4);
  }
});

it("has Keras's config, and the paths of its state", () => {
  const options = (name: string, learning_rate: number) => ({
    name,
    learning_rate: Math.fround(learning_rate),
    weight_decay: null,
    clipnorm: null,
    global_clipnorm: null,
    clipvalue: null,
    use_ema: false,
    ema_momentum: 0.99,
    ema_overwrite_frequency: null,
    loss_scale_factor: null,
    gradient_accumulation_steps: null,
  });
  const saved = (class_name: string, config: object) => ({
    module: "keras.optimizers",
    class_name,
    config,
    registered_name: null,
  });
  // Of Keras 3.15.1.
  const config = {
    optimizer_map: saved("OptimizerMap", {
      default_optimizer: saved("RMSprop", {
        ...options("rm_sprop", 0.05),
        rho: 0.9,
        momentum: 0,
        epsilon: 1e-7,
        centered: false,
      }),
      optimizer_map: {
        "base/.*": saved("Adam", {
          ...options("adam", 0.1),
          beta_1: 0.9,
          beta_2: 0.999,
          epsilon: 1e-7,
          amsgrad: false,
        }),
        "head/bias": saved("SGD", { ...options("sgd", 0.01), momentum: 0.9, nesterov: false }),
      },
    }),
    loss_scale_factor: null,
    name: "multi_optimizer",
  };
  const optimizer = MultiOptimizer.fromConfig(config);
  expect(optimizer.getConfig()).toEqual(config);
  optimizer.build(made());
  expect(optimizer.variables.map(({ path }) => path)).toEqual([
    "multi_optimizer/iteration",
    "multi_optimizer/learning_rate",
    "adam/iteration",
    "adam/learning_rate",
    "adam/base_kernel_momentum",
    "adam/base_kernel_velocity",
    "adam/base_bias_momentum",
    "adam/base_bias_velocity",
    "sgd/iteration",
    "sgd/learning_rate",
    "sgd/head_bias_momentum",
    "rm_sprop/iteration",
    "rm_sprop/learning_rate",
    "rm_sprop/head_kernel_velocity",
  ]);
});

describe("OptimizerMap", () => {
  it("takes the path that is a key, then the one whole match, then the default", () => {
    const [one, two, rest] = [new Adam(), new SGD(), new Lion()];
    const all = new OptimizerMap(rest, { "base/.*": one, "base/bias": two });
    expect(["base/kernel", "base/bias", "base", "a/base/kernel"].map((path) => all.get(path))).toEqual([
      one,
      two,
      rest,
      rest,
    ]);
    all.set("base/k.*", two);
    expect(() => all.get("base/kernel")).toThrow(expect.objectContaining({ code: "ERR_OPTION_CONFLICT" }));
    expect(all.delete("base/k.*")).toBe(true);
    expect(all.size).toBe(2);
    expect(() => all.set("base/.*", two)).toThrow(expect.objectContaining({ code: "ERR_OPTION_CONFLICT" }));
    expect(() => all.set("(", two)).toThrow(expect.objectContaining({ code: "ERR_OPTION_RANGE" }));
    expect(() => all.set("x", "adam" as never)).toThrow(expect.objectContaining({ code: "ERR_OPTION_TYPE" }));
    expect(() => all.set("x", new MultiOptimizer(all))).toThrow(
      expect.objectContaining({ code: "ERR_OPTION_CONFLICT" }),
    );
  });

  it("may be a subclass that chooses automatically", () => {
    class ByRank extends OptimizerMap {
      override call(variable: Variable) {
        return variable.shape.length > 1 ? this.get("matrix") : this.defaultOptimizer;
      }
    }
    const optimizer = new MultiOptimizer(
      new ByRank(new SGD({ learningRate: 1 }), { matrix: new SGD({ learningRate: 0 }) }),
    );
    const variables = [new Variable([[1]]), new Variable([1])];
    optimizer.apply([[[1]], [1]], variables);
    expect(numbers(variables)).toEqual([[1], [0]]);
  });
});

it("a learning rate is that of an inner optimizer", () => {
  const optimizer = new MultiOptimizer(map());
  const refused = expect.objectContaining({ code: "ERR_LEARNING_RATE_FIXED" });
  expect(() => optimizer.learningRate).toThrow(refused);
  expect(() => {
    optimizer.learningRate = 1;
  }).toThrow(refused);
  optimizer.optimizers[0]!.learningRate = 0.5;
  expect(optimizer.optimizers.map(({ learningRate }) => learningRate)).toEqual([0.5, 0.05, 0.001].map(Math.fround));
});

it("a refused step changes nothing, whichever optimizer refuses it", () => {
  class Late extends schedules.LearningRateSchedule {
    override at(step: number): number {
      return step === 0 ? 0.1 : Number.NaN;
    }
  }
  const variables = made();
  const optimizer = new MultiOptimizer(
    new OptimizerMap(new SGD({ learningRate: new Late() }), {
      "base/.*": new Adam({ learningRate: 0.1, useEma: true }),
    }),
  );
  optimizer.apply(gradientsAt(0), variables);
  const before = [numbers(variables), state(optimizer)];
  expect(() => optimizer.apply(gradientsAt(1), variables)).toThrow(
    expect.objectContaining({ code: "ERR_OPTION_RANGE" }),
  );
  expect([numbers(variables), state(optimizer)]).toEqual(before);
  expect(() => optimizer.apply([[1]], [new Variable([1], { name: "other" })])).toThrow(
    expect.objectContaining({ code: "ERR_VARIABLE_UNKNOWN" }),
  );
  const built = new Adam();
  built.build([new Variable([1])]);
  const fresh = new SGD();
  const other = new MultiOptimizer(new OptimizerMap(built, { "base/.*": fresh }));
  expect(() => other.build(variables)).toThrow(expect.objectContaining({ code: "ERR_VARIABLE_UNKNOWN" }));
  expect([other.built, fresh.built]).toEqual([false, false]);
});

it("a loss scale skips all groups when one has a gradient that is not finite", () => {
  const variables = made();
  const optimizer = new LossScaleOptimizer(new MultiOptimizer(map()), { initialScale: 8 });
  const before = numbers(variables);
  optimizer.apply([...gradientsAt(0).slice(0, 3), [Number.POSITIVE_INFINITY, 0, 0]], variables);
  expect(numbers(variables)).toEqual(before);
  expect([optimizer.iterations, optimizer.dynamicScale]).toEqual([0, 4]);
});

it("an exclusion from weight decay applies to all inner optimizers", () => {
  const [w] = [new Variable([1], { name: "base/bias" })];
  const optimizer = new MultiOptimizer(
    new OptimizerMap(new SGD(), { "base/.*": new SGD({ learningRate: 1, weightDecay: 0.5 }) }),
  );
  optimizer.build([w!]);
  optimizer.excludeFromWeightDecay({ varNames: ["bias"] });
  optimizer.apply([[0]], [w!]);
  expect([...w!.array()]).toEqual([1]);
});

describe("fit", () => {
  const x = Array.from({ length: 8 }, (_, i) => [Math.sin(i), Math.cos(2 * i)]);
  const y = x.map(([a, b]) => [a! + b!]);
  const options = { epochs: 2, batchSize: 4, shuffle: false, verbose: 0 } as const;
  function compiled(optimizer: Optimizer): Sequential {
    setRandomSeed(4);
    const model = new Sequential([
      new layers.Dense(3, { inputShape: [2], name: "base" }),
      new layers.Dense(1, { name: "head" }),
    ]);
    model.compile({ optimizer, loss: "mse" });
    return model;
  }

  it.each(["keras", "safetensors", "npz", "weights.h5"] as const)("continues from a file: %s", async (format) => {
    const model = compiled(new MultiOptimizer(map()));
    await model.fit(x, y, options);
    let again: Model = compiled(new MultiOptimizer(map()));
    if (format === "keras") {
      again = await loadModel(await saveModel(model, { format }), { format, customObjects: { Momentum } });
    } else await loadWeights(again, await saveWeights(model, { format }), { format });
    for (const one of [model, again]) await one.fit(x, y, { ...options, epochs: 4, initialEpoch: 2 });
    expect(again.getWeights()).toEqual(model.getWeights());
    expect(again.optimizer!.getWeights()).toEqual(model.optimizer!.getWeights());
  });
});
