/** Figures of updates that are made in a worker. */

import { layers, Sequential, SGD, Variable, withStats } from "gradstep";
import { offload, RemoteOptimizer } from "gradstep/worker";
import { expect, it } from "vitest";

it("of a model: in the logs, and after each call", async () => {
  const model = new Sequential([new layers.Dense(1, { kernelInitializer: "ones", useBias: false, inputShape: [1] })]);
  model.compile({ optimizer: new SGD({ learningRate: 0.1 }), loss: "mse", stats: true });
  await using remote = await offload(model);
  expect(remote.stats).toBeNull();
  const { history } = await remote.fit([[1], [2]], [[2], [4]], { batchSize: 1, shuffle: false, verbose: 0 });
  // By hand: gradients of -2 and -6.4.
  expect(history.gradient_norm?.[0]).toBeCloseTo(4.2, 6);
  expect(remote.stats?.gradientNorm).toBeCloseTo(6.4, 6);
});

it("of an optimizer that came with them", async () => {
  const w = () => new Variable([0, 10]);
  await using remote = await RemoteOptimizer.create(withStats(new SGD({ learningRate: 0.5 })), [w()]);
  expect(remote.stats).toBeNull();
  await remote.apply([[6, 8]]);
  expect(remote.stats).toMatchObject({ gradientNorm: 10, updateNorm: 5, updateRatio: 0.5, effectiveRate: 0.5 });
  await using without = await RemoteOptimizer.create(new SGD(), [w()]);
  await without.apply([[6, 8]]);
  expect(without.stats).toBeUndefined();
});
