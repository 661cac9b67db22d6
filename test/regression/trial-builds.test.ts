/**
 * Trial calls of layers neither restart averages nor keep what a build only reads; what a build changes stays.
 */

import { expect, it } from "vitest";
import type { Operand } from "../../ts/autodiff/arena.js";
import {
  Lookahead,
  layers,
  metrics,
  type Optimizer,
  ops,
  random,
  SGD,
  setRandomSeed,
  tensor,
  Variable,
} from "../../ts/index.js";

/** A layer whose `call` and `build` are given. */
class Custom extends layers.Layer {
  readonly #call: (inputs: Operand) => Operand | undefined;
  readonly #build: (shape: readonly (number | null)[]) => void;

  constructor(
    call: (inputs: Operand) => Operand | undefined,
    build: (shape: readonly (number | null)[]) => void = () => {},
  ) {
    super();
    this.#call = call;
    this.#build = build;
  }

  override build(shape: readonly (number | null)[]): void {
    this.#build(shape);
  }

  override call(inputs: Operand): Operand {
    return this.#call(inputs) ?? ops.multiply(inputs, 1);
  }
}

it.each<[string, number, () => Optimizer]>([
  ["an average", 2, () => new SGD({ learningRate: 0.1, useEma: true, emaMomentum: 0.9 })],
  ["slow weights", 3, () => new Lookahead(new SGD({ learningRate: 0.1 }), { syncPeriod: 6 })],
])("%s does not restart", (_, steps, make) => {
  const changes: ((w: Variable) => unknown)[] = [
    () => {},
    (w) => w.assign([5]),
    (w) => w.assignAdd([5]),
    (w) => w.value.fill(5),
    (w) => new Custom(() => void w.assign([5])).computeOutputShape([null, 1]),
  ];
  const ends = changes.map((change) => {
    const [w, optimizer] = [new Variable([1]), make()];
    const train = () => {
      for (let i = 0; i < steps; i++) optimizer.applyGradients([[[1], w]]);
    };
    train();
    new Custom(() => void change(w)).computeOutputShape([null, 1]);
    train();
    optimizer.finalizeVariableValues([w]);
    return [w.array()[0], w.assignments];
  });
  expect(ends).toEqual(changes.map(() => ends[0]));
});

it("random numbers of a build in a trial inside of a trial are not drawn again", () => {
  let drawn = 0;
  const draw = () => random.uniform([1]).item();
  const inner = new Custom(
    () => {},
    () => {
      drawn = draw();
    },
  );
  const shaped = new Custom((x) => inner.apply(x));
  const middle = new Custom(
    () => {},
    (shape) => void shaped.computeOutputShape(shape),
  );
  setRandomSeed(1);
  new Custom((x) => {
    draw();
    return middle.apply(x);
  }).computeOutputShape([null, 1]);
  expect(inner.built).toBe(true);
  expect([draw(), draw(), draw()]).not.toContain(drawn);
});

const state = () => ({
  c: new Variable([0]),
  t: tensor([0]),
  sum: new metrics.Sum(),
  seeds: new random.SeedGenerator(5),
});

/** State after a trial that changes all, with a layer in it whose build does this. */
function afterBuild(build: (s: ReturnType<typeof state>) => void): number[] {
  const s = state();
  const inner = new Custom(
    () => {},
    () => build(s),
  );
  new Custom((x) => {
    s.c.assignAdd([1]);
    s.t.assign([1]);
    s.sum.updateState([1]);
    random.uniform([1], { seed: s.seeds });
    try {
      return inner.apply(x);
    } catch {
      return x;
    }
  }).computeOutputShape([null, 1]);
  return [s.c.array()[0]!, s.t.item(), s.sum.result(), s.seeds.state[1]];
}

it("a build that reads what the trial has changed does not keep it", () => {
  const read: number[] = [];
  const end = afterBuild(({ c, t, sum, seeds }) => {
    read.push(c.value[0]!, t.value[0]!, sum.result(), seeds.state[1]);
  });
  expect(read).toEqual([1, 1, 1, 1]);
  expect(end).toEqual([0, 0, 0, 0]);
});

it.each<[string, (s: ReturnType<typeof state>) => void]>([
  [
    "methods",
    ({ c, t }) => {
      c.assign([3]);
      t.assign([3]);
    },
  ],
  [
    "views",
    ({ c, t }) => {
      c.value[0] = 3;
      t.value[0] = 3;
    },
  ],
])("a build keeps what it changes by %s", (_, change) => {
  const end = afterBuild((s) => {
    change(s);
    s.sum.updateState([2]);
    random.uniform([1], { seed: s.seeds });
  });
  expect(end).toEqual([3, 3, 3, 2]);
});

it("a build that throws keeps nothing", () => {
  const end = afterBuild(({ c, t, sum, seeds }) => {
    c.assign([3]);
    t.value[0] = 3;
    sum.updateState([2]);
    random.uniform([1], { seed: seeds });
    throw new RangeError("no");
  });
  expect(end).toEqual([0, 0, 0, 0]);
});

it("variables of custom metrics", () => {
  class Counted extends metrics.Metric {
    readonly calls = this.addVariable();
    override updateState(): void {
      this.calls.assignAdd([1]);
    }
    override result(): number {
      return this.calls.array()[0]!;
    }
  }
  const metric = new Counted();
  new Custom((x) => {
    metric.updateState();
    metric.apply(x);
  }).computeOutputShape([null, 1]);
  expect(metric.result()).toBe(0);
});
