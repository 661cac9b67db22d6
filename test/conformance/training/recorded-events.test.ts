/**
 * Recorded steps through everything that may happen between two steps or in one: the numbers are those of usual steps,
 * or the step is not replayed.
 *
 * Over 300 lines: one list of events.
 */

import { describe, expect, it } from "vitest";
import * as g from "../../../ts/index.js";
import { both, type Case, ints, numbers, outcome, replayedBy } from "../../support/recorded-runs.js";

const { layers: L } = g;

/** Same numbers. @returns how many steps were replayed */
async function expectSame(given: Case): Promise<number> {
  const { usual, recorded } = await both(given);
  expect(recorded.fingerprint).toEqual(usual.fingerprint);
  return recorded.replayed;
}

/** A case of 16 steps on batches of 8, with something done before each. */
function steps(
  before: (model: g.Model, step: number) => unknown,
  given: Case & { readonly options?: (step: number) => g.OnBatchOptions } = {},
): Case {
  const [x, y] = [numbers(128 * 4, 2), numbers(128 * 3, 3)];
  return {
    ...given,
    run: async (model) => {
      const logs: unknown[] = [];
      for (let step = 0; step < 16; step++) {
        const done = await before(model, step);
        const size = typeof done === "number" ? done : 8;
        const from = step * 8;
        const batch = [
          g.tensor(x.slice(from * 4, (from + size) * 4), [size, 4]),
          g.tensor(y.slice(from * 3, (from + size) * 3), [size, 3]),
        ] as const;
        logs.push(await model.trainOnBatch(...batch, given.options?.(step)).catch((error) => String(error)));
      }
      return logs;
    },
  };
}

const dropout = () => [
  new L.Dense(6, { activation: "relu" }),
  new L.Dropout(0.3),
  new L.BatchNormalization(),
  new L.Dense(3),
];

describe("recorded steps with optimizers", () => {
  const made: Record<string, () => g.Optimizer> = {
    SGD: () => new g.SGD({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
    RMSprop: () => new g.RMSprop(),
    AdamW: () => new g.AdamW({ weightDecay: 0.1 }),
    Adafactor: () => new g.Adafactor(),
    Lamb: () => new g.Lamb(),
    Muon: () => new g.Muon({ learningRate: 0.01 }),
    "Muon with Polar Express and NorMuon": () => new g.Muon({ polarExpress: true, normuonBeta2: 0.95 }),
    "clipped gradients": () => new g.Adam({ globalClipnorm: 0.01 }),
    "clipped updates": () => new g.AdamW({ clipThreshold: 0.5 }),
    "accumulated gradients": () => new g.Adam({ gradientAccumulationSteps: 3 }),
    "averaged weights": () => new g.SGD({ useEma: true, emaOverwriteFrequency: 3 }),
    "a schedule": () => new g.SGD({ learningRate: new g.schedules.ExponentialDecay(0.1, 2, 0.5) }),
    "a loss scale that grows": () =>
      new g.LossScaleOptimizer(new g.SGD({ learningRate: 0.1 }), { initialScale: 8, dynamicGrowthSteps: 3 }),
    "a constant loss scale": () => new g.SGD({ learningRate: 0.1, lossScaleFactor: 16 }),
  };
  for (const [name, optimizer] of Object.entries(made)) {
    it(name, async () => {
      const given = { make: dropout, fit: { epochs: 6 } } as const;
      const [usual, recorded] = [
        await outcome({ ...given, compile: { optimizer: optimizer() } }, false),
        await outcome({ ...given, compile: { optimizer: optimizer() } }, "auto"),
      ];
      expect(recorded.fingerprint).toEqual(usual.fingerprint);
      expect(recorded.replayed).toBeGreaterThan(0);
    });
  }
});

describe("recorded steps and what happens between them", () => {
  const events: Record<string, (model: g.Model, step: number) => unknown> = {
    nothing: () => undefined,
    "assigned weights": (model, step) =>
      step % 3 === 2 && model.weights[0]?.assign(numbers(model.weights[0].size, step)),
    "set weights": (model, step) =>
      step === 5 &&
      model.setWeights(
        model.getWeights().map(({ data, shape }) =>
          g.tensor(
            Float32Array.from(data as never, (value: number) => value * 0.5),
            shape,
          ),
        ),
      ),
    "a layer that is frozen and trained again": (model, step) => {
      if (step % 5 === 4) (model.layers[0] as g.layers.Layer).trainable = step % 2 === 1;
    },
    "a variable that is frozen": (model, step) => {
      if (step === 6) (model.weights[1] as g.Variable).trainable = false;
    },
    "a frozen normalization": (model, step) => {
      if (step === 6) (model.layers[2] as g.layers.Layer).trainable = false;
    },
    "another rate of dropout": (model, step) => {
      if (step === 6) (model.layers[1] as unknown as { rate: number }).rate = 0.6;
    },
    "another momentum": (model, step) => {
      if (step === 6) (model.layers[2] as unknown as { momentum: number }).momentum = 0.5;
    },
    "another activation": (model, step) => {
      if (step === 6) (model.layers[0] as unknown as { activation: unknown }).activation = g.activations.tanh;
    },
    "another generator": (model, step) => {
      if (step === 6)
        (model.layers[1] as unknown as { seedGenerator: unknown }).seedGenerator = new g.random.SeedGenerator(5);
    },
    "another state of the generator": (model, step) => {
      if (step === 6) (model.layers[1] as g.layers.Dropout).seedGenerator.state = [77, 3];
    },
    "another seed": (_, step) => step === 6 && g.setRandomSeed(99),
    "other draws": () => g.random.normal([3]),
    "a replaced call": (model, step) => {
      if (step === 6) {
        const layer = model.layers[0] as g.layers.Dense;
        const { call } = layer;
        layer.call = (x: g.Tensor) => g.ops.multiply(call.call(layer, x), 0.5);
      }
    },
    "an evaluation": async (model) => void (await model.testOnBatch(g.ops.zeros([8, 4]), g.ops.zeros([8, 3]))),
    "a prediction": (model) => model.predictOnBatch(g.ops.ones([5, 4])),
    "growing memory": (_, step) => step % 4 === 1 && new g.Variable(new Float32Array(1 << 20)),
    "batches of several sizes": (_, step) => [8, 3, 8, 5, 1][step % 5],
    "a learning rate": (model, step) => {
      (model.optimizer as g.Optimizer).learningRate = 0.1 / (step + 1);
    },
    "another compile": (model, step) =>
      step === 6 && model.compile({ optimizer: "sgd", loss: "mae", jitCompile: model.compileOptions?.jitCompile }),
    "a layer more": (model, step) => {
      if (step === 6) (model as g.Sequential).add(new L.Activation("tanh"));
    },
    "a layer less": (model, step) => {
      if (step === 3) (model as g.Sequential).add(new L.Activation("tanh"));
      if (step === 9) (model as g.Sequential).pop();
    },
    "a state that is saved and set": (model, step) => {
      const optimizer = model.optimizer as g.Optimizer;
      if (step === 9) optimizer.setWeights(optimizer.getWeights());
    },
    "a tidy around it": (model) => g.tidy(() => void model.apply(g.ops.ones([2, 4]), { training: true })),
    "another model that trains": async () => {
      const other = new g.Sequential([g.Input({ shape: [4] }), new L.Dense(3)]);
      other.compile({ optimizer: "sgd", loss: "mse", jitCompile: "auto" });
      for (let i = 0; i < 3; i++) await other.trainOnBatch(g.ops.ones([8, 4]), g.ops.ones([8, 3]));
    },
  };
  for (const [name, event] of Object.entries(events)) {
    it(name, async () => {
      expect(await expectSame(steps(event, { make: dropout }))).toBeGreaterThan(0);
    });
  }

  it("a regularizer's factor that changes", async () => {
    const regularizer = new g.regularizers.L2(0.1);
    const make = () => [new L.Dense(3, { kernelRegularizer: regularizer })];
    const event = (_: g.Model, step: number) => {
      (regularizer as { l2: number }).l2 = step < 6 ? 0.1 : 0.3;
    };
    expect(await expectSame(steps(event, { make }))).toBeGreaterThan(0);
  });

  it("a loss's option that changes", async () => {
    const loss = new g.losses.Huber({ delta: 0.2 });
    const event = (_: g.Model, step: number) => {
      (loss as { delta: number }).delta = step < 6 ? 0.2 : 0.05;
    };
    expect(await expectSame(steps(event, { compile: { loss } }))).toBeGreaterThan(0);
  });

  it("weights that are disposed of are refused as usual", async () => {
    const event = (model: g.Model, step: number) => step === 6 && model.weights[0]?.dispose();
    const given = steps(event);
    const run = async (jit: false | "auto") => {
      const logs: unknown[] = [];
      await outcome({ ...given, run: async (...args) => logs.push(await given.run?.(...args)) }, jit).catch((error) =>
        logs.push(String(error)),
      );
      return JSON.stringify(logs).replaceAll(/dense_\d+/g, "dense");
    };
    const usual = await run(false);
    expect(usual).toContain("was disposed of");
    expect(await run("auto")).toBe(usual);
  });

  it("a label out of range in the middle is refused as usual, and changes nothing", async () => {
    const make = () => [
      new L.Dense(6),
      new L.Dropout(0.5),
      new L.BatchNormalization(),
      new L.Dense(3, { activation: "softmax" }),
    ];
    for (const dtype of ["int32", "float32"] as const) {
      const given: Case = {
        make,
        compile: { loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] },
        run: async (model) => {
          const logs: unknown[] = [];
          for (let step = 0; step < 12; step++) {
            const y = ints(8, 3, step + 1);
            if (step % 4 === 3) y[5] = 3;
            const labels = g.tensor(y, [8], dtype);
            if (dtype === "float32" && step === 7) labels.assign([0.5, 0, 0, 0, 0, 0, 0, 0]);
            const x = g.tensor(numbers(32, step), [8, 4]);
            logs.push(await model.trainOnBatch(x, labels).catch((error) => String(error)));
          }
          return logs;
        },
      };
      expect(await expectSame(given)).toBeGreaterThan(0);
    }
  });

  it("an index out of range in the middle is refused as usual", async () => {
    const given: Case = {
      input: [2],
      make: () => [new L.Embedding(5, 2), new L.Flatten(), new L.Dense(1)],
      run: async (model) => {
        const logs: unknown[] = [];
        for (let step = 0; step < 8; step++) {
          const x = g.tensor(
            step === 5
              ? [
                  [0, 1],
                  [2, 9],
                ]
              : [
                  [0, 1],
                  [step % 5, 4],
                ],
            [2, 2],
            "int32",
          );
          logs.push(await model.trainOnBatch(x, g.tensor([[1], [2]])).catch((error) => String(error)));
        }
        return logs;
      },
    };
    const { usual, recorded } = await both(given);
    const named = (result: object) => JSON.stringify(result).replaceAll(/embedding_\d+/g, "embedding");
    expect(named(recorded.fingerprint)).toBe(named(usual.fingerprint));
    expect(named(recorded.fingerprint)).toContain("9");
    expect(recorded.replayed).toBeGreaterThan(0);
  });

  it("callbacks, validation, shuffling and a last smaller batch", async () => {
    const seen: unknown[] = [];
    const given: Case = {
      make: dropout,
      compile: { metrics: ["mae"] },
      fit: {
        epochs: 8,
        batchSize: 16,
        validationSplit: 0.25,
        callbacks: [
          new g.callbacks.ReduceLROnPlateau({ monitor: "loss", patience: 1 }),
          new g.callbacks.LambdaCallback({ onEpochEnd: (epoch, logs) => void seen.push(epoch, logs) }),
        ],
      },
    };
    expect(await expectSame(given)).toBeGreaterThan(0);
    expect(seen.slice(0, seen.length / 2)).toEqual(seen.slice(seen.length / 2));
  });

  it("recordings keep neither outputs nor gradients", async () => {
    const kept: g.Tensor[] = [];
    class Keeper extends g.metrics.Mean {
      override updateState(_: never, yPred?: never): void {
        kept.push(yPred as never);
      }
    }
    const { recorded } = await both({ compile: { metrics: [new Keeper()] } });
    expect(recorded.replayed).toBe(0);
    expect(kept.length).toBeGreaterThan(0);
  });
});

describe("recordings", () => {
  it("are at most 8, and the least recent goes", async () => {
    const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const given = steps((_, step) => sizes[step % 10]);
    const model = (await outcome(given, "auto")).model;
    const before = g.memoryUse().inUse;
    for (let turn = 0; turn < 30; turn++) {
      for (const size of sizes) await model.trainOnBatch(g.ops.ones([size, 4]), g.ops.ones([size, 3]));
    }
    // 8 recordings of 64 kB, and what steps hold.
    expect(g.memoryUse().inUse - before).toBeLessThan(10 * 65_536);
  });

  it("end with the model and with another compile", async () => {
    const { model } = await outcome({ fit: { epochs: 4 } }, "auto");
    expect(replayedBy(model)).toBeGreaterThan(0);
    const held = g.memoryUse().inUse;
    model.compile({ optimizer: "sgd", loss: "mse" });
    expect(held - g.memoryUse().inUse).toBeGreaterThanOrEqual(65_536);
    const second = (await outcome({ fit: { epochs: 4 } }, "auto")).model;
    const before = g.memoryUse().inUse;
    second.dispose();
    expect(before - g.memoryUse().inUse).toBeGreaterThanOrEqual(65_536);
  });

  it("are not made of steps inside a tape, which sees the operations", async () => {
    const { model } = await outcome({}, "auto");
    const replayed = replayedBy(model);
    const tape = new g.GradientTape();
    await model.trainOnBatch(g.ops.ones([12, 4]), g.ops.ones([12, 3]));
    tape.dispose();
    expect(replayedBy(model)).toBe(replayed);
  });
});

describe("jitCompile: true", () => {
  class Own extends L.Layer {
    override call(x: g.Tensor): g.Tensor<"float32"> {
      return g.ops.multiply(x, 2);
    }
  }
  class Plain extends g.optimizers.Optimizer {
    static override readonly className: string = "Plain";
    constructor() {
      super({ learningRate: 0.1 });
    }
    override updateStep(gradient: g.Tensor<"float32">, variable: g.Variable): void {
      variable.assignSub(gradient);
    }
  }
  const refused: Record<string, [Case, string]> = {
    "a custom layer": [
      { make: () => [new L.Dense(3), new Own({ name: "own" })] },
      '"own" is not one of the built-in layers and models',
    ],
    "a custom loss": [
      { compile: { loss: (a, b) => g.ops.mean(g.ops.square(g.ops.subtract(a, b)), { axis: -1 }) } },
      "the loss",
    ],
    "a loss that looks at numbers": [{ compile: { loss: "hinge" } }, "JavaScript reads or writes its numbers"],
    "a custom metric": [
      { compile: { metrics: [(a: g.Tensor, b: g.Tensor) => g.ops.subtract(a, b)] as never } },
      "the metric",
    ],
    "a custom optimizer around which another is built in": [
      { compile: { optimizer: new g.LossScaleOptimizer(new Plain(), { name: "around" }) } },
      'the optimizer "around" is not built in',
    ],
    "a custom optimizer of a map": [
      { compile: { optimizer: new g.MultiOptimizer(new g.OptimizerMap(new g.SGD(), { ".*bias": new Plain() })) } },
      "the optimizer",
    ],
    "a regularizer that is a function": [
      { make: () => [new L.Dense(3, { name: "own_2", kernelRegularizer: (x) => g.ops.sum(g.ops.abs(x)) })] },
      'a regularizer of "own_2" is not built in',
    ],
    "an activation that is a function": [
      { make: () => [new L.Dense(3, { name: "own_3", activation: (x) => g.ops.tanh(x) })] },
      '"own_3" is not one',
    ],
    "an activity regularizer": [
      { make: () => [new L.Dense(3, { activityRegularizer: "l2" })] },
      "its layers add losses",
    ],
  };
  for (const [name, [given, reason]] of Object.entries(refused)) {
    it(`refuses ${name}, and says why`, async () => {
      const error: unknown = await outcome(given, true).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: "ValueError", code: "ERR_NOT_RECORDABLE" });
      expect((error as Error).message).toContain(`a training step cannot be recorded: ${reason}`);
    });
  }

  it("trains as usual where it records", async () => {
    const [usual, recorded] = [await outcome({ make: dropout }, false), await outcome({ make: dropout }, true)];
    expect(recorded.fingerprint).toEqual(usual.fingerprint);
    expect(recorded.replayed).toBeGreaterThan(0);
  });
});

describe("any events in any order", () => {
  it("leave the numbers of usual steps", async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const run = async (model: g.Model) => {
        const chance = numbers(200, seed);
        let at = 0;
        const next = (bound: number) => Math.floor((chance[at++ % chance.length]! + 0.5) * bound);
        const logs: unknown[] = [];
        const sequential = model as g.Sequential;
        for (let step = 0; step < 30; step++) {
          const classWeight = next(3) === 0 ? { classWeight: { 0: 1 + next(3), 2: 0.5 } } : {};
          switch (next(16)) {
            case 0:
              (model.layers[next(4)] as g.layers.Layer).trainable = next(2) === 0;
              break;
            case 1:
              for (const weight of model.weights.slice(0, 2)) weight.assign(numbers(weight.size, step));
              break;
            case 2:
              model.compile({
                optimizer: "adam",
                loss: ["mse", "mae", "huber"][next(3)]!,
                jitCompile: model.compileOptions?.jitCompile,
              });
              break;
            case 3:
              g.setRandomSeed(next(100));
              break;
            case 4:
              logs.push(await model.testOnBatch(g.ops.ones([4, 4]), g.ops.ones([4, 3])));
              break;
            case 5:
              (model.layers[1] as unknown as { rate: number }).rate = next(10) / 10;
              break;
            case 6:
              void new g.Variable(new Float32Array(next(1 << 18)));
              break;
            case 7:
              if (model.layers.length > 4) sequential.pop();
              else sequential.add(new L.Activation("tanh"));
              break;
            case 8:
              logs.push(
                await model
                  .trainOnBatch(g.ops.ones([4, 5]), g.ops.ones([4, 3]))
                  .catch((error: { code: string }) => error.code),
              );
              break;
            case 9:
              logs.push(await model.evaluate(g.ops.ones([7, 4]), g.ops.ones([7, 3]), { batchSize: 2, verbose: 0 }));
              break;
            case 10:
              logs.push((await model.predict(g.ops.ones([7, 4]), { batchSize: 3 })).array().join());
              break;
            default:
          }
          const size = 1 + next(3);
          const batch = [
            g.tensor(numbers(size * 4, step), [size, 4]),
            g.tensor(numbers(size * 3, step), [size, 3]),
          ] as const;
          logs.push(await model.trainOnBatch(...batch, classWeight));
        }
        return logs;
      };
      const { usual, recorded } = await both({ make: dropout, run });
      expect(recorded.fingerprint).toEqual(usual.fingerprint);
    }
  });
});
