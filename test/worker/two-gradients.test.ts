/** SAM, whose steps compute two gradients, in a worker and on replicas. */

import { layers, SAM, Sequential, SGD, setRandomSeed } from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { offload, RemoteOptimizer } from "gradstep/worker";
import { expect, it } from "vitest";
import { bits, seededModel, x, y } from "./training.js";

const sam = () => new SAM(new SGD({ learningRate: 0.05, momentum: 0.9 }), { rho: 0.2 });
const options = { epochs: 2, batchSize: 32, shuffle: false, verbose: 0 } as const;

it("in a worker has the bits of this thread", async () => {
  const local = seededModel({ optimizer: sam() });
  const remote = await offload(seededModel({ optimizer: sam() }));
  const histories: unknown[] = [];
  for (const model of [local, remote]) histories.push((await model.fit(x, y, options)).history);
  expect(bits(await remote.getWeights())).toEqual(bits(local.getWeights()));
  expect(histories[1]).toEqual(histories[0]);
  await remote.dispose();
});

it.each([1, 2])("on two replicas in %i workers moves by the gradients of the whole batch", async (workers) => {
  const strategy = new MirroredStrategy({ replicas: 2, workers, verify: true });
  const made = (distribute?: MirroredStrategy) => {
    setRandomSeed(7);
    const model = new Sequential([
      new layers.Dense(5, { inputShape: [6], activation: "tanh" }),
      new layers.Dropout(0.25),
      new layers.Dense(1),
    ]);
    model.compile({ optimizer: sam(), loss: "mse", metrics: ["mae"], ...(distribute ? { distribute } : {}) });
    return model;
  };
  const [alone, replicated] = [made(), made(strategy)];
  const histories: Record<string, unknown[]>[] = [];
  for (const model of [alone, replicated]) histories.push((await model.fit(x, y, options)).history);
  const [one, two] = [alone, replicated].map((model) => model.getWeights().flatMap(({ data }) => [...data]));
  two!.forEach((value, i) => {
    expect(value).toBeCloseTo(one![i]!, 4);
  });
  histories[1]!.loss!.forEach((loss, epoch) => {
    expect(loss).toBeCloseTo(histories[0]!.loss![epoch] as number, 4);
  });
  await strategy.close();
});

it("is not a remote optimizer, which has gradients only", async () => {
  const model = seededModel({ optimizer: sam() });
  await expect(RemoteOptimizer.create(sam(), model.weights)).rejects.toMatchObject({ code: "ERR_OPTION_CONFLICT" });
});
