/**
 * One list of many pairs, passed repeatedly: its checks are skipped as long as nothing has changed. After any event in
 * between, the step has the result of a new list: the same bits, or the same refusal.
 */

import { expect, it } from "vitest";
import {
  Adam,
  type Gradient,
  MultiOptimizer,
  type Optimizer,
  OptimizerMap,
  SGD,
  Tensor,
  tensor,
  Variable,
} from "../../ts/index.js";
import { Random } from "../support/random.js";

const COUNT = 24;
const SIZE = 8;

type Pair = [gradient: unknown, variable: unknown];

const adam = () => new Adam({ learningRate: 0.01 });

const MAKERS: Readonly<Record<string, () => Optimizer>> = {
  Adam: adam,
  "MultiOptimizer of one group": () => new MultiOptimizer(new OptimizerMap(adam(), {})),
  "MultiOptimizer of two groups": () => new MultiOptimizer(new OptimizerMap(adam(), { ".*[02468]": new SGD() })),
};

/** The same variables twice: for an optimizer that gets one list, and for one that gets a new list each time. */
function twins(seed: number, makeOptimizer: () => Optimizer = adam) {
  const random = new Random(seed);
  const make = (name = "v") => new Variable(new Float32Array(SIZE).fill(0.5), { name });
  const gradient = () => tensor(random.values(SIZE));
  const variables = Array.from({ length: COUNT }, (_, i) => [make(`v${i}`), make(`v${i}`)] as const);
  const gradients: unknown[] = variables.map(gradient);
  const pairs: Pair[] = variables.map(([own], i) => [gradients[i], own]);
  const optimizers = [makeOptimizer(), makeOptimizer()] as const;
  // The same is done to the pairs of the second optimizer, which finds its variables by their places.
  const other = (): Pair[] =>
    pairs.map((pair) => {
      if (!Array.isArray(pair)) return pair;
      const at = variables.findIndex(([own]) => own === pair[1]);
      const second = at < 0 ? pair[1] : variables[at]?.[1];
      return pair.length === 2 ? [pair[0], second] : (pair.slice() as Pair);
    });
  const outcome = (optimizer: Optimizer, given: readonly Pair[]) => {
    try {
      return optimizer.applyGradients(given as [Gradient, Variable][]);
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
  };
  const step = () => {
    const results = [outcome(optimizers[0], pairs), outcome(optimizers[1], other())] as const;
    expect(results[0]).toBe(results[1]);
    for (const [own, second] of variables) {
      if (!own.disposed && !second.disposed) expect(own.array()).toEqual(second.array());
    }
    return results[0];
  };
  return { random, gradient, variables, pairs, optimizers, step };
}

type Twins = ReturnType<typeof twins>;

const at = ({ random }: Twins) => random.integer() % COUNT;
const half = (variable: Variable) => new Float32Array(variable.size).fill(0.25);
const undone: (() => void)[] = [];
/** Changes a pair for one step. */
function once({ pairs }: Twins, i: number, pair: unknown): void {
  const before = pairs[i] as Pair;
  pairs[i] = pair as Pair;
  undone.push(() => {
    pairs[i] = before;
  });
}

const EVENTS: Record<string, (twins: Twins, i: number) => void> = {
  nothing() {},
  "another gradient in the pair": ({ pairs, gradient }, i) => {
    pairs[i]![0] = gradient();
  },
  "another pair": ({ pairs, gradient }, i) => {
    pairs[i] = [gradient(), pairs[i]![1]];
  },
  "an array as gradient": ({ pairs, random }, i) => {
    pairs[i]![0] = random.values(SIZE);
  },
  "nested numbers as gradient": (twins, i) => once(twins, i, [[1, 2, 3, 4, 5, 6, 7, 8], twins.pairs[i]![1]]),
  "numbers assigned to the gradient": ({ pairs, random }, i) => {
    if (pairs[i]![0] instanceof Tensor) (pairs[i]![0] as Tensor).assign(random.values(SIZE));
  },
  "numbers written to the gradient's value": ({ pairs, random }, i) => {
    if (pairs[i]![0] instanceof Tensor && !(pairs[i]![0] as Tensor).disposed)
      (pairs[i]![0] as Tensor).value[3] = random.unit();
  },
  "a gradient that was disposed of": (twins, i) => {
    const gone = twins.gradient();
    once(twins, i, [gone, twins.pairs[i]![1]]);
    twins.step();
    gone.dispose();
  },
  "no gradient": (twins, i) => once(twins, i, [null, twins.pairs[i]![1]]),
  "a gradient of another shape": (twins, i) => once(twins, i, [tensor([1, 2]), twins.pairs[i]![1]]),
  "no variable": (twins, i) => once(twins, i, [twins.pairs[i]![0], undefined]),
  "nothing at all": (twins, i) => once(twins, i, [undefined, undefined]),
  "no pair": (twins, i) => once(twins, i, { 0: twins.pairs[i]![0], 1: twins.pairs[i]![1], length: 2 }),
  "three things": (twins, i) => once(twins, i, [...twins.pairs[i]!, 1]),
  "a pair twice": (twins, i) => once(twins, i, twins.pairs[(i + 1) % COUNT]),
  "an exchange": ({ pairs }, i) => {
    const j = (i + 5) % COUNT;
    [pairs[i], pairs[j]] = [pairs[j]!, pairs[i]!];
  },
  "a shorter list": ({ pairs }) => {
    const last = pairs.pop() as Pair;
    undone.push(() => pairs.push(last));
  },
  "a longer list": ({ pairs }) => {
    pairs.push([tensor([1]), new Variable([1])]);
    undone.push(() => pairs.pop());
  },
  "a list in between": ({ optimizers, variables, gradient }) => {
    const gradients = variables.map(gradient);
    for (const which of [0, 1] as const) {
      optimizers[which].applyGradients(variables.map((pair, i) => [gradients[i] as Tensor<"float32">, pair[which]]));
    }
  },
  "a list in between that is refused at its end": ({ optimizers, variables, gradient, step }) => {
    const gradients = variables.map((_, i) => (i === COUNT - 1 ? tensor([1, 2]) : gradient()));
    // New tensors alone would be a reason to look at everything again.
    step();
    for (const which of [0, 1] as const) {
      const list = variables.map((pair, i): [Gradient, Variable] => [gradients[i] as Gradient, pair[which]]);
      expect(() => optimizers[which].applyGradients(list)).toThrow("Cannot apply gradients");
    }
  },
  "other numbers in a variable": ({ variables }, i) => {
    for (const variable of variables[i]!) variable.assign(half(variable));
  },
  "a constraint": ({ variables }, i) => {
    for (const variable of variables[i]!) variable.constraint = half;
    undone.push(() => {
      for (const variable of variables[i]!) variable.constraint = null;
    });
  },
  "state set": ({ optimizers }) => {
    for (const optimizer of optimizers) optimizer.setWeights(optimizer.getWeights());
  },
  "2 MB of other tensors, after which values move out": () => {
    for (let i = 0; i < 600; i++) tensor([i]);
    new Variable(new Float32Array(1 << 19)).dispose();
  },
  "tensors freed and made again where they were": ({ gradient }) => {
    for (const one of Array.from({ length: 50 }, gradient)) one.dispose();
  },
};

const cases = Object.entries(MAKERS).flatMap(([optimizer, make]) =>
  Object.entries(EVENTS).map(([name, event]) => [optimizer, name, make, event] as const),
);

it.each(cases)("%s: %s", (_optimizer, _name, make, event) => {
  const both = twins(7, make);
  const outcomes: unknown[] = [both.step(), both.step()];
  for (const i of [3, 0, COUNT - 1]) {
    event(both, i);
    outcomes.push(both.step(), both.step());
    for (const undo of undone.splice(0)) undo();
    outcomes.push(both.step());
  }
  expect(outcomes.filter((outcome) => typeof outcome === "number").length).toBeGreaterThan(4);
});

it.each(Object.entries(MAKERS))("%s: events at random", (_, make) => {
  const events = Object.values(EVENTS);
  for (let seed = 1; seed <= 20; seed++) {
    const both = twins(seed, make);
    both.step();
    for (let round = 0; round < 40; round++) {
      events[both.random.integer() % events.length]?.(both, at(both));
      both.step();
      for (const undo of undone.splice(0)) undo();
      both.step();
    }
  }
});

it("a variable that was disposed of is refused, and so is a gradient in the list itself", () => {
  for (const gone of [0, 1]) {
    const both = twins(3);
    both.step();
    both.step();
    for (const variable of both.variables[5]!) if (gone === 1) variable.dispose();
    if (gone === 0) (both.pairs[5]![0] as Tensor).dispose();
    expect(both.step()).toBe("ERR_DISPOSED");
  }
});

it("a schedule that disposes of a gradient during the call has it refused", () => {
  const { pairs } = twins(5);
  let calls = 0;
  const learningRate = () => {
    if (++calls === 4) (pairs[2]![0] as Tensor).dispose();
    return 0.1;
  };
  const optimizer = new SGD({ learningRate });
  const given = pairs as [Gradient, Variable][];
  for (let i = 0; i < 3; i++) optimizer.applyGradients(given);
  expect(calls).toBe(3);
  expect(() => optimizer.applyGradients(given)).toThrow("disposed of");
  expect(optimizer.iterations).toBe(3);
});

it.each([
  ["SGD", () => new SGD()],
  ["MultiOptimizer", () => new MultiOptimizer(new OptimizerMap(new SGD(), {}))],
] as const)("%s: a list keeps no gradient alive that is not in it", async (_, make) => {
  const { gc } = globalThis as { gc?: () => void };
  const { pairs, gradient, variables } = twins(9);
  const optimizer = make();
  optimizer.applyGradients(pairs as [Gradient, Variable][]);
  const dropped = (() => {
    const list = variables.map(([own]): [Gradient, Variable] => [gradient(), own]);
    for (let i = 0; i < 3; i++) optimizer.applyGradients(list);
    return list.map(([one]) => new WeakRef(one as object));
  })();
  // If collection cannot be requested, it runs at any time, and there is nothing to check.
  for (let round = 0; round < 20 && gc !== undefined; round++) {
    gc();
    await new Promise((done) => setTimeout(done, 0));
    if (dropped.every((one) => one.deref() === undefined)) break;
  }
  if (gc !== undefined) expect(dropped.filter((one) => one.deref() !== undefined).length).toBeLessThanOrEqual(1);
});
