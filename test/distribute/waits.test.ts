/** No endless waits on replicas: an abort takes effect at every point, and the caller's data are closed. */

import { Input, layers, Model, Sequential, SGD, setRandomSeed } from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { afterAll, expect, it } from "vitest";

const strategy = new MirroredStrategy({ replicas: 2 });
afterAll(() => strategy.close());

const compiled = (distribute: MirroredStrategy | null = strategy) => {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros", useBias: false })]);
  model.compile({ optimizer: "sgd", loss: "mse", distribute });
  return model;
};
const never = () => new Promise<never>(() => {});
/** A batch, and a note when it is closed. */
function* one(closed: () => void) {
  try {
    yield [[[1]], [[1]]] as const;
  } finally {
    closed();
  }
}

it("a run that is aborted before it begins closes the caller's generator, and builds nothing", async () => {
  const generator = one(() => {});
  const model = new Sequential([new layers.Dense(1)]);
  model.compile({ optimizer: "sgd", loss: "mse", distribute: strategy });
  const signal = AbortSignal.abort(new Error("too late"));
  await expect(model.fit(generator, undefined, { signal })).rejects.toThrow("too late");
  expect(generator.next().done).toBe(true);
  await expect(model.fit([[1]], [[1]], { signal })).rejects.toThrow("too late");
  expect(model.built).toBe(false);
});

it("an abort is heard while another model trains", async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const begun = new Promise<Promise<unknown>>((resolve) => {
    const running = compiled().fit([[1]], [[1]], {
      callbacks: {
        onTrainBegin: () => {
          resolve(running);
          return held;
        },
      },
    });
  });
  const model = compiled();
  const abort = new AbortController();
  const generator = one(() => {});
  const waiting = model.fit(generator, undefined, { signal: abort.signal });
  abort.abort(new Error("no more"));
  await expect(waiting).rejects.toThrow("no more");
  expect(generator.next().done).toBe(true);
  release();
  await begun;
  // The one that was aborted has made no step.
  expect(model.optimizer?.iterations).toBe(0);
  const { history } = await model.fit([[1]], [[1]]);
  expect(history.loss).toEqual([1]);
});

it("an abort is heard that comes while the workers are sent the model", async () => {
  const abort = new AbortController();
  const model = compiled();
  const toJSON = model.toJSON.bind(model);
  model.toJSON = (key) => {
    abort.abort(new Error("meanwhile"));
    return toJSON(key);
  };
  await expect(
    model.fit(
      async function* () {
        yield await never();
      },
      undefined,
      { signal: abort.signal },
    ),
  ).rejects.toThrow("meanwhile");
});

it("a hook that cannot be read refuses the run, for all replicas", async () => {
  const hooks = {
    get onEpochEnd(): never {
      throw new RangeError("no hook");
    },
  };
  await expect(compiled().fit([[1]], [[1]], { callbacks: [hooks] })).rejects.toThrow(new RangeError("no hook"));
});

it("layers that draw in validation draw on replicas as they do alone", async () => {
  const losses = async (distribute: MirroredStrategy | null) => {
    setRandomSeed(4);
    const input = Input([2]);
    const dropped = new layers.Dropout(0.5).apply(new layers.Dense(6).apply(input), { training: true });
    const model = new Model(input, new layers.Dense(1).apply(dropped));
    model.compile({ optimizer: new SGD(0.01), loss: "mse", distribute });
    // Five samples: the replicas have unlike parts, and would draw unlike counts of numbers.
    const x = [
      [1, 2],
      [3, 4],
      [5, 6],
      [-1, 0],
      [2, 2],
    ];
    const y = [[1], [0], [2], [1], [3]];
    const { history } = await model.fit(x, y, { epochs: 4, batchSize: 5, validationData: [x, y] });
    return [...history.loss!, ...history.val_loss!] as number[];
  };
  const [alone, replicated] = [await losses(null), await losses(strategy)];
  alone.forEach((loss, i) => {
    expect(replicated[i]).toBeCloseTo(loss, 4);
  });
});
