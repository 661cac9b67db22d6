/**
 * Steps of a small model are recorded even after a large step, whose memory is reused. That memory was counted as the
 * small step's, so every form of the model was refused permanently.
 */

import { expect, it } from "vitest";
import { layers, ops, Sequential, SGD, tidy, Variable } from "../../ts/index.js";
import { replayedBy } from "../support/recorded-runs.js";

it("a model is recorded after a step of 32 MB", async () => {
  const large = new Variable(new Float32Array(1 << 23));
  tidy(() => ops.add(ops.add(large, 1), 1));
  const sgd = new SGD(0.1);
  sgd.minimize(() => ops.sum(ops.multiply(large, large)), [large]);
  const model = new Sequential([new layers.Dense(1, { inputShape: [2] })]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  const x = Array.from({ length: 12 }, (_, i) => [i / 12, 1]);
  await model.fit(
    x,
    x.map(([a]) => [a!]),
    { epochs: 3, batchSize: 4, verbose: 0 },
  );
  expect(replayedBy(model)).toBeGreaterThan(0);
});
