/**
 * Whole training runs against Keras: the loss of every step, the history, weights, evaluation and predictions.
 */

import { describe, expect, it } from "vitest";
import type { Model } from "../../../ts/index.js";
import { compiledModel, dataOf, fitted, type GoldenRun, RUNS, stepped } from "../../support/golden-runs.js";
import { expectClose, type GoldenArray, numbers } from "../../support/training-vectors.js";

function expectWeights(what: string, got: readonly { data: ArrayLike<number> }[], keras: readonly GoldenArray[]) {
  expect(got.length, what).toBe(keras.length);
  keras.forEach((expected, i) => {
    const tolerance = RUNS.weightTolerance;
    expectClose(`${what} ${i}`, got[i]?.data ?? [], numbers(expected), tolerance, RUNS.floor);
  });
}

/** Keras puts a Sequential's name before the paths of its weights, we do not. */
const layerAndName = ({ path }: { readonly path: string }) => path.split("/").slice(-2).join("/");

/** Numbers by name, in Keras's order. */
function expectNumbers(what: string, got: object, keras: Readonly<Record<string, number | readonly number[]>>) {
  expect(Object.keys(got), what).toEqual(Object.keys(keras));
  for (const [name, expected] of Object.entries(keras)) {
    const ours = (got as Record<string, number | readonly number[]>)[name];
    expectClose(`${what}: ${name}`, [ours ?? []].flat(), [expected].flat(), RUNS.tolerance, 0);
  }
}

/** A model with the weights of training, and an optimizer without averages. */
function atY(run: GoldenRun, model: Model): Model {
  model.optimizer?.trainMode();
  const plain = compiledModel({ ...run, optimizer: { class_name: "SGD", config: {} } });
  plain.setWeights(model.getWeights());
  return plain;
}

describe.each(RUNS.cases.map((run) => [run.id, run] as const))("%s", (_, run) => {
  it("starts from Keras's weights, by the names of layer and weight", () => {
    const model = compiledModel(run);
    expect(model.weights.map(layerAndName)).toEqual(run.weights.map(layerAndName));
  });

  it("has Keras's loss at every step", async () => {
    const model = compiledModel(run);
    const losses = await stepped(run, model);
    expectClose("losses", losses, numbers(run.losses), RUNS.tolerance, 0);
    expectWeights("weights", model.getWeights(), run.weightsBeforeFinalize ?? run.weights);
  });

  it("fits to Keras's history and weights", async () => {
    const model = compiledModel(run);
    const history = await fitted(run, model);
    // Keras trains and evaluates at y, we evaluate with the averages: schedule-free.test.ts compares those.
    const isScheduleFree = run.optimizer.class_name === "ScheduleFreeAdamW";
    const entries = (of: object) => Object.entries(of).filter(([name]) => !(isScheduleFree && name.startsWith("val_")));
    expectNumbers("history", Object.fromEntries(entries(history)), Object.fromEntries(entries(run.history)));
    const shown = isScheduleFree ? atY(run, model) : model;
    expectWeights("weights", shown.getWeights(), run.weights);
    const { x, y } = dataOf(run, { start: 0, end: run.rows });
    const evaluation = await shown.evaluate(x, y, { batchSize: 64, verbose: 0, returnDict: true });
    expectNumbers("evaluation", evaluation, run.evaluation);
    const first = await shown.predictAll(dataOf(run, { start: 0, end: 8 }).x, { verbose: 0 });
    const predictions = first.map((tensor) => ({ data: tensor.array() }));
    expectWeights("predictions", predictions, run.predictions);
  });
});
