/**
 * Custom optimizers: SGD, Adam and Lion as subclasses are near their built-in twins, under every option of the base; their
 * state is saved, restored and freed as that of the built-in ones.
 *
 * Over 300 lines: each case is a class or a run of a few lines.
 */

import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  Adam,
  GradientTape,
  initializers,
  Lion,
  LossScaleOptimizer,
  layers,
  type Optimizer,
  type OptimizerOptions,
  ops,
  optimizers,
  Sequential,
  SGD,
  schedules,
  setRandomSeed,
  stringify,
  type Tensor,
  tensor,
  Variable,
} from "../../ts/index.js";
import { Momentum, OwnAdam, OwnLion } from "../support/custom-optimizers.js";

type Pair = readonly [custom: (options: OptimizerOptions) => Optimizer, twin: (options: OptimizerOptions) => Optimizer];
const PAIRS: Readonly<Record<string, Pair>> = {
  Momentum: [(options) => new Momentum(options), (options) => new SGD({ momentum: 0.9, ...options })],
  OwnAdam: [(options) => new OwnAdam(options), (options) => new Adam(options)],
  OwnLion: [(options) => new OwnLion(options), (options) => new Lion(options)],
};

const OPTIONS: readonly OptimizerOptions[] = [
  {},
  { clipnorm: 0.5 },
  { globalClipnorm: 0.5 },
  { clipvalue: 0.5 },
  { weightDecay: 0.1 },
  { useEma: true, emaMomentum: 0.5 },
  { useEma: true, emaOverwriteFrequency: 2 },
  { gradientAccumulationSteps: 3 },
  { lossScaleFactor: 4 },
  { clipnorm: 0.5, weightDecay: 0.1, useEma: true, gradientAccumulationSteps: 2, lossScaleFactor: 2 },
];

/** Gradients of two variables, others in each step; the second has none now and then. */
const gradientsAt = (step: number) => [
  [Math.sin(step), 2, -step / 3, 0.25],
  step % 3 === 1
    ? null
    : [
        [1 - step, 0.5],
        [3, -0.1 * step],
      ],
];

const variables = () => [
  new Variable([1, 2, 3, -4], { name: "dense/bias" }),
  new Variable(
    [
      [1, 0.5],
      [0.25, -2],
    ],
    { name: "dense/kernel" },
  ),
];

const numbersOf = (state: readonly { array(): ArrayLike<number> }[]) => state.map((one) => Array.from(one.array()));

function expectNear(got: readonly number[][], expected: readonly number[][]) {
  expect(got.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  got.flat().forEach((value, i) => {
    const want = expected.flat()[i]!;
    expect(Math.abs(value - want)).toBeLessThanOrEqual(4e-6 * Math.max(1, Math.abs(want)));
  });
}

describe.each(Object.entries(PAIRS))("%s beside its built-in twin", (_, [custom, twin]) => {
  it.each(OPTIONS)("with %j", (options) => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const run = (optimizer: Optimizer) => {
      const trained = variables();
      optimizer.excludeFromWeightDecay({ varNames: ["bias"] });
      for (let step = 0; step < 7; step++) optimizer.apply(gradientsAt(step) as never, trained);
      const state = numbersOf(optimizer.weights.slice(1));
      optimizer.finalizeVariableValues(trained);
      return { state, weights: numbersOf(trained), iterations: optimizer.iterations };
    };
    const [own, builtIn] = [
      run(custom({ learningRate: 0.05, ...options })),
      run(twin({ learningRate: 0.05, ...options })),
    ];
    expect(own.iterations).toBe(builtIn.iterations);
    expectNear(own.weights, builtIn.weights);
    // Slot after slot, where the twin has slots in another order.
    const order = (state: number[][]) =>
      state.map((slot) => [...slot].sort((a, b) => a - b)).sort((a, b) => a[0]! - b[0]!);
    expectNear(order(own.state), order(builtIn.state));
  });
});

it("has the bits of SGD with momentum", () => {
  const run = (optimizer: Optimizer) => {
    const trained = variables();
    for (let step = 0; step < 7; step += 3) optimizer.apply(gradientsAt(step) as never, trained);
    return numbersOf([...trained, ...optimizer.weights]);
  };
  const options = { learningRate: 0.05, clipnorm: 0.5, weightDecay: 0.1, useEma: true };
  expect(run(new Momentum(options))).toEqual(run(new SGD({ momentum: 0.9, ...options })));
});

it("scales the loss inside of LossScaleOptimizer", () => {
  const run = (inner: Optimizer) => {
    const trained = variables();
    const optimizer = new LossScaleOptimizer(inner, { initialScale: 4 });
    for (let step = 0; step < 3; step++) optimizer.apply(gradientsAt(3 * step) as never, trained);
    optimizer.apply([[Number.NaN, 1, 1, 1], null], trained);
    return [numbersOf([...trained, ...optimizer.weights]), optimizer.iterations];
  };
  expect(run(new Momentum())).toEqual(run(new SGD({ momentum: 0.9 })));
});

it("clips, minimizes and reads schedules as the others", () => {
  const rate = () => new schedules.ExponentialDecay({ initialLearningRate: 0.1, decaySteps: 2, decayRate: 0.5 });
  const run = (optimizer: Optimizer) => {
    const w = new Variable([1, 2, 3]);
    for (let i = 0; i < 3; i++) optimizer.minimize(() => ops.sum(ops.square(w)), [w]);
    const clipped = optimizer.clipGradients([[[3, 4, 0], w]]);
    optimizer.applyGradients(clipped);
    return numbersOf([w, ...optimizer.weights]);
  };
  expect(run(new Momentum({ learningRate: rate(), clipnorm: 1 }))).toEqual(
    run(new SGD({ momentum: 0.9, learningRate: rate(), clipnorm: 1 })),
  );
});

describe("state", () => {
  it("is restored by setWeights, and continues with the same bits", () => {
    const steps = (optimizer: Optimizer, trained: Variable[], from: number, to: number) => {
      for (let step = from; step < to; step++) optimizer.apply(gradientsAt(3 * step) as never, trained);
    };
    const [first, whole] = [new OwnAdam({ useEma: true }), variables()];
    steps(first, whole, 0, 2);
    const [second, copies] = [new OwnAdam({ useEma: true }), variables()];
    second.build(copies);
    copies.forEach((copy, i) => {
      copy.assign(whole[i]!);
    });
    second.setWeights(first.getWeights());
    steps(first, whole, 2, 5);
    steps(second, copies, 2, 5);
    expect(numbersOf(copies)).toEqual(numbersOf(whole));
    expect(second.getWeights()).toEqual(first.getWeights());
    expect(() => second.setWeights([1, 2])).toThrow(/setWeights expected 7 arrays/);
  });

  it("has Keras's paths, in the order of its creation", () => {
    const optimizer = new OwnAdam({ name: "mine" });
    optimizer.build(variables());
    expect(optimizer.variables.map(({ path }) => path)).toEqual([
      "mine/iteration",
      "mine/learning_rate",
      "mine/dense_bias_momentum",
      "mine/dense_bias_velocity",
      "mine/dense_kernel_momentum",
      "mine/dense_kernel_velocity",
    ]);
  });

  it("is made once, however often build is called, and freed by dispose", () => {
    const optimizer = new Momentum();
    const trained = variables();
    optimizer.build(trained);
    const [slot] = optimizer.slots;
    optimizer.build(trained);
    optimizer.apply(gradientsAt(0) as never, trained);
    expect(optimizer.weights.length).toBe(3);
    optimizer.dispose();
    expect(slot?.disposed).toBe(true);
    expect(() => optimizer.apply(gradientsAt(0) as never, trained)).toThrow(
      expect.objectContaining({ code: "ERR_DISPOSED" }),
    );
  });
});

it("is JSON by customObjects, alone and inside others", () => {
  const customObjects = { Momentum };
  const saved = JSON.parse(stringify(new LossScaleOptimizer(new Momentum({ momentum: 0.5, clipnorm: 2 }))));
  expect(() => optimizers.deserialize(saved)).toThrow(expect.objectContaining({ code: "ERR_CONFIG_UNKNOWN_CLASS" }));
  const { innerOptimizer } = optimizers.deserialize(saved, customObjects) as LossScaleOptimizer;
  expect(innerOptimizer).toBeInstanceOf(Momentum);
  expect([(innerOptimizer as Momentum).momentum, innerOptimizer.clipnorm]).toEqual([0.5, 2]);
  expect(optimizers.get("Momentum", customObjects)).toBeInstanceOf(Momentum);
});

describe("fit", () => {
  const x = Array.from({ length: 24 }, (_, i) => [Math.sin(i), Math.cos(2 * i), i / 24]);
  const y = x.map(([a, b, c]) => [a! - b! + 2 * c!]);
  const model = (optimizer: Optimizer) => {
    setRandomSeed(3);
    const made = new Sequential([
      new layers.Dense(4, { inputShape: [3], activation: "tanh", kernelConstraint: "max_norm" }),
      new layers.Dense(1),
    ]);
    made.compile({ optimizer, loss: "mse" });
    return made;
  };

  it("trains as with the twin, with constraints and in a loop", async () => {
    const run = async (optimizer: Optimizer) => {
      const made = model(optimizer);
      const { history } = await made.fit(x, y, { epochs: 3, batchSize: 8, verbose: 0 });
      const tape = new GradientTape();
      const loss = tape.run(() => ops.mean(ops.square(made.apply(x) as Tensor<"float32">)));
      optimizer.apply(tape.gradient(loss, made.trainableWeights));
      return [history.loss, numbersOf(made.weights)];
    };
    expect(await run(new Momentum())).toEqual(await run(new SGD({ momentum: 0.9 })));
  });
});

describe("a rule that fails", () => {
  /** Fails at its second variable. */
  class Failing extends Momentum {
    static override readonly className = "Failing";
    failing = true;
    #count = 0;
    override updateStep(gradient: Tensor<"float32">, variable: Variable, rate: number) {
      super.updateStep(gradient, variable, rate);
      if (this.#count++ % 2 === 1 && this.failing) throw new RangeError("mine");
    }
  }

  it.each<OptimizerOptions>([{}, { useEma: true, weightDecay: 0.1 }, { gradientAccumulationSteps: 2 }])(
    "leaves everything as it was, with %j",
    (options) => {
      const optimizer = new Failing(options);
      const trained = variables();
      optimizer.failing = false;
      for (let i = 0; i < 3; i++) optimizer.apply(gradientsAt(0) as never, trained);
      const before = numbersOf([...trained, ...optimizer.weights]);
      optimizer.failing = true;
      expect(() => optimizer.apply(gradientsAt(3) as never, trained)).toThrow(RangeError);
      expect(numbersOf([...trained, ...optimizer.weights])).toEqual(before);
    },
  );

  it("is not built by a first step that fails", () => {
    const optimizer = new Failing();
    const trained = variables();
    const before = numbersOf(trained);
    expect(() => optimizer.apply(gradientsAt(0) as never, trained)).toThrow(RangeError);
    expect([optimizer.built, optimizer.slots.length, optimizer.iterations]).toEqual([false, 0, 0]);
    expect(numbersOf(trained)).toEqual(before);
  });

  it("is not built by a build that fails", () => {
    class Half extends Momentum {
      static override readonly className = "Half";
      override build(list: Variable[]) {
        super.build(list);
        throw new RangeError("half");
      }
    }
    const optimizer = new Half();
    expect(() => optimizer.build(variables())).toThrow(RangeError);
    expect([optimizer.built, optimizer.slots.length]).toEqual([false, 0]);
  });
});

it("a subclass of a built-in class may replace its rule", () => {
  class Signs extends Adam {
    static override readonly className = "Signs";
    override updateStep(gradient: Tensor<"float32">, variable: Variable, rate: number) {
      variable.assignSub(ops.multiply(ops.sign(gradient), rate));
    }
  }
  const w = new Variable([1, 2]);
  new Signs({ learningRate: 0.5 }).apply([[4, -8]], [w]);
  expect([...w.array()]).toEqual([0.5, 2.5]);
});

it("state may begin at the numbers of an initializer, and have any shape", () => {
  class Stateful extends optimizers.Optimizer {
    static override readonly className = "Stateful";
    count = this.addVariable([], { name: "count", initializer: "ones" });
    override build(list: Variable[]) {
      super.build(list);
      this.addVariable([2, 2], () =>
        tensor([
          [1, 2],
          [3, 4],
        ]),
      );
      this.addVariable([3], new initializers.Constant(7));
    }
    override updateStep() {
      this.count.assignAdd(1);
    }
  }
  const optimizer = new Stateful({ learningRate: 1 });
  optimizer.apply([[1]], [new Variable([1])]);
  expect(numbersOf(optimizer.weights.slice(1))).toEqual([[2], [1, 2, 3, 4], [7, 7, 7]]);
});

beforeEach(() => {
  vi.restoreAllMocks();
});
