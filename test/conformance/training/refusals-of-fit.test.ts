import { describe, expect, it } from "vitest";
import { type CompileOptions, type FitOptions, layers, Sequential } from "../../../ts/index.js";
import { known } from "../../support/known-names.js";
import { thrown } from "../../support/refusal.js";
import { COUNT, line, numbers, x, y } from "../../support/regression-line.js";

describe("refusals of fit change nothing", () => {
  const refused = async (options: FitOptions, message: RegExp, given: { x?: unknown; y?: unknown } = {}) => {
    const model = line();
    const before = numbers(model.weights);
    const run = model.fit((given.x ?? x) as never, ("y" in given ? given.y : y) as never, options);
    await expect(run).rejects.toThrow(message);
    expect(numbers(model.weights)).toEqual(before);
    expect(model.optimizer?.iterations).toBe(0);
  };

  it("before compile", async () => {
    const model = new Sequential([new layers.Dense(1, { inputShape: [3] })]);
    await expect(model.fit(x, y)).rejects.toThrow(
      thrown("ValueError", "ERR_NOT_COMPILED", "sequential: call compile({ optimizer, loss }) before fit."),
    );
  });

  it("without a loss", async () => {
    const model = new Sequential([new layers.Dense(1, { inputShape: [3] })]);
    model.compile({ optimizer: "sgd" });
    await expect(model.fit(x, y)).rejects.toThrow(
      thrown(
        "ValueError",
        "ERR_NOT_COMPILED",
        'sequential: no loss to train for. Pass one to compile, such as compile({ loss: "mse" }).',
      ),
    );
  });

  it("unknown names, with those that are known", () => {
    const model = new Sequential([new layers.Dense(1, { inputShape: [3] })]);
    expect(() => model.compile({ optimizer: "adamm", loss: "mse" })).toThrow(
      thrown(
        "ValueError",
        "ERR_CONFIG_UNKNOWN_CLASS",
        `No optimizer is called "adamm". Did you mean "Adam"? Known: ${known("optimizer")}. Pass a custom class in customObjects.`,
      ),
    );
    expect(() => model.compile({ losss: "mse" } as never)).toThrow(
      thrown(
        "ValueError",
        "ERR_OPTION_UNKNOWN",
        'compile does not know "losss" (did you mean "loss"?). Its options are: optimizer, loss, lossWeights, metrics, weightedMetrics, distribute, stepsPerExecution, jitCompile, stats, trainStep, testStep, predictStep, computeLoss, computeMetrics.',
      ),
    );
  });

  it("an unknown loss or metric, at once and with those that are known", () => {
    const model = new Sequential([new layers.Dense(1, { inputShape: [3] })]);
    const refuse = (options: CompileOptions, message: RegExp) => {
      expect(() => model.compile(options)).toThrow(message);
      expect(model.optimizer).toBeNull();
    };
    refuse({ loss: "mze" }, /mze.*mse/s);
    refuse({ loss: { dense: "mze" } }, /mze.*mse/s);
    refuse({ loss: "mse", metrics: ["accurracy"] }, /accurracy.*mse/s);
    refuse({ loss: "mse", weightedMetrics: { dense: ["accurracy"] } }, /accurracy.*mse/s);
  });

  it("data that do not fit", async () => {
    await refused({}, /"x" must have the shape samples x 3, got 2 x 2/, {
      x: [
        [1, 2],
        [3, 4],
      ],
      y: [1, 2],
    });
    await refused({}, /same number of samples, got 20, 19/, { y: y.slice(1) });
    await refused({}, /there are no samples/, { x: new Float32Array(0), y: new Float32Array(0) });
    await refused({}, /no labels/, { x, y: undefined });
    await refused({}, /got 7 values, which is not a multiple/, { x: new Float32Array(7), y: new Float32Array(2) });
  });

  it("unknown options, and invalid ones", async () => {
    await refused({ epoch: 3 } as never, /fit does not know "epoch"/);
    await refused({ batchSize: 0 }, /"batchSize" must be a whole number, 1 or above/);
    await refused({ validationSplit: 1 }, /"validationSplit" must be from 0 to below 1/);
    await refused({ validationSplit: 0.999 }, /must leave samples on both sides/);
    await refused({ verbose: 3 as never }, /"verbose" must be 0, 1, 2 or "auto"/);
    await refused({ classWeight: { 0: 1 }, sampleWeight: new Float32Array(COUNT) }, /cannot be used together/);
    await refused({ callbacks: [3 as never] }, /callbacks/);
  });

  it("a second fit while one runs", async () => {
    const model = line();
    const run = model.fit(x, y, { epochs: 2000, batchSize: 1 });
    await expect(model.fit(x, y)).rejects.toThrow(
      thrown(
        "ValueError",
        "ERR_BUSY",
        "sequential: fit cannot start while fit runs on the same model. Wait for its promise first.",
      ),
    );
    expect(() => model.compile({ loss: "mse" })).toThrow(
      thrown(
        "ValueError",
        "ERR_BUSY",
        "sequential: compile cannot start while fit runs on the same model. Wait for its promise first.",
      ),
    );
    model.stopTraining = true;
    await run;
  });

  it("a generator that is used up", async () => {
    function* once() {
      yield [x, y] as const;
    }
    const data = once();
    for (const _ of data);
    await expect(line().fit(data, undefined)).rejects.toThrow(
      thrown(
        "ValueError",
        "ERR_SHAPE",
        'fit: the data is used up. A generator can be iterated only once: pass a function that returns a new one for each epoch, or "stepsPerEpoch".',
      ),
    );
  });
});
