/**
 * `compiled`: iterations of custom loops, recorded and replayed. The numbers are those of the function itself, byte
 * for byte.
 *
 * Over 300 lines: one list of loops.
 */

import { describe, expect, it, vi } from "vitest";
import * as g from "../../../ts/index.js";
import { replaysOfCompiled } from "../../../ts/models/compiled.js";
import { builtInOptimizers } from "../../../ts/optimizers/registry.js";

type Step = (...args: never[]) => unknown;

/** A loop: its function, the arguments of each turn, and everything that it changes. */
interface Loop {
  readonly step: Step;
  readonly args: (turn: number) => readonly unknown[];
  readonly state?: () => readonly (Float32Array | Int32Array | number)[];
}

const TURNS = 9;

/** Models and variables that loops have made, the last one at the end. */
const models: g.Sequential[] = [];
const variables: g.Variable[] = [];

/** Optimizers that take another one, and those that take a function that computes the loss. */
const INNER = new Set(["LossScaleOptimizer"]);
const FUNCTIONS = new Set(["SAM", "LBFGS"]);

/** The bits of everything in it. */
function bits(value: unknown): unknown {
  if (value instanceof g.Tensor || value instanceof g.Variable) return bits(value.array());
  if (ArrayBuffer.isView(value)) return [...new Int32Array(Float32Array.from(value as Float32Array).buffer)];
  if (Array.isArray(value)) return value.map(bits);
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, bits(item)]));
  }
  return value;
}

function run(make: () => Loop, jitCompile: false | "auto", turns = TURNS) {
  g.setRandomSeed(7);
  const { step, args, state } = make();
  const call = g.compiled(step as (...args: readonly unknown[]) => unknown, { jitCompile });
  const results: unknown[] = [];
  for (let turn = 0; turn < turns; turn++) {
    let result: unknown;
    try {
      result = bits(call(...args(turn)));
    } catch (error) {
      result = `${(error as { code?: string }).code}: ${(error as Error).message}`;
    }
    results.push([result, state === undefined ? [] : bits(state())]);
  }
  return { results, ...replaysOf(call) };
}

function replaysOf(call: object) {
  const { replays, reason } = replaysOfCompiled(call);
  return { replays, reason };
}

/** Numbers that differ from turn to turn. */
function numbers(count: number, turn: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.fround(Math.sin(i * 1.7 + turn * 0.9) * 0.8));
}

const x = (turn: number, rows = 6, cols = 4) => g.tensor(numbers(rows * cols, turn), [rows, cols]);
const classes = (turn: number, rows = 6) => g.tensor(Int32Array.from({ length: rows }, (_, i) => (i + turn) % 3));

function stateOf(model: g.Model, ...optimizers: g.optimizers.Optimizer[]) {
  return () => [
    ...model.weights.map((weight) => weight.array()),
    ...optimizers.flatMap((optimizer) => optimizer.weights.map(({ value }) => value.slice() as Float32Array)),
  ];
}

function classifier(...inner: g.layers.Layer[]): g.Sequential {
  return new g.Sequential([
    g.Input({ shape: [4] }),
    new g.layers.Dense(5, { activation: "relu", kernelRegularizer: "l2" }),
    ...inner,
    new g.layers.Dense(3, { activation: "softmax" }),
  ]);
}

/** The loop of the documents. */
function documented(optimizer: g.optimizers.Optimizer, ...inner: g.layers.Layer[]): Loop {
  const model = classifier(...inner);
  models.push(model);
  const lossFn = new g.losses.SparseCategoricalCrossentropy();
  return {
    step: (x: g.Tensor, y: g.Tensor) => {
      const tape = new g.GradientTape();
      const [loss, predictions] = tape.run(() => {
        const predictions = model.apply(x, { training: true });
        const loss = lossFn.apply(y, predictions);
        return [model.losses.reduce((sum, term) => g.ops.add(sum, term), loss), predictions] as const;
      });
      const gradients = tape.gradient(loss, model.trainableWeights);
      optimizer.applyGradients(g.zip(gradients, model.trainableWeights));
      return { loss, predictions, gradients };
    },
    args: (turn) => [x(turn), classes(turn)],
    state: stateOf(model, optimizer),
  };
}

const LOOPS: Record<string, () => Loop> = {
  "the loop of the documents": () => documented(new g.Adam({ learningRate: 0.1 })),
  "batch normalization and dropout": () =>
    documented(new g.SGD({ learningRate: 0.1 }), new g.layers.BatchNormalization(), new g.layers.Dropout(0.3)),
  "a layer of random numbers from a seed": () =>
    documented(new g.SGD({ learningRate: 0.1 }), new g.layers.GaussianNoise(0.3, { seed: 4 })),
  "a schedule, averages and clips": () => {
    const learningRate = new g.schedules.ExponentialDecay(0.1, { decaySteps: 2, decayRate: 0.5 });
    return documented(new g.AdamW({ learningRate, useEma: true, emaOverwriteFrequency: 3, clipnorm: 0.1 }));
  },
  "gradients that are accumulated": () => documented(new g.SGD({ learningRate: 0.1, gradientAccumulationSteps: 3 })),
  Muon: () => documented(new g.Muon({ learningRate: 0.01 })),
  "an optimizer around another": () => documented(new g.Lookahead(new g.Adam({ learningRate: 0.1 }))),
  "several optimizers": () =>
    documented(
      new g.MultiOptimizer(
        new g.OptimizerMap(new g.Adam({ learningRate: 0.1 }), { bias: new g.SGD({ learningRate: 0.1 }) }),
      ),
    ),
  minimize: () => {
    const model = classifier();
    const optimizer = new g.RMSprop({ learningRate: 0.01 });
    return {
      step: (x: g.Tensor) =>
        void optimizer.minimize(
          () => g.ops.mean(g.ops.square(model.apply(x))),
          () => model.trainableWeights,
        ),
      args: (turn) => [x(turn)],
      state: stateOf(model, optimizer),
    };
  },
  "gradients that are applied outside": () => {
    const w = new g.Variable(numbers(4, 1), { name: "w" });
    return {
      step: (x: g.Tensor, factor: number) => {
        const tape = new g.GradientTape();
        const loss = tape.run(() => g.ops.sum(g.ops.multiply(g.ops.square(g.ops.multiply(x, w)), factor)));
        return [loss, tape.gradient(loss, w)];
      },
      args: (turn) => [x(turn), turn % 2],
      state: () => [w.array()],
    };
  },
  "a constraint": () => {
    const w = new g.Variable(numbers(4, 1), { name: "w" });
    w.constraint = new g.constraints.NonNeg().asFunction();
    const optimizer = new g.SGD({ learningRate: 0.5 });
    return {
      step: (x: g.Tensor) => {
        const tape = new g.GradientTape();
        const loss = tape.run(() => g.ops.sum(g.ops.square(g.ops.multiply(x, w))));
        optimizer.apply([tape.gradient(loss, w)], [w]);
        return loss;
      },
      args: (turn) => [x(turn)],
      state: () => [w.array()],
    };
  },
  "two networks against each other": () => {
    const maker = new g.Sequential([g.Input({ shape: [2] }), new g.layers.Dense(4)]);
    const judge = new g.Sequential([g.Input({ shape: [4] }), new g.layers.Dense(4), new g.layers.Dense(1)]);
    const [first, second] = [new g.Adam({ learningRate: 0.05 }), new g.Adam({ learningRate: 0.05 })];
    const loss = new g.losses.BinaryCrossentropy({ fromLogits: true });
    return {
      step: (real: g.Tensor) => {
        const noise = g.random.normal([6, 2]);
        const [ones, zeros] = [g.ops.ones([6, 1]), g.ops.zeros([6, 1])];
        const tape = new g.GradientTape();
        const judged = tape.run(() => {
          const made = maker.apply(noise, { training: true });
          return g.ops.add(loss.apply(ones, judge.apply(real)), loss.apply(zeros, judge.apply(made)));
        });
        second.applyGradients(g.zip(tape.gradient(judged, judge.trainableWeights), judge.trainableWeights));
        const fooling = new g.GradientTape();
        const fooled = fooling.run(() => loss.apply(ones, judge.apply(maker.apply(noise, { training: true }))));
        first.applyGradients(g.zip(fooling.gradient(fooled, maker.trainableWeights), maker.trainableWeights));
        return [judged, fooled];
      },
      args: (turn) => [x(turn)],
      state: () => [...stateOf(maker, first)(), ...stateOf(judge, second)()],
    };
  },
  "gradients of gradients": () => {
    const model = new g.Sequential([
      g.Input({ shape: [1] }),
      new g.layers.Dense(8, { activation: "tanh" }),
      new g.layers.Dense(1),
    ]);
    const optimizer = new g.Adam({ learningRate: 0.01 });
    const slope = (f: (x: g.Tensor) => g.Tensor, x: g.Tensor) => {
      const tape = new g.GradientTape();
      tape.watch(x);
      return tape.gradient(
        tape.run(() => f(x)),
        x,
      ) as g.Tensor;
    };
    return {
      step: (x: g.Tensor) => {
        const tape = new g.GradientTape();
        const loss = tape.run(() => {
          const second = slope((at) => slope((x) => model.apply(x), at), x);
          return g.ops.mean(g.ops.square(g.ops.add(second, g.ops.sin(x))));
        });
        const { trainableWeights } = model;
        optimizer.applyGradients(g.zip(tape.gradient(loss, trainableWeights), trainableWeights));
        return loss;
      },
      args: (turn) => [x(turn, 6, 1)],
      state: stateOf(model, optimizer),
    };
  },
  "convolutions, attention to a tensor given twice, and an own layer": () => {
    class Scale extends g.layers.Layer {
      static override readonly className = "Scale";
      readonly factor = new g.Variable(1.5, { name: "factor" });
      override call(x: unknown) {
        return g.ops.multiply(x as g.Tensor, this.factor);
      }
    }
    const model = new g.Sequential([
      g.Input({ shape: [4, 4, 1] }),
      new g.layers.Conv2D(3, 3, { activation: "relu" }),
      new Scale(),
      new g.layers.Flatten(),
      new g.layers.Dense(1),
    ]);
    const optimizer = new g.Adam({ learningRate: 0.05 });
    return {
      step: (x: g.Tensor, again: g.Tensor) => {
        const tape = new g.GradientTape({ persistent: true });
        tape.watch(x);
        const loss = tape.run(() => g.ops.mean(g.ops.square(g.ops.subtract(model.apply(x), g.ops.mean(again)))));
        const { trainableWeights } = model;
        const ofInput = tape.gradient(loss, x);
        optimizer.applyGradients(g.zip(tape.gradient(loss, trainableWeights), trainableWeights));
        tape.dispose();
        return { loss, ofInput, name: "kept", count: 3, nothing: null };
      },
      args: (turn) => {
        const given = g.tensor(numbers(32, turn), [2, 4, 4, 1]);
        return [given, given];
      },
      state: stateOf(model, optimizer),
    };
  },
  "a model without training": () => {
    const model = classifier(new g.layers.BatchNormalization());
    return { step: (x: g.Tensor) => model.apply(x), args: (turn) => [x(turn)], state: stateOf(model) };
  },
  "training and then inference, which needs the averages of the training": () => {
    const model = classifier(new g.layers.BatchNormalization());
    return {
      step: (x: g.Tensor) => [model.apply(x, { training: true }), model.apply(x, { training: false })],
      args: (turn) => [x(turn)],
      state: stateOf(model),
    };
  },
  "labels as float32 that are read as indices": () => {
    const model = classifier();
    const loss = new g.losses.SparseCategoricalCrossentropy();
    return {
      step: (x: g.Tensor, y: g.Tensor) => loss.apply(y, model.apply(x)),
      args: (turn) => [x(turn), g.tensor(Float32Array.from(classes(turn).array()))],
    };
  },
};

/** A function of numbers and one variable, with the loss's gradient applied. */
function descent(
  more: (loss: g.Tensor, w: g.Variable, x: g.Tensor) => unknown,
  optimizer: g.Optimizer = new g.SGD(),
): Loop {
  const w = new g.Variable(numbers(4, 1), { name: "w" });
  variables.push(w);
  return {
    step: (x: g.Tensor) => {
      const tape = new g.GradientTape();
      const loss = tape.run(() => g.ops.mean(g.ops.square(g.ops.multiply(x, w))));
      optimizer.applyGradients([[tape.gradient(loss, w), w]]);
      return more(loss, w, x);
    },
    args: (turn) => [x(turn)],
    state: () => [w.array()],
  };
}

describe("a compiled function", () => {
  for (const [name, make] of Object.entries(LOOPS)) {
    it(`${name}: is replayed with the same bits`, () => {
      const usual = run(make, false);
      const recorded = run(make, "auto");
      expect(recorded.results).toEqual(usual.results);
      expect(recorded.reason).toBe(undefined);
      expect(recorded.replays).toBeGreaterThan(name.includes("outside") ? 2 : 5);
      expect(usual.replays).toBe(0);
    });
  }

  it.each([...builtInOptimizers.keys()].filter((name) => !FUNCTIONS.has(name)))(
    "steps %s with the same bits",
    (name) => {
      const Class = builtInOptimizers.get(name) as never as new (...args: object[]) => g.Optimizer;
      const make = () =>
        documented(INNER.has(name) ? new Class(new g.SGD({ learningRate: 0.1 })) : new Class({ learningRate: 0.01 }));
      const usual = run(make, false);
      const recorded = run(make, "auto");
      expect(recorded.results).toEqual(usual.results);
      expect(recorded.reason).toBe(undefined);
      expect(recorded.replays).toBe(6);
    },
  );
});

/** Functions that cannot be recorded, and the reasons. They then run as usual, with the same bits. */
const REFUSED: Record<string, readonly [make: () => Loop, reason: RegExp]> = {
  "a tensor from outside": [
    () => {
      const outside = g.tensor(numbers(4, 3));
      return descent((loss) => g.ops.add(loss, outside));
    },
    /not an argument/,
  ],
  "another tensor from outside in each turn, read as labels": [
    () => {
      const model = classifier();
      const labels = Array.from({ length: TURNS }, (_, turn) => g.tensor(Float32Array.from(classes(turn).array())));
      const loss = new g.losses.SparseCategoricalCrossentropy();
      let turn = 0;
      return {
        step: (x: g.Tensor) => loss.apply(labels[turn++] as g.Tensor, model.apply(x)),
        args: (turn) => [x(turn)],
      };
    },
    /not an argument/,
  ],
  "a number from outside that changes": [
    () => {
      let factor = 1;
      return descent((loss) => g.ops.multiply(loss, factor++));
    },
    /other calls/,
  ],
  "a random number of JavaScript": [
    () => {
      let state = 1;
      return descent((loss) => {
        state = (state * 16807) % 2147483647;
        return g.ops.add(loss, state / 2147483647);
      });
    },
    /other calls/,
  ],
  "another optimizer in each turn": [
    () => {
      const optimizers = [new g.SGD({ learningRate: 0.1 }), new g.SGD({ learningRate: 0.3 })];
      const w = new g.Variable(numbers(4, 1), { name: "w" });
      let turn = 0;
      return {
        step: (x: g.Tensor) => (optimizers[turn++ % 2] as g.SGD).apply([g.ops.mean(x, { axis: 0 })], [w]) * 0,
        args: (turn) => [x(turn)],
        state: () => [w.array()],
      };
    },
    /other calls/,
  ],
  "a look at the loss": [() => descent((loss) => (loss.item() > 0.01 ? loss : null)), /reads or writes/],
  "a look at a variable": [() => descent((_loss, w) => [...w.value]), /reads or writes/],
  "a metric": [
    () => {
      const mean = new g.metrics.Mean();
      return descent((loss) => {
        mean.updateState(loss);
        return mean.result();
      });
    },
    /reads or writes|other calls/,
  ],
  "an assignment": [() => descent((_loss, w, x) => void w.assign(g.ops.mean(x, { axis: 0 }))), /reads or writes/],
  "a list of numbers": [() => descent((loss) => g.ops.add(loss, [1, 2])), /reads or writes|memory/],
  "the updates so far": [
    () => {
      const optimizer = new g.SGD({ learningRate: 0.1 });
      return descent((loss) => [loss, optimizer.iterations], optimizer);
    },
    /other calls/,
  ],
  "a gradient from JavaScript": [
    () => {
      const optimizer = new g.SGD({ learningRate: 0.1 });
      return descent((loss, w) => {
        optimizer.apply([[1, 2, 3, 4]], [w]);
        return loss;
      });
    },
    /not a tensor/,
  ],
  "labels that are checked after an update": [
    () => {
      const loss = new g.losses.SparseCategoricalCrossentropy({ fromLogits: true });
      const { step, args, state } = descent(() => null);
      return {
        step: (x: g.Tensor, y: g.Tensor) => [step(x as never), loss.apply(y, x)],
        args: (turn) => [...args(turn), classes(turn)],
        state: state as () => Float32Array[],
      };
    },
    /after an update/,
  ],
  "a loss scale that changes": [
    () => {
      const optimizer = new g.LossScaleOptimizer(new g.SGD({ learningRate: 0.1 }), {
        initialScale: 8,
        dynamicGrowthSteps: 2,
      });
      const w = new g.Variable(numbers(4, 1), { name: "w" });
      return {
        step: (x: g.Tensor) => {
          const tape = new g.GradientTape();
          const loss = tape.run(() => g.ops.multiply(g.ops.mean(g.ops.multiply(x, w)), optimizer.scaleLoss(1)));
          optimizer.apply([tape.gradient(loss, w)], [w]);
          return loss;
        },
        args: (turn) => [x(turn)],
        state: () => [w.array()],
      };
    },
    /scale of a loss/,
  ],
  "row gradients": [
    () => {
      const table = new g.layers.Embedding(5, 2, { sparseGradient: true });
      const optimizer = new g.SGD({ learningRate: 0.1 });
      table.build([null, 3]);
      return {
        step: (x: g.Tensor) => {
          const tape = new g.GradientTape();
          const loss = tape.run(() => g.ops.sum(g.ops.square(table.apply(x))));
          optimizer.apply(tape.gradient(loss, table.trainableWeights), table.trainableWeights);
          return loss;
        },
        args: (turn) => [g.tensor(Int32Array.of(turn % 5, 1, 2), [1, 3])],
        state: () => table.weights.map((weight) => weight.array()),
      };
    },
    /sparseGradient/,
  ],
  "a result that is not data": [() => descent((loss) => new Map([["loss", loss]])), /returns something else/],
  "an argument that is a list": [
    () => ({ step: (x: readonly number[]) => g.ops.sum(x as number[]), args: (turn) => [[turn, 1]] }),
    /neither a tensor/,
  ],
};

describe("functions that cannot be recorded run as usual", () => {
  for (const [name, [make, reason]] of Object.entries(REFUSED)) {
    it(name, () => {
      const usual = run(make, false);
      const recorded = run(make, "auto");
      expect(recorded.results).toEqual(usual.results);
      expect(recorded.reason).toMatch(reason);
      expect(recorded.replays).toBe(0);
    });
  }

  it("or is refused, before it does anything", () => {
    const w = new g.Variable([1, 2]);
    const step = g.compiled(
      (x: g.Tensor<"float32">) => {
        new g.SGD({ learningRate: 1 }).apply([x], [w]);
        return w.array();
      },
      { jitCompile: true },
    );
    const given = g.tensor([1, 1]);
    step(given);
    step(given);
    expect(() => step(given)).toThrow(
      "compiled: the function cannot be recorded: JavaScript reads or writes its numbers.",
    );
    expect([...w.array()]).toEqual([-1, 0]);
  });
});

describe("events between the calls of a compiled function", () => {
  /** Calls `step` eight times, with an event before the seventh, and compares with the function itself. */
  function expectSame(make: () => { readonly loop: Loop; readonly event: () => void }, replays: number): void {
    const both = ([false, "auto"] as const).map((jitCompile) => {
      let event = () => {};
      const ran = run(
        () => {
          const made = make();
          event = made.event;
          const { args } = made.loop;
          return {
            ...made.loop,
            args: (turn) => {
              if (turn === 6) event();
              return args(turn);
            },
          };
        },
        jitCompile,
        12,
      );
      return ran;
    });
    expect(both[1]?.results).toEqual(both[0]?.results);
    expect(both[1]?.replays).toBe(replays);
  }

  function withModel(event: (model: g.Sequential, optimizer: g.SGD) => void, ...inner: g.layers.Layer[]) {
    const optimizer = new g.SGD({ learningRate: 0.1 });
    const loop = documented(optimizer, ...inner);
    return { loop, event: () => event(models.at(-1) as g.Sequential, optimizer) };
  }

  it("a layer is frozen", () => {
    expectSame(
      () =>
        withModel((model) => {
          (model.layers[0] as g.layers.Layer).trainable = false;
        }),
      7,
    );
  });

  it("another rate of a layer", () => {
    const make = () => {
      const dropout = new g.layers.Dropout(0.5);
      return withModel(() => {
        (dropout as { rate: number }).rate = 0.2;
      }, dropout);
    };
    expectSame(make, 7);
  });

  it("another learning rate, and other weights, change no call", () => {
    expectSame(
      () =>
        withModel((model, optimizer) => {
          optimizer.learningRate = 0.01;
          model.setWeights(
            model
              .getWeights()
              .map(({ data, shape }) => ({ data: data.map((w) => w / 2), shape, dtype: "float32" as const })) as never,
          );
        }),
      9,
    );
  });

  it("a label that is out of range, and then right ones", () => {
    const make = () => {
      const loop = documented(
        new g.SGD({ learningRate: 0.1 }),
        new g.layers.BatchNormalization(),
        new g.layers.Dropout(0.5),
      );
      const args = (turn: number) => [x(turn), turn === 6 ? g.tensor(Int32Array.of(0, 1, 2, 3, 0, 1)) : classes(turn)];
      return { loop: { ...loop, args }, event: () => {} };
    };
    expectSame(make, 8);
  });

  it("a variable that was disposed of", () => {
    const make = () => {
      const loop = descent((loss) => loss);
      return { loop: { ...loop, state: () => [] }, event: () => variables.at(-1)?.dispose() };
    };
    expectSame(make, 3);
  });

  it("other shapes, beyond the number of recordings", () => {
    const make = () => {
      const { step } = descent((loss) => loss);
      return { loop: { step, args: (turn: number) => [x(turn, 1 + (turn % 3))] }, event: () => {} };
    };
    expectSame(make, 3);
    const { step } = descent((loss) => loss);
    const call = g.compiled(step as (x: g.Tensor) => unknown);
    for (let turn = 0; turn < 200; turn++) call(x(turn, 1 + (turn % 10)));
    expect(replaysOf(call).replays).toBeLessThan(50);
  });

  it("a number that changes later is found by the next comparison, with a warning", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    let factor = 1;
    const call = g.compiled((x: g.Tensor) => g.ops.multiply(x, factor));
    const one = g.tensor([1]);
    const results = Array.from({ length: 100 }, (_, turn) => {
      if (turn === 10) factor = 2;
      return call(one).item();
    });
    expect(results.indexOf(2)).toBe(65);
    expect(results.lastIndexOf(1)).toBe(64);
    expect(warn.mock.calls.flat()).toEqual([expect.stringMatching(/Pass values that change as arguments/)]);
    warn.mockRestore();
  });
});

describe("results of a compiled function", () => {
  it("stay what they were, while later calls are made", () => {
    const call = g.compiled((x: g.Tensor) => [g.ops.add(x, 1), g.ops.sum(x)]);
    const made = Array.from({ length: 9 }, (_, turn) => call(x(turn, 40, 4)));
    expect(made.map(([, sum]) => sum?.item())).toEqual(
      Array.from({ length: 9 }, (_, turn) => g.ops.sum(x(turn, 40, 4)).item()),
    );
    for (const back of [1, 2, 3, 4]) {
      expect(made.at(-back)?.[0]?.array()).toEqual(g.ops.add(x(9 - back, 40, 4), 1).array());
    }
  });

  it("are the only values kept", () => {
    const kept: g.Tensor[] = [];
    const call = g.compiled((x: g.Tensor) => {
      const sum = g.ops.sum(x);
      kept.push(sum);
      return g.ops.add(sum, 1);
    });
    for (let turn = 0; turn < 6; turn++) call(x(turn));
    expect(kept).toHaveLength(3);
    expect(kept[0]?.item()).toBe(g.ops.sum(x(0)).item());
    for (const recorded of kept.slice(1))
      expect(() => recorded.item()).toThrow(expect.objectContaining({ code: "ERR_STEP_ENDED" }));
  });

  it("belong to the step around", () => {
    const call = g.compiled((x: g.Tensor) => g.ops.multiply(x, 2));
    for (let turn = 0; turn < 6; turn++) {
      const sum = g.tidy(() => g.ops.sum(g.ops.add(call(x(turn)), call(x(turn + 1)))));
      expect(sum.item()).toBe(g.ops.sum(g.ops.add(g.ops.multiply(x(turn), 2), g.ops.multiply(x(turn + 1), 2))).item());
    }
    expect(replaysOf(call).replays).toBe(9);
  });

  it("have gradients within a tape, where the function itself runs", () => {
    const call = g.compiled((x: g.Tensor) => g.ops.square(x));
    const given = g.tensor([3]);
    for (let turn = 0; turn < 5; turn++) call(given);
    const tape = new g.GradientTape();
    tape.watch(given);
    const y = tape.run(() => call(given));
    expect(tape.gradient(y, given)?.item()).toBe(6);
    expect(replaysOf(call).replays).toBe(2);
  });

  it("of functions within functions, and of one that calls itself", () => {
    const inner = g.compiled((x: g.Tensor) => g.ops.add(x, 1));
    const outer: (x: g.Tensor, deep: boolean) => g.Tensor = g.compiled(
      (x: g.Tensor, deep: boolean): g.Tensor => g.ops.multiply(inner(deep ? outer(x, false) : x), 2),
    );
    const one = g.tensor([1]);
    for (let turn = 0; turn < 6; turn++) expect(outer(one, true).item()).toBe(10);
    expect(replaysOf(outer).replays).toBe(3);
  });

  it.each([
    ["which is replayed", () => new g.layers.Dropout(0.5), true],
    ["where layers update weights at the end", () => new g.layers.BatchNormalization(), false],
  ])("are right in a custom step of fit, %s", async (_name, inner, isReplayed) => {
    const train = async (jitCompile: false | "auto") => {
      g.setRandomSeed(5);
      const optimizer = new g.Adam({ learningRate: 0.01 });
      const model = classifier(inner());
      const update = g.compiled(
        (x: g.Tensor, y: g.Tensor) => {
          const tape = new g.GradientTape();
          const loss = tape.run(() => g.ops.mean(g.ops.square(g.ops.subtract(model.apply(x, { training: true }), y))));
          optimizer.apply(tape.gradient(loss, model.trainableWeights), model.trainableWeights);
          return loss;
        },
        { jitCompile },
      );
      model.compile({ optimizer, trainStep: ([x, y]) => ({ loss: update(x as g.Tensor, y as g.Tensor) }) });
      const { history } = await model.fit(x(1, 48), x(2, 48, 3), {
        batchSize: 6,
        epochs: 2,
        shuffle: false,
        verbose: 0,
      });
      return { all: [history.loss, ...model.weights.map(bits)], replays: replaysOf(update).replays };
    };
    const [usual, recorded] = [await train(false), await train("auto")];
    expect(recorded.all).toEqual(usual.all);
    expect(recorded.replays > 10).toBe(isReplayed);
  });
});
