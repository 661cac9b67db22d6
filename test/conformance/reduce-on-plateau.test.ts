/** ReduceOnPlateau: optax's scales, its state in files, in `fit` and in wrapper optimizers. */

import { afterEach, describe, expect, it, vi } from "vitest";
import {
  Adam,
  Lookahead,
  LossScaleOptimizer,
  layers,
  MultiOptimizer,
  OptimizerMap,
  optimizers,
  ReduceOnPlateau,
  SAM,
  Sequential,
  SGD,
  schedules,
  Variable,
} from "../../ts/index.js";
import { loadModel, saveModel } from "../../ts/saving/index.js";
import { goldenFile } from "../support/golden.js";
import { refusal } from "../support/refusal.js";

interface Case {
  readonly id: string;
  readonly config: Readonly<Record<string, number>>;
  readonly losses: readonly (number | null)[];
  readonly scales: readonly number[];
}

const { cases } = goldenFile<{ readonly cases: readonly Case[] }>("plateau.json");

afterEach(() => {
  vi.restoreAllMocks();
});

function modelWith(learningRate: ReduceOnPlateau): Sequential {
  const model = new Sequential([new layers.Dense(1, { inputShape: [2], kernelInitializer: "ones" })]);
  model.compile({ optimizer: new Adam({ learningRate }), loss: "mse" });
  return model;
}

const data = [
  [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  [[1], [2], [4]],
] as const;
/** No loss falls below a hundredth of the first: every second epoch lowers the rate. */
const stubborn = () => new ReduceOnPlateau(0.01, { rtol: 0.99, patience: 2, factor: 0.5 });

describe("ReduceOnPlateau", () => {
  it.each(cases)("follows optax: $id", ({ config, losses, scales }) => {
    const schedule = ReduceOnPlateau.fromConfig({ inner: 0.5, ...config });
    losses.forEach((loss, i) => {
      const scale = schedule.update(loss ?? Number.NaN);
      expect(Math.abs(scale / scales[i]! - 1), `value ${i}`).toBeLessThan(1e-6);
      expect(schedule.at(i)).toBe(Math.fround(0.5 * scale));
    });
  });

  it("multiplies a schedule, and counts within others", () => {
    const line = new schedules.Linear({ initialLearningRate: 1, totalSteps: 4 });
    const schedule = new ReduceOnPlateau(line, { patience: 1, factor: 0.5 });
    const warmed = new schedules.LinearWarmup(schedule, { warmupSteps: 2 });
    schedule.update(1);
    schedule.update(1);
    expect([0, 1, 4].map((step) => schedule.at(step))).toEqual([0.5, 0.375, 0]);
    expect([1, 2, 3].map((step) => warmed.at(step))).toEqual([0.25, 0.5, 0.375]);
    const optimizer = new SGD({
      learningRate: new schedules.SequentialSchedule({ schedules: [1, warmed], boundaries: [9] }),
    });
    expect(optimizer.variables.map(({ path }) => path).slice(1, 3)).toEqual([
      `${optimizer.name}/plateau0_0`,
      `${optimizer.name}/plateau0_1`,
    ]);
  });

  it("takes the loss of each epoch in fit, and the state of a file", async () => {
    const schedule = stubborn();
    const model = modelWith(schedule);
    const { history } = await model.fit(...data, { epochs: 4, verbose: 0 });
    expect(history.loss).toHaveLength(4);
    expect(schedule.scale).toBe(0.5);
    const again = await loadModel(await saveModel(model, { format: "keras" }), { format: "keras" });
    await model.fit(...data, { epochs: 9, initialEpoch: 4, verbose: 0 });
    await again.fit(...data, { epochs: 9, initialEpoch: 4, verbose: 0 });
    expect(model.optimizer!.learningRate).toBe(Math.fround(0.01 * schedule.scale));
    expect(schedule.scale).toBeLessThan(0.2);
    expect(again.optimizer!.learningRate).toBe(model.optimizer!.learningRate);
    expect([...again.weights[0]!.array()]).toEqual([...model.weights[0]!.array()]);
  });

  it.each([
    ["Lookahead", (rule: SGD) => new Lookahead(rule)],
    ["LossScaleOptimizer", (rule: SGD) => new LossScaleOptimizer(rule)],
    ["SAM", (rule: SGD) => new SAM(rule)],
    ["MultiOptimizer", (rule: SGD) => new MultiOptimizer(new OptimizerMap(new SGD(), { ".*/bias": rule }))],
  ])("is found in %s", async (_, around) => {
    const schedule = stubborn();
    const model = new Sequential([new layers.Dense(1, { inputShape: [2] })]);
    model.compile({ optimizer: around(new SGD({ learningRate: schedule })), loss: "mse" });
    await model.fit(...data, { epochs: 4, verbose: 0 });
    expect(schedule.scale).toBe(0.5);
  });

  it("warns once of a value that the logs lack; null is not a value", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const schedule = new ReduceOnPlateau(0.01, { patience: 1, monitor: "val_loss" });
    const model = modelWith(schedule);
    await model.fit(...data, { epochs: 3, verbose: 0 });
    expect(warn.mock.calls).toEqual([
      [
        `${model.name}: the learning-rate schedule: there is no number "val_loss" in the logs. They contain: loss. Set its "monitor" to one of these, or to null and call update(value).`,
      ],
    ]);
    const own = new ReduceOnPlateau(0.01, { patience: 1, monitor: null });
    await modelWith(own).fit(...data, { epochs: 3, verbose: 0 });
    expect([schedule.scale, own.scale]).toEqual([1, 1]);
  });

  it("is saved with its arguments, and restarts from them", () => {
    const schedule = new ReduceOnPlateau(new schedules.Constant(0.5), { patience: 3, minScale: 0.01, name: "own" });
    schedule.update(1);
    const config = schedule.getConfig();
    expect(config).toMatchObject({ patience: 3, min_scale: 0.01, accumulation_size: 1, monitor: "loss", name: "own" });
    expect(ReduceOnPlateau.fromConfig(config).getConfig()).toEqual(config);
    const optimizer = new SGD({ learningRate: schedule });
    expect(optimizers.deserialize(optimizers.serialize(optimizer)).learningRate).toBe(0.5);
  });

  it.each([
    ["weightDecay", (plateau: ReduceOnPlateau) => new Adam({ weightDecay: plateau })],
    ["beta1", (plateau: ReduceOnPlateau) => new Adam({ beta1: plateau })],
    ["emaMomentum", (plateau: ReduceOnPlateau) => new SGD({ useEma: true, emaMomentum: plateau })],
    ["adaptiveClip", (plateau: ReduceOnPlateau) => new SGD({ adaptiveClip: plateau })],
    [
      "weightDecay",
      (plateau: ReduceOnPlateau) => new Adam({ weightDecay: new schedules.LinearWarmup(plateau, { warmupSteps: 2 }) }),
    ],
    ["learningRateMultipliers", (plateau: ReduceOnPlateau) => new SGD({ learningRateMultipliers: { ".*": plateau } })],
    ["weightDecayMultipliers", (plateau: ReduceOnPlateau) => new SGD({ weightDecayMultipliers: { ".*": plateau } })],
    ["clipnorm", (plateau: ReduceOnPlateau) => new Lookahead(new SGD({ clipnorm: plateau }))],
    ["weight_decay", (plateau: ReduceOnPlateau) => Adam.fromConfig({ weight_decay: schedules.serialize(plateau) })],
  ])("is refused for %s, where nothing would pass it a loss", (name, make) => {
    expect(refusal(() => make(new ReduceOnPlateau(0.1)))).toMatchObject({
      code: "ERR_OPTION_CONFLICT",
      message: expect.stringContaining(`"${name}" cannot contain ReduceOnPlateau`),
    });
  });

  it("refuses other numbers and other values", () => {
    expect(refusal(() => new ReduceOnPlateau(0.1, { patience: 0 })).code).toBe("ERR_OPTION_RANGE");
    expect(refusal(() => new ReduceOnPlateau(0.1, { factor: 1 })).code).toBe("ERR_OPTION_RANGE");
    const schedule = new ReduceOnPlateau(0.1);
    expect(refusal(() => schedule.update("1" as never)).code).toBe("ERR_OPTION_TYPE");
    expect(new Variable([schedule.scale]).value[0]).toBe(1);
  });
});
