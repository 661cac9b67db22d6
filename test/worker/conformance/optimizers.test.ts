/** Every golden configuration of every optimizer, in a worker: the bits that test/conformance compares with Keras. */

import { describe, expect, it, vi } from "vitest";
import { Variable } from "../../../ts/index.js";
import { RemoteOptimizer } from "../../../ts/worker/remote-optimizer.js";
import { goldenOf, streamOf } from "../../support/golden.js";
import { CLASS_NAMES, started, type Trial, trialsOf } from "../../support/optimizers.js";
import { worker } from "./worker.js";

vi.spyOn(console, "warn").mockImplementation(() => {}); // Missing gradients are part of the plan.

const words = (numbers: Float32Array | Int32Array) =>
  new Uint32Array(numbers.slice().buffer, 0, numbers.length) as Uint32Array;

async function check(trial: Trial, stream: string, sharedMemory: boolean): Promise<void> {
  const { variables, steps, gradients } = streamOf(stream);
  const make = () => variables.map(({ name, shape, start }) => new Variable(start, { name, shape }));
  const [here, there] = [make(), make()];
  const local = started(trial);
  const remote = await RemoteOptimizer.in(worker, started(trial), there, sharedMemory);
  for (let step = 0; step < steps; step++) {
    const given = gradients(step);
    local.apply(given, here);
    const weights = await remote.apply(given);
    here.forEach((variable, i) => {
      const [ours, theirs] = [words(variable.array()), words(weights[i] as Float32Array)];
      if (ours.every((word, k) => word === theirs[k])) return;
      expect(theirs, `step ${step}, ${variable.name}`).toEqual(ours);
    });
  }
  expect(remote.iterations).toBe(local.iterations);
  expect(await remote.getLearningRate()).toBe(local.learningRate);
  expect(await remote.getWeights()).toEqual(local.getWeights());
  local.dispose();
  for (const variable of [...here, ...there]) variable.dispose();
}

describe.each(CLASS_NAMES)("%s", (className) => {
  // Both ways of moving numbers take turns.
  const cases = trialsOf(className).map((trial, i) => [trial.id, trial, i % 2 === 0] as const);
  const streams = goldenOf(className).cases.map(({ stream }) => stream);

  it.each(cases)("%s", async (id, trial, sharedMemory) => {
    const at = cases.findIndex(([other]) => other === id);
    // Options that Keras lacks follow the cases of the file.
    await check(trial, (streams[at] ?? streams[0]) as string, sharedMemory);
  });
});
