/** Every golden training run, in a worker: the numbers that test/conformance/training compares with Keras's. */

import { describe, expect, it } from "vitest";
import { compiledModel, dataOf, fitted, RUNS, stepped } from "../../support/golden-runs.js";
import { bits } from "../training.js";
import { offloaded } from "./worker.js";

describe.each(RUNS.cases.map((run) => [run.id, run] as const))("%s", (_, run) => {
  it("step by step", async () => {
    const [local, remote] = [compiledModel(run), await offloaded(compiledModel(run))];
    expect(await stepped(run, remote)).toEqual(await stepped(run, local));
    expect(bits(await remote.getWeights())).toEqual(bits(local.getWeights()));
  });

  it("by fit", async () => {
    const [local, remote] = [compiledModel(run), await offloaded(compiledModel(run))];
    expect(await fitted(run, remote)).toEqual(await fitted(run, local));
    expect(bits(await remote.getWeights())).toEqual(bits(local.getWeights()));
    const { x, y } = dataOf(run, { start: 0, end: run.rows });
    const options = { batchSize: 64, verbose: 0, returnDict: true } as const;
    expect(await remote.evaluate(x, y, options)).toEqual(await local.evaluate(x, y, options));
    const arrays = async (model: typeof local | typeof remote) =>
      (await model.predictAll(dataOf(run, { start: 0, end: 8 }).x)).map((tensor) => tensor.array());
    expect(await arrays(remote)).toEqual(await arrays(local));
  });
});
