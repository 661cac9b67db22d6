/**
 * Steps of a small model are recorded though a large step came before: the memory that it left is not this step's. It was
 * taken for this step's, so that every form of the model was refused for good.
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
