/**
 * Options that Keras lacks, on every optimizer: each step is compared with the step that the same optimizer takes without them,
 * changed by hand in float64 as the papers say. Vectors of optax and timm are in `options-by-others.test.ts`.
 */

import { describe, expect, it } from "vitest";
import {
  type Adam,
  AdamW,
  ExponentialDecay,
  Lookahead,
  LossScaleOptimizer,
  MultiOptimizer,
  type Optimizer,
  OptimizerMap,
  type OptimizerOptions,
  SGD,
  SWA,
  Variable,
} from "../../ts/index.js";
import { RULES } from "../support/rules.js";

/** Kernels of 2 and 4 axes, a wide one, one with a single row, a bias and one number. */
const SHAPES = [[5, 3], [2, 2, 3, 2], [2, 37], [1, 4], [3], []] as const;
const sizeOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);
const wave = (size: number, seed: number, scale: number) =>
  Float32Array.from({ length: size }, (_, i) => scale * Math.sin(1 + i * 1.7 + seed * 2.3));
const variables = () =>
  SHAPES.map((shape, i) => new Variable(wave(sizeOf(shape), i, 0.5), { shape: [...shape], name: `layer_${i}/kernel` }));
const gradients = (step: number) => SHAPES.map((shape, i) => wave(sizeOf(shape), 10 * step + i, 1 + i));

const STEPS = 6;

/** Rules that contain the decay. */
const OWN_DECAY = ["LARS", "StableAdamW", "Prodigy", "DAdaptAdam", "ScheduleFreeSGD", "ScheduleFreeRAdam"];

function columnsOf(shape: readonly number[]): number {
  const cols = shape.at(-1) ?? 1;
  return shape.length < 2 || cols === sizeOf(shape) ? 1 : cols;
}

const norm = (x: readonly number[]) => Math.sqrt(x.reduce((sum, one) => sum + one * one, 0));

function centralized(g: Float32Array, shape: readonly number[]): Float32Array {
  const cols = columnsOf(shape);
  if (shape.length < 2 || (cols === 1 && shape.at(-1) !== 1)) return g;
  const rows = g.length / cols;
  return g.map((x, i) => x - g.reduce((sum, y, j) => (j % cols === i % cols ? sum + y : sum), 0) / rows);
}

function adaptivelyClipped(g: Float32Array, w: Float32Array, shape: readonly number[], limit: number): Float32Array {
  const cols = columnsOf(shape);
  const column = (x: Float32Array, at: number) => [...x].filter((_, i) => i % cols === at);
  return g.map((x, i) => {
    const most = limit * Math.max(norm(column(w, i % cols)), 1e-3);
    const own = norm(column(g, i % cols));
    return own < most ? x : (x * most) / Math.max(own, 1e-6);
  });
}

function near(got: ArrayLike<number>, expected: ArrayLike<number>, label: string): void {
  for (let i = 0; i < expected.length; i++) {
    // Newton-Schulz enlarges last bits: see test/golden/generate.py.
    const tolerance = (label.startsWith("Muon") ? 3e-5 : 2e-6) * Math.max(1, Math.abs(expected[i]!));
    expect(Math.abs(got[i]! - expected[i]!), `${label}, element ${i}: ${got[i]}, ${expected[i]}`).toBeLessThan(
      tolerance,
    );
  }
}

/** A step of an optimizer without the option, from the weights and the state of one that has it. */
function stepFrom(
  make: new (options?: OptimizerOptions) => Optimizer,
  options: OptimizerOptions,
  from: Optimizer,
  weights: readonly Float32Array[],
  g: readonly Float32Array[],
) {
  const list = variables();
  list.forEach((variable, i) => {
    variable.assign(weights[i]!);
  });
  const optimizer = new make(options);
  optimizer.build(list);
  if (from.built) optimizer.setWeights(from.getWeights());
  optimizer.apply(g as never, list);
  const after = { weights: list.map((variable) => variable.array()), state: optimizer.getWeights() };
  for (const one of [optimizer, ...list]) one.dispose();
  return after;
}

describe.each(RULES)("%s", (name, make) => {
  it("is given the centralized gradient", () => {
    const around = { globalClipnorm: 1 };
    const list = variables();
    const optimizer = new make({ ...around, gradientCentralization: true });
    for (let step = 0; step < STEPS; step++) {
      const g = gradients(step);
      const weights = list.map((variable) => variable.array());
      const central = g.map((one, i) => centralized(one, SHAPES[i]!));
      const expected = stepFrom(make, around, optimizer, weights, central);
      optimizer.apply(g as never, list);
      list.forEach((variable, i) =>
        near(variable.array(), expected.weights[i]!, `${name}, step ${step}, variable ${i}`),
      );
    }
  });

  it("is given the adaptively clipped gradient, by applyGradients too", () => {
    const list = variables();
    const optimizer = new make({ adaptiveClip: 0.5 });
    for (let step = 0; step < STEPS; step++) {
      const g = gradients(step);
      const weights = list.map((variable) => variable.array());
      const clipped = g.map((one, i) => adaptivelyClipped(one, weights[i]!, SHAPES[i]!, 0.5));
      const expected = stepFrom(make, {}, optimizer, weights, clipped);
      if (step % 2 === 0) optimizer.apply(g as never, list);
      else optimizer.applyGradients(list.map((variable, i) => [g[i]!, variable] as const));
      list.forEach((variable, i) =>
        near(variable.array(), expected.weights[i]!, `${name}, step ${step}, variable ${i}`),
      );
    }
  });

  it("is cautious", () => {
    const around = { weightDecay: 0, learningRate: 0.125, ...(name === "Muon" ? { adamWeightDecay: 0 } : {}) };
    const list = variables();
    const optimizer = new make({ ...around, cautious: true });
    let masked = 0;
    for (let step = 0; step < STEPS; step++) {
      const g = gradients(step);
      const before = list.map((variable) => variable.array());
      const plain = stepFrom(make, around, optimizer, before, g);
      optimizer.apply(g as never, list);
      list.forEach((variable, i) => {
        const w = before[i]!;
        const updates = [...plain.weights[i]!].map((after, j) => w[j]! - after);
        const mask = updates.map((u, j) => (Math.sign(u) * Math.sign(g[i]![j]!) > 0 ? 1 : 0) as number);
        masked += mask.filter((one) => one === 0).length;
        const mean = mask.reduce((sum, one) => sum + one, 0) / mask.length;
        const expected = updates.map((u, j) => w[j]! - (u * mask[j]!) / Math.max(mean, 1e-3));
        near(variable.array(), expected, `${name}, step ${step}, variable ${i}`);
      });
      // The state is that of the plain step.
      expect(optimizer.getWeights()).toEqual(plain.state);
    }
    if (/^(Ad[ae]|Adan|AMS|Lion|N|Signum|Momentum)/.test(name) && !/^Ada(d|f|g)/.test(name))
      expect(masked).toBeGreaterThan(0);
  });

  it("decays cautiously", () => {
    const learningRate = 0.125;
    const weightDecay = 0.25;
    const list = variables();
    const optimizer = new make({ learningRate, weightDecay, cautiousWeightDecay: true });
    optimizer.excludeFromWeightDecay({ varList: [list[4]!] });
    for (let step = 0; step < STEPS; step++) {
      const g = gradients(step);
      const before = list.map((variable) => variable.array());
      // Muon has separate options for the decay of matrices and of other variables.
      const without = name === "Muon" ? { weightDecay: 0, adamWeightDecay: 0 } : { weightDecay: 0 };
      const plain = stepFrom(make, { learningRate, ...without } as never, optimizer, before, g);
      const share = ["ADOPT", "SOAP"].includes(name) && step === 0 ? 0 : learningRate * weightDecay;
      const inside = OWN_DECAY.includes(name)
        ? stepFrom(make, { learningRate, weightDecay }, optimizer, before, g)
        : null;
      optimizer.apply(g as never, list);
      if (name === "Muon") return;
      if (inside !== null) {
        list.forEach((variable, i) => {
          if (i !== 4) near(variable.array(), inside.weights[i]!, `${name}, step ${step}, variable ${i}`);
        });
        continue;
      }
      list.forEach((variable, i) => {
        const expected = [...plain.weights[i]!].map((after, j) => {
          const w = before[i]![j]!;
          return (w - after) * w >= 0 && i !== 4 ? after - w * share : after;
        });
        near(variable.array(), expected, `${name}, step ${step}, variable ${i}`);
      });
    }
  });

  it.each([false, true])("is cautious, with weight decay that is cautious: %s", (cautiousWeightDecay) => {
    // Muon has separate options for the decay of matrices and of other variables.
    if (OWN_DECAY.includes(name) || name === "Muon") return;
    const [learningRate, weightDecay] = [0.125, 0.25];
    const list = variables();
    const optimizer = new make({ learningRate, weightDecay, cautious: true, cautiousWeightDecay });
    optimizer.build(list);
    for (let step = 0; step < STEPS; step++) {
      const g = gradients(step);
      const share = ["ADOPT", "SOAP"].includes(name) && step === 0 ? 0 : learningRate * weightDecay;
      const before = list.map((variable) => variable.array());
      // Plain decay comes before the update, which starts from the decayed weights; cautious decay follows it.
      const from = cautiousWeightDecay ? before : before.map((w) => w.map((x) => x - x * share));
      const plain = stepFrom(make, { learningRate, weightDecay: 0 }, optimizer, from, g);
      optimizer.apply(g as never, list);
      list.forEach((variable, i) => {
        // SOAP's authors decay after the update, so it decays as well.
        const rest = name === "SOAP" && !cautiousWeightDecay ? 1 - share : 1;
        const updates = [...plain.weights[i]!].map((after, j) => (from[i]![j]! - after) * rest);
        const mask = updates.map((u, j) => (Math.sign(u) * Math.sign(g[i]![j]!) > 0 ? 1 : 0) as number);
        const mean = mask.reduce((sum, one) => sum + one, 0) / mask.length;
        const expected = updates.map((u, j) => {
          const [w, update] = [from[i]![j]!, (u * mask[j]!) / Math.max(mean, 1e-3)];
          return w - update - (cautiousWeightDecay && update * w >= 0 ? w * share : 0);
        });
        near(variable.array(), expected, `${name}, step ${step}, variable ${i}`);
      });
    }
  });

  it("keeps its bits where the options change nothing, and takes all of them together", () => {
    const train = (options: OptimizerOptions) => {
      const list = variables();
      const optimizer = new make(options);
      for (let step = 0; step < STEPS; step++) optimizer.apply(gradients(step) as never, list);
      return [...list.map((variable) => variable.array()), optimizer.getWeights()];
    };
    const around = { gradientAccumulationSteps: 2, useEma: true, emaOverwriteFrequency: 3, clipnorm: 0.5 };
    expect(train({ ...around, adaptiveClip: 1e6 })).toEqual(train(around));
    expect(train({ ...around, adaptiveClip: 0, cautious: false })).toEqual(train(around));
    const switches = { gradientCentralization: true, cautious: true, cautiousWeightDecay: true, skipNonfinite: true };
    const all = { ...around, adaptiveClip: 0.25, weightDecay: 0.01, lossScaleFactor: 2, ...switches };
    const numbers = train(all);
    expect(numbers).toEqual(train(all));
    expect(numbers).not.toEqual(train(around));
    const config = JSON.parse(JSON.stringify(new make(all).getConfig()));
    const again = (make as never as typeof Adam).fromConfig(config);
    expect(again.getConfig()).toEqual(config);
    expect(config).toMatchObject({ adaptive_clip: 0.25, cautious: true, cautious_weight_decay: true });
  });
});

it("unset options are not in the config: Keras refuses their keys", () => {
  const switches = { cautious: false, cautiousWeightDecay: false, gradientCentralization: false };
  const config = new SGD({ ...switches, adaptiveClip: null }).getConfig();
  expect(Object.keys(config).filter((key) => /cautious|adaptive|central|nonfinite/.test(key))).toEqual([]);
});

it("the adaptive clip may be a schedule, also in JSON", () => {
  const adaptiveClip = new ExponentialDecay({ initialLearningRate: 0.5, decaySteps: 1, decayRate: 0.5 });
  const optimizer = new SGD({ learningRate: 1, adaptiveClip });
  const again = SGD.fromConfig(JSON.parse(JSON.stringify(optimizer.getConfig())));
  for (const one of [optimizer, again]) {
    const w = new Variable([3, 4]);
    one.apply([[30, 40]], [w]);
    // A half of the norm of the weights, then a quarter.
    near(w.array(), [1.5, 2], "first");
    one.apply([[30, 40]], [w]);
    near(w.array(), [1.125, 1.5], "second");
  }
});

it("in wrapper optimizers they apply to the gradients that these pass on", () => {
  const w = () => new Variable([3, 4]);
  const scaling = new LossScaleOptimizer(new SGD({ learningRate: 1, adaptiveClip: 0.5 }), { initialScale: 2 });
  const [a, b] = [w(), w()];
  scaling.apply([[60, 80]], [a]);
  const multi = new MultiOptimizer(new OptimizerMap(new SGD({ learningRate: 1, adaptiveClip: 0.5 }), {}));
  multi.apply([[30, 40]], [b]);
  for (const one of [a, b]) near(one.array(), [1.5, 2], "clipped");
});

it.each<[string, (make: () => Optimizer) => Optimizer]>([
  ["LossScaleOptimizer", (make) => new LossScaleOptimizer(make(), { initialScale: 1 })],
  ["Lookahead", (make) => new Lookahead(make(), { syncPeriod: 100 })],
  ["SWA", (make) => new SWA(make(), { startAveraging: 100 })],
  ["MultiOptimizer", (make) => new MultiOptimizer(new OptimizerMap(make(), { "layer_[012]/.*": make() }))],
])("%s hands all of them on", (_, around) => {
  const make = () =>
    new AdamW({
      gradientCentralization: true,
      adaptiveClip: new ExponentialDecay({ initialLearningRate: 0.5, decaySteps: 1, decayRate: 0.5 }),
      cautious: true,
      cautiousWeightDecay: true,
      skipNonfinite: true,
    });
  const [alone, inside] = [make(), around(make)];
  const [expected, got] = [variables(), variables()];
  for (let step = 0; step < STEPS; step++) {
    alone.apply(gradients(step) as never, expected);
    inside.apply(gradients(step) as never, got);
  }
  expect(got.map((variable) => variable.array())).toEqual(expected.map((variable) => variable.array()));
});

it("NaN and infinity reach the weights, as without the options", () => {
  for (const options of [{ cautious: true }, { cautiousWeightDecay: true, weightDecay: 0.1 }, { adaptiveClip: 1 }]) {
    const w = new Variable([1, 2]);
    new SGD(options).apply([[Number.NaN, 1]], [w]);
    expect(w.array()[0]).toBeNaN();
  }
});
