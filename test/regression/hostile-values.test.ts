/**
 * User code that runs while its values are read: it freed and moved memory that a step then wrote to.
 */

import { afterEach, describe, expect, it, vi } from "vitest";
import {
  Adam,
  LossScaleOptimizer,
  layers,
  metrics,
  Nadam,
  type Optimizer,
  ops,
  SGD,
  tensor,
  Variable,
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

type Scene = { optimizer: Optimizer; w: Variable; b: Variable };

describe("an optimizer refuses calls started inside its own call", () => {
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

describe("values that user code frees or moves while they are read", () => {
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

  it("an exception of the caller comes through as it is", () => {
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

describe("a revoked proxy", () => {
  const revoked = (target: object): never => {
    const { proxy, revoke } = Proxy.revocable(target, {});
    revoke();
    return proxy as never;
  };
  const targets: [string, object][] = [
    ["a list", []],
    ["an object", {}],
    ["a function", () => {}],
  ];

  it.each(targets)("of %s as a gradient is refused, before and after the build", (_, target) => {
    const w = new Variable([1]);
    const fresh = new SGD();
    const built = new SGD();
    built.build([w]);
    for (const optimizer of [fresh, built]) {
      expectRefusal(() => optimizer.apply([revoked(target)], [w]), "ERR_PAIRS_MALFORMED");
      expectRefusal(() => optimizer.applyGradients([[revoked(target), w]]), "ERR_PAIRS_MALFORMED");
    }
    expect([...w.array()]).toEqual([1]);
  });
});
