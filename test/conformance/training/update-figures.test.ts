/** `compile({ stats: true })`: figures of the updates in the logs of `fit` and `trainOnBatch`. */

import { describe, expect, it } from "vitest";
import {
  Adam,
  type CompileOptions,
  callbacks,
  GradientTape,
  layers,
  modelFromJSON,
  ops,
  SAM,
  Sequential,
  SGD,
  type StepData,
  setRandomSeed,
  type Tensor,
} from "../../../ts/index.js";
import { sequential, x } from "../../support/small-models.js";

const NAMES = ["clipped_share", "effective_rate", "gradient_norm", "nonfinite_share", "update_norm", "update_ratio"];
const QUIET = { batchSize: 1, shuffle: false, verbose: 0 } as const;

/** y = w x, from w = 1. */
function line(options: CompileOptions = {}, Class = Sequential): Sequential {
  const model = new Class([new layers.Dense(1, { kernelInitializer: "ones", useBias: false, inputShape: [1] })]);
  model.compile({ optimizer: new SGD({ learningRate: 0.1 }), loss: "mse", stats: true, ...options });
  return model;
}

const X = [[1], [2]];
const Y = [[2], [4]];

/** By hand: gradients of -2 and -6.4, at weights of 1 and 1.2. */
function expectMeans(logs: Readonly<Record<string, unknown>>): void {
  const value = (name: string) => Number([logs[name]].flat()[0]);
  expect(value("gradient_norm")).toBeCloseTo(4.2, 6);
  expect(value("update_norm")).toBeCloseTo(0.42, 6);
  expect(value("update_ratio")).toBeCloseTo((0.2 + 0.64 / 1.2) / 2, 6);
  expect(value("effective_rate")).toBeCloseTo(0.1, 6);
  expect([value("clipped_share"), value("nonfinite_share")]).toEqual([0, 0]);
}

describe("figures in the logs", () => {
  it("are means over the updates of an epoch, by hand", async () => {
    const model = line();
    const batches: object[] = [];
    const onTrainBatchEnd = (_: number, logs: object) => {
      batches.push({ ...logs });
    };
    const { history } = await model.fit(X, Y, {
      ...QUIET,
      callbacks: [new callbacks.LambdaCallback({ onTrainBatchEnd })],
    });
    expectMeans(history);
    expect(Object.keys(history)).toEqual([...NAMES.slice(0, 3), "loss", ...NAMES.slice(3)]);
    expect(batches[0]).toMatchObject({ gradient_norm: 2, loss: 1 });
    // The last update.
    expect(model.optimizer?.stats?.gradientNorm).toBeCloseTo(6.4, 6);
  });

  it("are the same in steps that are recorded and replayed", async () => {
    const run = async (jitCompile: boolean) => {
      setRandomSeed(3);
      const model = sequential();
      model.compile({ optimizer: new Adam({ clipnorm: 0.05 }), loss: "mse", stats: true, jitCompile });
      const { history } = await model.fit(
        x,
        x.map(([value]) => [value!]),
        { epochs: 3, batchSize: 4, verbose: 0 },
      );
      return history;
    };
    const [usual, recorded] = [await run(false), await run(true)];
    expect(recorded).toEqual(usual);
    expect(usual.gradient_norm).toHaveLength(3);
  });

  it("change no bit of a run", async () => {
    const run = async (stats?: boolean) => {
      setRandomSeed(3);
      const model = sequential();
      model.compile({ optimizer: "adamw", loss: "mse", stats });
      await model.fit(
        x,
        x.map(([value]) => [value!]),
        { epochs: 3, batchSize: 4, verbose: 0 },
      );
      return model.getWeights().map(({ data }) => [...data]);
    };
    const without = await run();
    expect(await run(true)).toEqual(without);
  });

  it("are in trainOnBatch's object, and not in its list", async () => {
    const logs = await line().trainOnBatch([[1]], [[2]], { returnDict: true });
    expect(logs).toMatchObject({ loss: 1, gradient_norm: 2 });
    expect(await line({ metrics: ["mae"] }).trainOnBatch([[1]], [[2]])).toEqual([1, 1]);
  });

  it("are not in those of validation and evaluation", async () => {
    const model = line();
    const { history } = await model.fit(X, Y, { ...QUIET, validationData: [X, Y] });
    expect(Object.keys(history).filter((name) => name.startsWith("val_"))).toEqual(["val_loss"]);
    expect(Object.keys(await model.evaluate(X, Y, { returnDict: true, verbose: 0 }))).toEqual(["loss"]);
  });

  it("come from custom steps too", async () => {
    class Own extends Sequential {
      override trainStep([input, labels]: StepData<Tensor, Tensor>) {
        const tape = new GradientTape();
        const loss = tape.run(() => ops.mean(ops.square(ops.subtract(this.apply(input), labels))));
        this.optimizer?.apply(tape.gradient(loss, this.trainableWeights), this.trainableWeights);
        return { loss };
      }
    }
    const { history } = await line({}, Own).fit(X, Y, QUIET);
    expectMeans(history);
  });

  it("come from SAM's second gradient", async () => {
    // At w = 1 the first gradient is -2: uphill by 0.5 to 0.5, where it is -3.
    const logs = await line({ optimizer: new SAM(new SGD({ learningRate: 0.1 }), { rho: 0.5 }) }).trainOnBatch(
      [[1]],
      [[2]],
      { returnDict: true },
    );
    expect(logs.gradient_norm).toBeCloseTo(3, 5);
    expect(logs.update_ratio).toBeCloseTo(0.3, 5);
  });

  it("wait for an update, and leave out skipped steps", async () => {
    const gathering = line({ optimizer: new SGD({ learningRate: 0.1, gradientAccumulationSteps: 2 }) });
    expect(Object.keys(await gathering.trainOnBatch([[1]], [[2]], { returnDict: true }))).toEqual(["loss"]);
    // Gradients of -2 and -8.
    expect(await gathering.trainOnBatch([[2]], [[4]], { returnDict: true })).toMatchObject({ gradient_norm: 5 });
    const skipping = line({ optimizer: new SGD({ learningRate: 0.1, skipNonfinite: true }) });
    const { history } = await skipping.fit([[Infinity], [1]], [[0], [2]], QUIET);
    expect(history).toMatchObject({ nonfinite_share: [0.5], gradient_norm: [2] });
  });

  it("reach files", async () => {
    const lines: string[] = [];
    const logger = new callbacks.CSVLogger((text) => lines.push(text));
    await line().fit(X, Y, { ...QUIET, callbacks: [logger] });
    // As in Keras, columns for validation follow.
    expect(lines[0]).toMatch(
      /^epoch,clipped_share,effective_rate,gradient_norm,loss,nonfinite_share,update_norm,update_ratio,val_/,
    );
  });

  it("are asked for in the model's JSON, outside of what Keras reads", async () => {
    const saved = line().toJSON();
    expect(saved.stats).toBe(true);
    expect(Object.keys(saved.compile_config ?? {})).not.toContain("stats");
    const again = modelFromJSON(JSON.stringify(saved));
    expect(Object.keys(await again.trainOnBatch([[1]], [[2]], { returnDict: true }))).toContain("gradient_norm");
    expect(line({ stats: false }).toJSON()).not.toHaveProperty("stats");
    expect(line({ stats: false }).optimizer?.stats).toBeUndefined();
  });
});
