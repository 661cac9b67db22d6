/**
 * Recorded steps of every built-in class: all layers, losses and metrics in all options that are compared with Keras, all
 * activations, and all optimizers. The numbers are those of usual steps, byte for byte.
 *
 * Over 300 lines: one list of families.
 */

import { describe, expect, it, vi } from "vitest";
import * as g from "../../../ts/index.js";
import { builtInLayers } from "../../../ts/layers/registry.js";
import { builtInLosses } from "../../../ts/losses/built-in.js";
import { builtInMetrics } from "../../../ts/metrics/registry.js";
import { builtInOptimizers } from "../../../ts/optimizers/registry.js";
import layerVectors from "../../golden/training/layers.json";
import lossVectors from "../../golden/training/losses.json";
import metricVectors from "../../golden/training/metrics.json";
import { fingerprint, replayedBy, replaysOf } from "../../support/recorded-runs.js";
import { type GoldenArray, tensorOf } from "../../support/training-vectors.js";

/** A model and what it is trained on. */
interface Trained {
  readonly model: g.Model;
  readonly compile?: g.CompileOptions;
  readonly x: readonly g.Tensor[];
  readonly y: g.Tensor;
  readonly sampleWeight?: g.Tensor | undefined;
}

const STEPS = 5;

/** The samples, `by` places further: other numbers of the same shape. */
function rolled(tensor: g.Tensor, by: number): g.Tensor {
  const [array, { shape, dtype }] = [tensor.array(), tensor];
  const row = shape.slice(1).reduce((a, b) => a * b, 1);
  const at = (by * row) % Math.max(1, array.length);
  return g.tensor([...array.slice(at), ...array.slice(0, at)], shape, dtype);
}

interface Ran {
  readonly result: object;
  /** Numbers of replayed steps: of training, and of evaluation and prediction, the fewer. */
  readonly replayed: number;
  readonly evaluated: number;
}

/** Trains, evaluates and predicts, or collects refusals. @returns what changed, and the numbers of replayed steps */
async function run(make: () => Trained, jitCompile: false | "auto"): Promise<Ran> {
  g.setRandomSeed(11);
  const { model, x, y, compile, sampleWeight } = make();
  const optimizer = new g.SGD({ learningRate: 0.01, momentum: 0.9 });
  model.compile({ optimizer, loss: "mse", ...compile, jitCompile });
  const logs: unknown[] = [];
  for (let step = 0; step < STEPS; step++) {
    const inputs = x.map((input) => rolled(input, step));
    const options = sampleWeight === undefined ? {} : { sampleWeight: rolled(sampleWeight, step) };
    const done = model.trainOnBatch(inputs.length > 1 ? inputs : (inputs[0] as g.Tensor), rolled(y, step), options);
    logs.push(await done.catch((error: { code: string }) => error.code));
  }
  for (let step = 0; step < STEPS; step++) {
    const inputs = x.map((input) => rolled(input, step));
    const options = sampleWeight === undefined ? {} : { sampleWeight: rolled(sampleWeight, step) };
    const given = inputs.length > 1 ? inputs : (inputs[0] as g.Tensor);
    const tested = model.testOnBatch(given, rolled(y, step), options);
    logs.push(await tested.catch((error: { code: string }) => error.code));
    const predicted = await model.predictOnBatch(given);
    logs.push([predicted].flat().map((tensor) => [...new Int32Array(tensor.array().slice().buffer)]));
  }
  const result = fingerprint(model, logs);
  const replayed = replayedBy(model);
  const { test, predict } = replaysOf(model);
  model.dispose();
  return { result, replayed, evaluated: Math.min(test, predict) };
}

/** Classes of a family, and whether one of their cases was replayed. */
class Family {
  readonly #replayed = new Map<string, boolean>();
  readonly #evaluated = new Map<string, boolean>();

  async expectSame(name: string, make: () => Trained): Promise<void> {
    const usual = await run(make, false);
    const recorded = await run(make, "auto");
    expect(recorded.result).toEqual(usual.result);
    this.#replayed.set(name, recorded.replayed > 0 || this.#replayed.get(name) === true);
    this.#evaluated.set(name, recorded.evaluated > 0 || this.#evaluated.get(name) === true);
  }

  /** Names of classes whose cases all ran as usual. */
  get unrecorded(): string[] {
    return [...this.#replayed].filter(([, isReplayed]) => !isReplayed).map(([name]) => name);
  }

  /** The same of evaluation and prediction. */
  get unrecordedEvaluations(): string[] {
    return [...this.#evaluated].filter(([, isReplayed]) => !isReplayed).map(([name]) => name);
  }

  /** Names of classes without a case. */
  missing(names: Iterable<string>): string[] {
    return [...names].filter((name) => !this.#replayed.has(name));
  }
}

/** A dense layer that begins as the identity, on the last axis of samples of this shape. */
function onlyDense(shape: readonly number[]): g.Model {
  const units = shape.at(-1) ?? 1;
  return new g.Sequential([
    g.Input({ shape: shape.slice(1) }),
    new g.layers.Dense(units, { kernelInitializer: "identity" }),
  ]);
}

interface LayerCase {
  readonly id: string;
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: readonly GoldenArray[];
  readonly outputShape: unknown;
  readonly weights: readonly GoldenArray[];
}

/** Layers that only steps need, as configs without a comparison with Keras in that file. */
const MORE: readonly [string, object, ...number[][]][] = [
  ["MaxPooling1D", {}, [5, 6, 3]],
  ["AveragePooling1D", {}, [5, 6, 3]],
  ["GlobalMaxPooling1D", {}, [5, 6, 3]],
  ["GlobalAveragePooling1D", {}, [5, 6, 3]],
  ["GaussianNoise", { stddev: 0.1 }, [5, 6]],
  ["RepeatVector", { n: 2 }, [5, 6]],
  ["Permute", { dims: [2, 1] }, [5, 6, 3]],
  ["Average", {}, [5, 6], [5, 6]],
  ["Maximum", {}, [5, 6], [5, 6]],
  ["Minimum", {}, [5, 6], [5, 6]],
  ["Subtract", {}, [5, 6], [5, 6]],
  ["Multiply", {}, [5, 6], [5, 6]],
];

describe("recorded steps of every layer", () => {
  const family = new Family();
  const cases = layerVectors.cases as readonly unknown[] as readonly LayerCase[];
  const expectSame = (class_name: string, config: object, weights: readonly GoldenArray[], inputs: () => g.Tensor[]) =>
    family.expectSame(class_name, () => {
      const x = inputs();
      const given = x.map(({ shape, dtype }) => g.Input({ shape: shape.slice(1), dtype: dtype as never }));
      const layer = g.layers.deserialize({ class_name, config } as never);
      const made = layer.apply(given.length > 1 ? given : (given[0] as never)) as never;
      layer.setWeights(weights.map(tensorOf));
      const flat = new g.layers.Flatten().apply(made);
      const model = new g.Model({ inputs: given, outputs: new g.layers.Dense(2).apply(flat) as never });
      return { model, x, y: g.ops.ones([x[0]?.shape[0] ?? 0, 2]) };
    });

  it.each(cases)("$id", async ({ class_name, config, inputs, weights }) => {
    await expectSame(class_name, config, weights, () => inputs.map(tensorOf));
  });
  it.each(MORE)("%s", async (name, config, ...shapes) => {
    await expectSame(name, config, [], () => shapes.map((shape) => g.random.uniform(shape)));
  });

  it("but of these, which write numbers of JavaScript or call functions of the user's", () => {
    expect(family.unrecorded).toEqual(["Normalization"]);
    expect(family.unrecordedEvaluations).toEqual(["Normalization"]);
    expect(family.missing(builtInLayers.classes.map(({ className }) => className as string))).toEqual([
      "InputLayer",
      "Lambda",
    ]);
  });
});

interface Compared {
  readonly id: string;
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly y_true: GoldenArray;
  readonly y_pred: GoldenArray;
  readonly sample_weight: GoldenArray | null;
}

describe("recorded steps of every loss", () => {
  const family = new Family();
  const cases = lossVectors.cases as readonly unknown[] as readonly Compared[];
  // A dense layer needs an axis of samples, and one of numbers.
  it.each(cases.filter(({ y_pred }) => y_pred.shape.length > 1))(
    "$id",
    async ({ class_name, config, y_true, y_pred, sample_weight }) => {
      await family.expectSame(class_name, () => ({
        model: onlyDense(y_pred.shape),
        compile: { loss: g.losses.deserialize({ class_name, config } as never) },
        x: [tensorOf(y_pred)],
        y: tensorOf(y_true),
        sampleWeight: sample_weight === null ? undefined : tensorOf(sample_weight),
      }));
    },
  );

  it("but of these, whose gradients look at numbers", () => {
    expect(family.unrecorded).toEqual(["Hinge", "SquaredHinge", "CosineSimilarity"]);
    expect(family.unrecordedEvaluations).toEqual(["Hinge", "SquaredHinge", "CosineSimilarity"]);
    expect(family.missing(builtInLosses.keys())).toEqual([]);
  });
});

interface MetricCase {
  readonly id: string;
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly updates: readonly Omit<Compared, "id" | "class_name" | "config">[];
}

describe("recorded steps with every metric", () => {
  const family = new Family();
  const cases = metricVectors.cases as readonly unknown[] as readonly MetricCase[];
  it.each(cases.filter(({ updates }) => (updates[0]?.y_pred?.shape.length ?? 0) > 1))("$id", async (entry) => {
    const { class_name, config, updates } = entry;
    const { y_true, y_pred, sample_weight } = updates[0] as Compared;
    await family.expectSame(class_name, () => ({
      model: onlyDense(y_pred.shape),
      compile: {
        // Of outputs alone: labels may have any shape.
        loss: y_true.shape.join() === y_pred.shape.join() ? "mae" : "sparse_categorical_crossentropy",
        metrics: [g.metrics.deserialize({ class_name, config } as never) as g.metrics.Metric],
      },
      x: [tensorOf(y_pred)],
      y: tensorOf(y_true),
      sampleWeight: sample_weight === null || sample_weight === undefined ? undefined : tensorOf(sample_weight),
    }));
  });

  it("of all but the bases, and the labels of one that no loss takes", () => {
    expect(family.unrecorded).toEqual(["Accuracy"]);
    expect(family.unrecordedEvaluations).toEqual(["Accuracy"]);
    expect(family.missing(builtInMetrics.keys())).toEqual(["Mean", "Sum"]);
  });
});

describe("recorded steps with every optimizer", () => {
  const family = new Family();
  it.each([...builtInOptimizers.keys()])("%s", async (name) => {
    const made = (): g.Optimizer => {
      const Class = builtInOptimizers.get(name) as never as new (options?: object) => g.Optimizer;
      try {
        return new Class({ learningRate: 0.01 });
      } catch {
        return new Class(new g.SGD({ learningRate: 0.01 }));
      }
    };
    await family.expectSame(name, () => ({
      model: new g.Sequential([
        g.Input({ shape: [4] }),
        new g.layers.Dense(6, { activation: "tanh" }),
        new g.layers.BatchNormalization(),
        new g.layers.Dense(3),
      ]),
      compile: { optimizer: made() },
      x: [g.random.uniform([8, 4])],
      y: g.random.uniform([8, 3]),
    }));
  });

  it("of all", () => {
    expect(family.unrecorded).toEqual([]);
    expect(family.unrecordedEvaluations).toEqual([]);
  });
});

describe("recorded steps with the options of optimizers", () => {
  const family = new Family();
  const shrinking = (initialLearningRate: number) =>
    new g.ExponentialDecay({ initialLearningRate, decaySteps: 2, decayRate: 0.5 });
  const OPTIONS: Readonly<Record<string, g.OptimizerOptions>> = {
    skipNonfinite: { skipNonfinite: true },
    gradientCentralization: { gradientCentralization: true },
    adaptiveClip: { adaptiveClip: shrinking(0.05) },
    cautious: { cautious: true },
    cautiousWeightDecay: { cautiousWeightDecay: true, weightDecay: shrinking(0.5) },
    multipliers: {
      learningRateMultipliers: { ".*kernel": 0.5 },
      weightDecayMultipliers: { ".*bias": 0 },
      weightDecay: 0.1,
    },
    "averages and clips": { useEma: true, emaOverwriteFrequency: 2, globalClipnorm: 0.1 },
    accumulation: { gradientAccumulationSteps: 2 },
  };
  const classes = ["Adam", "Muon", "Prodigy", "ScheduleFreeSGD"] as const;
  it.each(Object.entries(OPTIONS).flatMap(([name, options]) => classes.map((made) => [name, made, options] as const)))(
    "%s, of %s",
    async (name, made, options) => {
      const Class = builtInOptimizers.get(made) as never as new (options: object) => g.Optimizer;
      await family.expectSame(`${name} ${made}`, () => ({
        model: new g.Sequential([
          g.Input({ shape: [4] }),
          new g.layers.Dense(6, { activation: "tanh" }),
          new g.layers.Dense(3),
        ]),
        compile: { optimizer: new Class({ learningRate: 0.01, ...options }) },
        x: [g.random.uniform([8, 4])],
        y: g.random.uniform([8, 3]),
      }));
    },
  );

  it("a step that skipNonfinite leaves out", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const train = async (jitCompile: boolean) => {
      g.setRandomSeed(3);
      const model = new g.Sequential([g.Input({ shape: [2] }), new g.layers.Dense(3, { activation: "tanh" })]);
      const optimizer = new g.Adam({ learningRate: 0.1, skipNonfinite: true });
      model.compile({ optimizer, loss: "mse", jitCompile });
      for (let step = 0; step < 6; step++) {
        const x = g.tensor([step, step === 3 ? Number.NaN : 1], [1, 2]);
        await model.trainOnBatch(x, g.tensor([1, 2, 3], [1, 3]));
      }
      expect([optimizer.skippedSteps, optimizer.iterations]).toEqual([1, 5]);
      return { weights: model.getWeights(), replayed: replayedBy(model) };
    };
    const [usual, recorded] = [await train(false), await train(true)];
    warn.mockRestore();
    expect(recorded.weights).toEqual(usual.weights);
    expect(usual.weights.every(({ data }) => data.every(Number.isFinite))).toBe(true);
    expect([usual.replayed, recorded.replayed]).toEqual([0, 4]);
  });

  it("of all", () => {
    expect(family.unrecorded).toEqual([]);
  });
});
