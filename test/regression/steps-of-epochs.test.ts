/** Epochs of `fit` by `stepsPerEpoch`, `validationSteps` and `epochs: 0`. */

import { describe, expect, it, vi } from "vitest";
import { setRandomSeed } from "../../ts/index.js";
import { close, linear, QUIET } from "../support/linear-fit.js";

describe("stepsPerEpoch", () => {
  const x = [[1], [2], [3], [4]];

  // Numbers of real Keras 3.15.1.
  it("continues where the last epoch ended", async () => {
    const { history } = await linear(0.1).fit(x, x, { ...QUIET, batchSize: 1, stepsPerEpoch: 2, epochs: 3 });
    close(history.loss, [1.7800001, 0.246272, 0.1411515], 1e-6);
    const list = x.map((row) => [[row], [row]] as const);
    const ofList = await linear(0.1).fit(list, undefined, { ...QUIET, stepsPerEpoch: 2, epochs: 3 });
    expect(ofList.history).toEqual(history);
  });

  const taken = async (steps: number, epochs: number, given: object = {}) => {
    const seen: number[][] = [];
    const model = linear();
    let epoch: number[] = [];
    await model.fit(x, x, {
      ...QUIET,
      batchSize: 1,
      stepsPerEpoch: steps,
      epochs,
      ...given,
      callbacks: [
        {
          onEpochBegin: () => {
            epoch = [];
            seen.push(epoch);
          },
          onTrainBatchEnd: (_, logs) => void epoch.push(logs.loss as number),
        },
      ],
    });
    // Running means of the squares: back to the samples.
    return seen.map((means) => means.map((mean, i) => Math.round(Math.sqrt(mean * (i + 1) - (means[i - 1] ?? 0) * i))));
  };

  it("ends an epoch early where the steps do not divide, and starts again", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    expect(await taken(3, 3)).toEqual([[1, 2, 3], [4], [1, 2, 3]]);
    expect(await taken(6, 2)).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ]);
    expect(warn.mock.calls.flat()).toEqual([
      "fit: the data ended after 1 batches, of 3 that were expected.",
      "fit: the data ended after 4 batches, of 6 that were expected.",
    ]);
  });

  it.each([
    [3, 3, [1.2634667, 0.2621441, 0.1001911]],
    [6, 2, [1.013136, 0.0803403]],
  ])("%i steps of 4 batches, %i epochs: Keras's losses", async (stepsPerEpoch, epochs, expected) => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const { history } = await linear(0.1).fit(x, x, { ...QUIET, batchSize: 1, stepsPerEpoch, epochs });
    close(history.loss, expected, 1e-6);
  });

  it("validationSteps starts again, and Keras's batch size is that of all samples in so many steps", async () => {
    const { history } = await linear().fit(x, x, {
      ...QUIET,
      batchSize: 1,
      epochs: 2,
      validationData: [x, x],
      validationSteps: 2,
    });
    expect(history.val_loss).toEqual([2.5, 2.5]);
    const without = await linear(0.01).fit(x, x, { ...QUIET, stepsPerEpoch: 2, epochs: 2 });
    close(without.history.loss, [6.8906246, 3.4980683], 1e-6);
  });

  it("draws a new order each time that the data start again", async () => {
    setRandomSeed(3);
    const orders = (await taken(2, 4, { shuffle: true })).flat();
    expect(orders.slice(0, 4).sort()).toEqual([1, 2, 3, 4]);
    expect(orders.slice(4).sort()).toEqual([1, 2, 3, 4]);
  });

  it("makes the batch size, where none is given", async () => {
    const sizes = (options: object) => {
      const ends: number[] = [];
      return linear()
        .fit(new Float32Array(65), new Float32Array(65), {
          ...QUIET,
          ...options,
          callbacks: [{ onTrainBatchEnd: (batch) => void ends.push(batch) }],
        })
        .then(() => ends.length);
    };
    expect(await sizes({})).toBe(3); // 32, 32, 1
    expect(await sizes({ stepsPerEpoch: 5 })).toBe(5); // 13 each
  });
});

it("epochs: 0 trains nothing, and calls the callbacks of the run", async () => {
  const calls: string[] = [];
  const { history, epoch } = await linear(0.1).fit([[1]], [[1]], {
    ...QUIET,
    epochs: 0,
    callbacks: [{ onTrainBegin: () => void calls.push("begin"), onTrainEnd: () => void calls.push("end") }],
  });
  expect([history, epoch, calls]).toEqual([{}, [], ["begin", "end"]]);
});
