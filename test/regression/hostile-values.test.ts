/**
 * User code that runs while its values are read: it freed and moved memory that a step then wrote to. And arrays without
 * an end.
 */

import { afterEach, describe, expect, it, vi } from "vitest";
import {
  Adam,
  GradientTape,
  Input,
  LossScaleOptimizer,
  layers,
  metrics,
  Nadam,
  type Optimizer,
  ops,
  random,
  SGD,
  tensor,
  Variable,
  zip,
} from "../../ts/index.js";
import { expectRefusal, refusal } from "../support/refusal.js";
import { snapshot } from "../support/snapshot.js";

afterEach(() => void vi.restoreAllMocks());

/** More than the allocator has at hand, so that memory grows, and views of it die. */
const grow = () => tensor(new Float32Array(4_000_000)).dispose();

/** A list that runs `act` when entry 0 is read. */
function acting(list: readonly unknown[], act: () => void): never {
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

type Scene = { optimizer: Optimizer; w: Variable; b: Variable };

describe("an optimizer refuses what its own call starts", () => {
  const ACTS: Record<string, (scene: Scene) => void> = {
    "a step": ({ optimizer, w, b }) => void optimizer.apply([[9, 9], [9]], [w, b]),
    minimize: ({ optimizer, w }) => void optimizer.minimize(() => ops.sum(w), [w]),
    build: ({ optimizer, b }) => optimizer.build([b]),
    clipping: ({ optimizer, w }) => void optimizer.clipGradients([[[1, 1], w]]),
    setWeights: ({ optimizer }) => optimizer.setWeights(optimizer.getWeights()),
    dispose: ({ optimizer }) => optimizer.dispose(),
    "Symbol.dispose": ({ optimizer }) => optimizer[Symbol.dispose](),
  };
  const CALLS: Record<string, (scene: Scene, act: () => void) => void> = {
    applyGradients: ({ optimizer, w, b }, act) =>
      optimizer.applyGradients(
        acting(
          [
            [[1, 2], w],
            [[3], b],
          ],
          act,
        ),
      ),
    "apply, by gradients": ({ optimizer, w, b }, act) => optimizer.apply(acting([[1, 2], [3]], act), [w, b]),
    "apply, by a nested gradient": ({ optimizer, w, b }, act) => optimizer.apply([acting([1, 2], act), [3]], [w, b]),
    "apply, by variables": ({ optimizer, w, b }, act) => optimizer.apply([[1, 2], [3]], acting([w, b], act)),
    "minimize, by its loss": ({ optimizer, w, b }, act) =>
      optimizer.minimize(() => {
        act();
        return ops.sum(w);
      }, [w, b]),
    clipGradients: ({ optimizer, w }, act) => optimizer.clipGradients(acting([[[1, 2], w]], act)),
    setWeights: ({ optimizer }, act) => optimizer.setWeights(acting(optimizer.getWeights(), act)),
    "a constraint": ({ optimizer, w, b }, act) => {
      b.constraint = () => {
        act();
        return null;
      };
      try {
        optimizer.apply([[1, 2], [3]], [w, b]);
      } finally {
        b.constraint = null;
      }
    },
  };
  const KINDS: Record<string, () => Optimizer> = {
    Adam: () => new Adam({ learningRate: 0.1, useEma: true }),
    Nadam: () => new Nadam({ gradientAccumulationSteps: 2 }),
    "a loss scale": () => new LossScaleOptimizer(new Adam({ learningRate: 0.1 })),
  };
  const cases = Object.keys(KINDS).flatMap((kind) =>
    Object.keys(CALLS).flatMap((call) => Object.keys(ACTS).map((act) => [kind, call, act] as const)),
  );
  it.each(cases)("%s: %s starts %s", (kind, call, act) => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const w = new Variable([1, 2], { name: "w" });
    const b = new Variable([3], { name: "b" });
    const optimizer = (KINDS[kind] as () => Optimizer)();
    const scene = { optimizer, w, b };
    optimizer.apply([[1, 1], [1]], [w, b]);
    const before = snapshot(optimizer, [w, b]);
    expectRefusal(() => CALLS[call]?.(scene, () => ACTS[act]?.(scene)), "ERR_BUSY");
    expect(snapshot(optimizer, [w, b])).toEqual(before);
    optimizer.apply([[1, 1], [1]], [w, b]);
  });
});

describe("what user code frees or moves while it is read", () => {
  it.each([
    ["a list of pairs", (pairs: unknown[], act: () => void) => acting(pairs, act)],
    [
      "an iterator",
      (pairs: unknown[], act: () => void) =>
        ({
          *[Symbol.iterator]() {
            yield pairs[0];
            act();
            yield pairs[1];
          },
        }) as never,
    ],
  ])("a variable that is disposed of: %s", (_, wrap) => {
    const [a, b] = [new Variable([1, 2]), new Variable([3, 4])];
    const optimizer = new SGD();
    optimizer.build([a, b]);
    expectRefusal(
      () =>
        optimizer.applyGradients(
          wrap(
            [
              [[1, 1], a],
              [[1, 1], b],
            ],
            () => a.dispose(),
          ),
        ),
      "ERR_DISPOSED",
    );
    expect([...b.array()]).toEqual([3, 4]);
  });

  it("memory that grows: the step is right", () => {
    const [a, b] = [new Variable([1, 2]), new Variable([3, 4])];
    const gradient = tensor([1, 1]);
    new SGD({ learningRate: 1 }).applyGradients([
      [gradient, a],
      [acting([1, 1], grow), b],
    ]);
    expect([...a.array(), ...b.array()]).toEqual([0, 1, 2, 3]);
    a.assign(acting([5, 6], grow));
    expect([...a.array()]).toEqual([5, 6]);
    expect([...ops.add(a, acting([1, 1], grow)).array()]).toEqual([6, 7]);
  });

  it("subclasses of typed arrays, by their own length and species", () => {
    class Odd extends Float32Array {
      static get [Symbol.species](): never {
        throw new RangeError("species");
      }
      override get length(): number {
        return 99;
      }
      override get buffer(): never {
        throw new RangeError("buffer");
      }
    }
    const w = new Variable(new Odd([1, 2]));
    new SGD({ learningRate: 1 }).applyGradients([[new Odd([1, 1]), w]]);
    expect([...w.array(), ...tensor(new Odd([7])).array()]).toEqual([0, 1, 7]);
  });

  it("a metric's predictions, by its weights", () => {
    const metric = new metrics.MeanSquaredError();
    const [labels, predictions] = [tensor([[0], [0]]), tensor([[1], [3]])];
    metric.updateState(labels, predictions, acting([1, 1], grow));
    expect(metric.result()).toBe(5);
    const before = metric.result();
    expectRefusal(
      () =>
        metric.updateState(
          labels,
          predictions,
          acting([1, 1], () => labels.dispose()),
        ),
      "ERR_DISPOSED",
    );
    expect(metric.result()).toBe(before);
  });

  it("weights that are set, by their own list", () => {
    const layer = new layers.Dense(1, { kernelInitializer: "ones" });
    layer.apply([[1, 2]]);
    const before = layer.getWeights();
    const [kernel, bias] = layer.weights as [Variable, Variable];
    expectRefusal(() => layer.setWeights([[[5], [5]], acting([5], () => bias.dispose())]), "ERR_DISPOSED");
    expect([...kernel.array()]).toEqual([...(before[0]?.data ?? [])]);
  });

  it("an exception of the caller's own comes through as it is", () => {
    const mine = new RangeError("mine");
    const w = new Variable([1]);
    const list = acting([1], () => {
      throw mine;
    });
    for (const call of [() => w.assign(list), () => new SGD().apply([list], [w]), () => ops.add(list, 1)]) {
      expect(refusal(call)).toBe(mine);
    }
  });
});

describe("a constraint that refuses leaves the step undone", () => {
  const CONSTRAINTS: Record<string, (variable: Variable) => never> = {
    "by an exception": () => {
      throw new RangeError("mine");
    },
    "by another shape": () => [1, 2, 3, 4] as never,
    "by what is no number": () => ["1"] as never,
    "after it wrote": (variable) => {
      variable.value.fill(77);
      variable.assign([random.uniform([1]).item()]);
      throw new RangeError("mine");
    },
  };
  const KINDS: Record<string, () => Optimizer> = {
    Adam: () => new Adam({ useEma: true, emaOverwriteFrequency: 1 }),
    Nadam: () => new Nadam(),
    "an accumulating SGD": () => new SGD({ momentum: 0.9, gradientAccumulationSteps: 3 }),
    "a loss scale": () => new LossScaleOptimizer(new Adam()),
  };
  const cases = Object.keys(KINDS).flatMap((kind) =>
    Object.keys(CONSTRAINTS).flatMap((how) => [0, 2].map((steps) => [kind, how, steps] as const)),
  );
  it.each(cases)("%s, %s, after %i steps", (kind, how, steps) => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const [w, b] = [new Variable([1, 2], { name: "w" }), new Variable([3], { name: "b" })];
    const optimizer = (KINDS[kind] as () => Optimizer)();
    for (let i = 0; i < steps; i++) optimizer.apply([[1, 1], [1]], [w, b]);
    const tape = new GradientTape({ persistent: true });
    const loss = tape.run(() => ops.sum(ops.square(w)));
    const before = snapshot(optimizer, [w, b]);
    const seed = new random.SeedGenerator(1);
    b.constraint = (variable) => {
      random.uniform([1], { seed });
      return (CONSTRAINTS[how] as (variable: Variable) => never)(variable);
    };
    const error = refusal(() =>
      optimizer.applyGradients([
        [[1, 1], w],
        [[1], b],
      ]),
    );
    expect(error.message === "mine" || error.code !== undefined, String(error.stack)).toBe(true);
    expect(snapshot(optimizer, [w, b])).toEqual(before);
    expect(seed.state).toEqual([1, 0]);
    // Neither do tapes take it for a change, nor is a warning used up.
    expect(tape.gradient(loss, w)?.array()).toEqual(
      Float32Array.of(2 * (w.value[0] as number), 2 * (w.value[1] as number)),
    );
    expect(warn).not.toHaveBeenCalled();
    b.constraint = null;
    optimizer.apply([[1, 1], [1]], [w, b]);
  });
});

it("a refused clipGradients does not silence the warning that nothing is clipped", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const w = new Variable([1]);
  for (const optimizer of [new SGD({ clipnorm: 1 }), new LossScaleOptimizer(new SGD({ clipnorm: 1 }))]) {
    expect(refusal(() => optimizer.clipGradients([[[1, 2, 3], w]]))).toHaveProperty("code");
    optimizer.applyGradients([[[1], w]]);
  }
  expect(warn).toHaveBeenCalledTimes(2);
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
