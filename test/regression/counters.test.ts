/**
 * Counters of 2^31 and more, up to 2^53 - 1. Rates come from Keras 3.15.1 on numpy, at a step of int64; updates are
 * computed by hand: the bias corrections are 1 at these steps.
 */

import { describe, expect, it } from "vitest";
import {
  Adam,
  callbacks,
  LossScaleOptimizer,
  layers,
  Nadam,
  type Optimizer,
  Sequential,
  SGD,
  schedules,
  tensor,
  Variable,
} from "../../ts/index.js";
import { expectRefusal } from "../support/refusal.js";

const MOST = Number.MAX_SAFE_INTEGER;
const COUNTS = [2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, MOST];

/** An optimizer after a number of calls. */
function counting<T extends Optimizer>(
  optimizer: T,
  count: number,
  w = new Variable([1, -2]),
): { optimizer: T; w: Variable } {
  optimizer.build([w]);
  optimizer.setWeights([count, ...optimizer.getWeights().slice(1)]);
  return { optimizer, w };
}

describe.each(COUNTS)("a counter of %i", (count) => {
  it("is read, written, and sent through JSON and a structured clone", () => {
    const { optimizer } = counting(new Adam(), count);
    expect(optimizer.iterations).toBe(count);
    const state = optimizer.getWeights();
    const isSmall = count < 2 ** 31;
    expect(state[0]).toEqual({
      data: isSmall ? Int32Array.of(count) : Float64Array.of(count),
      shape: [],
      dtype: isSmall ? "int32" : "float64",
    });
    expect(optimizer.variables[0]?.value).toEqual(state[0]?.data);
    const slots = state.slice(1);
    const json = JSON.parse(JSON.stringify(state.map(({ data }) => [...data])));
    const counters = [count, [count], isSmall ? tensor(count, [], "int32") : Float64Array.of(count)];
    for (const other of [structuredClone(state), json, ...counters.map((counter) => [counter, ...slots])]) {
      const again = counting(new Adam(), 0).optimizer;
      again.setWeights(other);
      expect(again.iterations).toBe(count);
      expect(again.getWeights()).toEqual(state);
    }
  });

  it("stands in both places of LossScaleOptimizer", () => {
    const { optimizer } = counting(new LossScaleOptimizer(new SGD()), count);
    const state = optimizer.getWeights();
    optimizer.setWeights([state[0] as never, count, ...state.slice(2)]);
    expect(optimizer.getWeights().map(({ data }) => [...data])).toEqual([[count], [count], [32768]]);
    expect(optimizer.iterations).toBe(count);
  });
});

it("steps continue past 2^31, and end at 2^53 - 1 with nothing changed", () => {
  for (const [Class, expected] of [
    [Adam, 0.6837742],
    // Its product of momenta starts anew here: b1 / (1 - b1) of the first moment, and 1 / (1 - b1) of the gradient.
    [Nadam, -3.6601987],
  ] as const) {
    const { optimizer, w } = counting(new Class({ learningRate: 0.1 }), 2 ** 31 - 1);
    expect(optimizer.apply([[0.5, 0]])).toBe(2 ** 31);
    expect(w.value[0]).toBeCloseTo(expected, 5);
    expect(optimizer.apply([[0.5, 0]])).toBe(2 ** 31 + 1);
  }
  const { optimizer, w } = counting(new SGD(), MOST - 1);
  expect(optimizer.apply([[1, 1]])).toBe(MOST);
  const before = w.array();
  expectRefusal(() => optimizer.apply([[1, 1]]), "ERR_OPTION_RANGE", "9007199254740991");
  const fresh = new SGD();
  fresh.setWeights([MOST]);
  expectRefusal(() => fresh.apply([[1, 1]], [w]), "ERR_OPTION_RANGE");
  expect(fresh.built).toBe(false);
  expect(w.array()).toEqual(before);
});

it.each([
  [-1, "ERR_WEIGHTS_SHAPE"],
  [2 ** 53, "ERR_WEIGHTS_SHAPE"],
  [0.5, "ERR_VALUES_DTYPE"],
  [Number.NaN, "ERR_VALUES_DTYPE"],
  [Number.POSITIVE_INFINITY, "ERR_VALUES_DTYPE"],
])("a counter of %d is refused in every form", (count, code) => {
  const { optimizer } = counting(new SGD(), 3);
  for (const given of [count, [count], Float64Array.of(count), { data: Float64Array.of(count), shape: [] }]) {
    expectRefusal(() => optimizer.setWeights([given as never]), code, 'entry 0 of setWeights, "', `${count}`);
  }
  expectRefusal(() => optimizer.setWeights([new Float64Array(2)]), "ERR_VALUES_SHAPE");
  expect(optimizer.iterations).toBe(3);
});

it("accumulation and the average count by whole numbers there", () => {
  const options = { learningRate: 1, gradientAccumulationSteps: 3 };
  // 2^32 is 1 more than a multiple of 3, 2^53 - 2 a multiple of 3 and 2 less than one.
  for (const [count, updates] of [
    [2 ** 32, 2],
    [MOST - 1, 1],
  ] as const) {
    const { optimizer, w } = counting(new SGD(options), count);
    const calls = count + 1 === MOST ? 1 : updates;
    for (let call = 0; call < calls; call++) optimizer.apply([[3, 3]]);
    expect(optimizer.iterations).toBe(Math.floor((count + calls) / 3));
    expect(w.value[0]).toBe(count === 2 ** 32 ? -1 : 1);
  }
  // The average, 0 before, is copied into the weights when 2^32 + 1 updates are done: a multiple of 641.
  const { optimizer, w } = counting(
    new SGD({ learningRate: 1, useEma: true, emaOverwriteFrequency: 641 }),
    2 ** 32 - 1,
  );
  optimizer.apply([[0, 0]]);
  expect(w.value[0]).toBe(1);
  optimizer.apply([[0, 0]]);
  expect(w.value[0]).toBeLessThan(0.1);
});

it("schedules cast the step to float32, as Keras does", () => {
  const at = (schedule: schedules.LearningRateSchedule) =>
    [2 ** 31 - 1, 2 ** 31, 2 ** 32, MOST].map((count) => {
      const { optimizer } = counting(new SGD({ learningRate: schedule }), count);
      expect(optimizer.learningRate).toBe(schedule.at(count));
      return optimizer.learningRate;
    });
  const initialLearningRate = 0.1;
  expect(at(new schedules.ExponentialDecay({ initialLearningRate, decaySteps: 2 ** 31, decayRate: 0.5 }))).toEqual([
    0.05000000074505806, 0.05000000074505806, 0.02500000037252903, 0,
  ]);
  expect(at(new schedules.InverseTimeDecay({ initialLearningRate, decaySteps: 1e6, decayRate: 0.5 }))).toEqual([
    9.304560080636293e-5, 9.304560080636293e-5, 4.654445729102008e-5, 2.220446049250313e-11,
  ]);
  expect(at(new schedules.PolynomialDecay({ initialLearningRate, decaySteps: 3e9, cycle: true }))).toEqual([
    0.028488794341683388, 0.028488794341683388, 0.028488794341683388, 0.00010001190821640193,
  ]);
  expect(at(new schedules.CosineDecay({ initialLearningRate, decaySteps: 2 ** 33 }))).toEqual([
    0.08535534143447876, 0.08535534143447876, 0.04999999701976776, 0,
  ]);
  expect(at(new schedules.CosineDecayRestarts({ initialLearningRate, firstDecaySteps: 1e9 }))).toEqual([
    0.03851999714970589, 0.03851999714970589, 0.07629324495792389, 0.09866424649953842,
  ]);
  // Compares whole numbers: float32 has no 2^31 - 1.
  const values = [0.5, 0.25];
  expect(at(new schedules.PiecewiseConstantDecay({ boundaries: [2 ** 31 - 1], values }))).toEqual([
    0.5, 0.25, 0.25, 0.25,
  ]);
});

it("fit continues from there, and callbacks see the count", async () => {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1] })]);
  const optimizer = new Adam();
  model.compile({ optimizer, loss: "mse" });
  optimizer.setWeights([2 ** 31 - 1]);
  const seen: number[] = [];
  const watch = new callbacks.LambdaCallback({ onTrainBatchEnd: () => void seen.push(optimizer.iterations) });
  await model.fit([[1], [2]], [[1], [2]], { batchSize: 1, callbacks: [watch] });
  expect(seen).toEqual([2 ** 31, 2 ** 31 + 1]);
});
