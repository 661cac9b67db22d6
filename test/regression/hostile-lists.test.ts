/** Lists that change, or have no end, while they are read. */

import { describe, expect, it } from "vitest";
import { Input, layers, metrics, ops, random, SGD, tensor, Variable, zip } from "../../ts/index.js";
import { refusal } from "../support/refusal.js";

/** A list that runs `act` when entry 0 is read. */
function _acting(list: readonly unknown[], act: () => void): never {
  return new Proxy([...list], {
    get(target, key) {
      if (key === "0") act();
      return Reflect.get(target, key);
    },
  }) as never;
}

describe("nested arrays", () => {
  it.each<[string, () => unknown, string]>([
    [
      "that hold themselves",
      () => {
        const list: unknown[] = [1];
        list[0] = list;
        return list;
      },
      "more than 64 deep",
    ],
    [
      "that hold themselves, later",
      () => {
        const list: unknown[] = [[1], [2]];
        list[1] = list;
        return list;
      },
      "the same length along each axis",
    ],
    [
      "100,000 deep",
      () => {
        let list: unknown = 1;
        for (let i = 0; i < 100_000; i++) list = [list];
        return list;
      },
      "more than 64 deep",
    ],
    ["of a billion holes", () => new Array(1e9), "got undefined"],
    ["of a billion holes behind a number", () => Object.assign(new Array(1e9), { 0: 1 }), "got undefined"],
    [
      "that share rows, 2^60 numbers",
      () => {
        let list: unknown = 1;
        for (let i = 0; i < 60; i++) list = [list, list];
        return list;
      },
      "Out of memory",
    ],
    [
      "that get shorter while they are read",
      () => {
        const list = [1, 2, 3];
        return Object.defineProperty(list, "1", {
          get: () => {
            list.length = 2;
            return 2;
          },
        });
      },
      "got undefined",
    ],
  ])("%s are refused at once", (_, make, text) => {
    const w = new Variable([1, 2, 3]);
    const calls: ((list: never) => unknown)[] = [
      (list) => new Variable(list),
      (list) => tensor(list),
      (list) => w.assign(list),
      (list) => ops.add(list, 1),
      (list) => new SGD().applyGradients([[list, w]]),
      (list) => new SGD().apply([list], [w]),
      (list) => new SGD({ clipnorm: 1 }).clipGradients([[list, w]]),
      (list) => new metrics.Mean().updateState(list),
    ];
    for (const call of calls) {
      const error = refusal(() => call(make() as never));
      expect(error, String(error.stack)).toHaveProperty("code");
      expect(error.message).toContain(text);
    }
    expect([...w.array()]).toEqual([1, 2, 3]);
  });

  it("64 axes are taken", () => {
    let list: unknown = 7;
    for (let i = 0; i < 64; i++) list = [list];
    expect(tensor(list as never).shape.length).toBe(64);
  });
});

it("lists of a billion holes are refused by whatever takes a list", () => {
  const holes = () => new Array(1e9) as never;
  const detached = new Float32Array(4);
  structuredClone(detached, { transfer: [detached.buffer] });
  const calls: (() => unknown)[] = [
    () => zip(holes(), [1]),
    () => zip(1 as never, 2 as never),
    () => ops.concatenate(holes()),
    () => new layers.Reshape(holes()),
    () => new layers.LayerNormalization({ axis: holes() }),
    () => new metrics.TruePositives({ thresholds: holes() }),
    () => Input({ shape: holes() }),
    () => random.uniform(holes()),
    () => new SGD().build(holes()),
    () => new SGD().apply(detached as never, []),
    () => new SGD().applyGradients(detached as never),
  ];
  for (const call of calls) expect(refusal(call)).toHaveProperty("code");
});
