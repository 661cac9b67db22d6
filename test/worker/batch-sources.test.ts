/** Sources of batches: in a worker and on this thread they produce the same history, or the same error. */

import { layers, type Model, Sequential } from "gradstep";
import { offload } from "gradstep/worker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const compiled = () => {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros", useBias: false })], {
    name: "model",
  });
  model.compile({ optimizer: "sgd", loss: "mse" });
  return model;
};
type Remote = Awaited<ReturnType<typeof offload>>;

let remote: Remote;
beforeAll(async () => {
  remote = await offload(compiled());
});
afterAll(() => remote.dispose());

const batch = (y: number) => [[[1]], [[y]]] as const;
const stream = () =>
  new ReadableStream({
    start(controller) {
      controller.enqueue(batch(1));
      controller.enqueue(batch(2));
      controller.close();
    },
  });
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable<unknown[]>([], {});
  revoke();
  return proxy;
};
/** An iterable whose iterator has this `next`. */
const giving = (next: unknown) => ({ [Symbol.iterator]: () => ({ next }) });

/** By what it is, `fit`'s data, and how often they are gone through. */
const SOURCES: Readonly<Record<string, readonly [make: () => unknown, options?: object]>> = {
  "a stream of the platform": [stream],
  "a stream of the platform, over two epochs": [stream, { epochs: 2, stepsPerEpoch: 1 }],
  "a stream of the platform, over more epochs than it has": [stream, { epochs: 3 }],
  "a function that gives streams": [() => stream, { epochs: 2 }],
  "an asynchronous iterator that is undefined, beside a plain one": [
    () => ({
      [Symbol.asyncIterator]: undefined,
      *[Symbol.iterator]() {
        yield batch(1);
      },
    }),
  ],
  "a set": [() => new Set([batch(1), batch(2)])],
  "a list's iterator": [() => [batch(1), batch(2)].values()],
  "a proxy as batch": [() => [new Proxy([...batch(1)], {})].values()],
  "a function that gives a number": [() => () => 0],
  "a function that gives a promise": [() => async () => [batch(1)]],
  "a class": [() => class {}],
  "a symbol's method that is none": [() => ({ [Symbol.asyncIterator]: 5 })],
  "an iterator that is none": [() => ({ [Symbol.iterator]: () => 5 })],
  "an iterator without next": [() => giving(undefined)],
  "a result that is none": [() => giving(() => 5)],
  "no result, later": [() => ({ [Symbol.asyncIterator]: () => ({ next: async () => {} }) })],
  "a promise as batch": [() => [Promise.resolve(batch(1))].values()],
  "a revoked proxy as batch": [() => [revoked()].values()],
  "a revoked proxy": [revoked],
  "a custom error": [
    () =>
      giving(() => {
        throw new RangeError("mine");
      }),
  ],
};

const outcome = (model: Pick<Model, "fit">, x: unknown, options: object) =>
  model.fit(x as never, undefined, { verbose: 0, shuffle: false, ...options }).then(
    ({ history }) => history,
    ({ name, code, message }) => ({ name, code, message }),
  );

describe("fit with", () => {
  it.each(Object.entries(SOURCES))("%s", async (_, [make, options = {}]) => {
    const local = compiled();
    const expected = await outcome(local, make(), options);
    const weights = compiled().getWeights();
    await remote.setWeights(weights);
    expect(await outcome(remote as never, make(), options)).toEqual(expected);
    expect(await remote.getWeights()).toEqual(local.getWeights());
  });
});

it("an iterable is begun once for each epoch, and not for a call that is refused", async () => {
  let count = 0;
  const data = {
    *[Symbol.iterator]() {
      yield batch(1);
    },
  };
  const counted = {
    [Symbol.iterator]() {
      count++;
      return data[Symbol.iterator]();
    },
  };
  await remote.fit(counted as never, undefined, { epochs: 3, verbose: 0 });
  expect(count).toBe(3);
  await expect(remote.fit(counted as never, undefined, { epochs: -1 })).rejects.toHaveProperty("code");
  expect(count).toBe(3);
});
