/** Runs of one strategy share memory: a page has room for about a hundred WebAssembly memories, whatever their size. */

import { layers, Sequential } from "gradstep";
import { MirroredStrategy, SharedMemoryGroup } from "gradstep/distribute";
import { afterEach, expect, it } from "vitest";
import { holding } from "../support/holding.js";

const { Memory } = WebAssembly;
afterEach(() => {
  WebAssembly.Memory = Memory;
});

it("a strategy creates one memory for all its runs, and another one after a run that failed; none leaves a worker", async () => {
  const { handles } = await holding();
  let created = 0;
  WebAssembly.Memory = new Proxy(Memory, {
    construct(made, given) {
      created++;
      return Reflect.construct(made, given);
    },
  });
  const strategy = new MirroredStrategy({ replicas: 2 });
  const model = new Sequential([new layers.Dense(1, { inputShape: [1] })]);
  model.compile({ optimizer: "sgd", loss: "mse", distribute: strategy });
  const train = (hook = () => {}) => {
    return model.fit([[1], [2]], [[1], [2]], { verbose: 0, callbacks: { onEpochEnd: hook } });
  };
  const fail = () => {
    throw new Error("enough");
  };
  for (let run = 0; run < 5; run++) await train();
  expect(created).toBe(1);
  await expect(train(fail)).rejects.toThrow("enough");
  for (let run = 0; run < 3; run++) await train();
  expect(created).toBe(2);
  expect(model.optimizer?.iterations).toBe(9);
  await strategy.close();
  // The engine's own may come and go.
  expect((await holding()).handles).toBeLessThanOrEqual(handles);
});

it("a group that gets no memory says so", () => {
  WebAssembly.Memory = new Proxy(Memory, {
    construct() {
      throw new RangeError("WebAssembly.Memory(): could not allocate memory");
    },
  });
  expect(() => SharedMemoryGroup.create(2)).toThrow(
    expect.objectContaining({ name: "OutOfMemoryError", code: "ERR_OUT_OF_MEMORY" }),
  );
});
