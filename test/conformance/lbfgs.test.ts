/**
 * LBFGS, against vectors of torch: test/golden/quasi_newton.py has the losses. torch computes in float64, here losses
 * and gradients are float32: the weights agree within the tolerance below, and the number of evaluations is the same.
 */

import { afterEach, describe, expect, it, vi } from "vitest";
import {
  GradientTape,
  LBFGS,
  LossScaleOptimizer,
  layers,
  ops,
  optimizers,
  random,
  Sequential,
  type StepData,
  setRandomSeed,
  type Tensor,
  tensor,
  Variable,
} from "../../ts/index.js";
import { loadModel, saveModel } from "../../ts/saving/index.js";
import { float32s } from "../support/bytes.js";
import { goldenFile } from "../support/golden.js";
import { refusal } from "../support/refusal.js";

interface Document {
  readonly inputs: string;
  readonly targets: string;
  readonly cases: readonly {
    readonly loss: "rosenbrock" | "quadratic" | "network";
    readonly shapes: readonly (readonly number[])[];
    readonly weights: readonly string[];
    readonly config: Readonly<Record<string, number>>;
    readonly steps: readonly { readonly evaluations: number; readonly weights: readonly string[] }[];
  }[];
}

const { inputs, targets, cases } = goldenFile<Document>("quasi-newton.json");
/** Float32 gradients, divided by the curvature of a narrow valley. */
const TOLERANCE = { rosenbrock: 2e-3, quadratic: 2e-5, network: 2e-3 };

afterEach(() => {
  vi.restoreAllMocks();
});

const element = (w: Variable, at: number) => ops.sum(ops.multiply(w, at === 0 ? [1, 0] : [0, 1]));

function rosenbrock(w: Variable): Tensor {
  const [x, y] = [element(w, 0), element(w, 1)];
  return ops.add(
    ops.multiply(ops.square(ops.subtract(y, ops.square(x))), 100),
    ops.square(ops.subtract(1, x)),
  ) as Tensor;
}

const LOSSES: Readonly<Record<string, (weights: readonly Variable[]) => Tensor>> = {
  rosenbrock: ([w]) => rosenbrock(w!),
  quadratic: ([a, b]) => {
    const own = ops.multiply(ops.sum(ops.multiply([1, 2, 3, 4, 5, 6], ops.square(ops.subtract(a!, 1)))), 0.5);
    const other = ops.multiply(ops.sum(ops.square(ops.add(b!, 0.5))), 2);
    const all = ops.multiply(ops.square(ops.add(ops.sum(a!), ops.sum(b!))), 0.25);
    return ops.add(ops.add(own, other), all);
  },
  network: ([kernel, bias, out]) => {
    const hidden = ops.tanh(ops.add(ops.matmul(tensor(float32s(inputs), [8, 2]), kernel!), bias!));
    return ops.mean(ops.square(ops.subtract(ops.matmul(hidden, out!), tensor(float32s(targets), [8, 1]))));
  },
};

it.each(cases)("$loss with $config is that of torch", ({ loss: name, shapes, weights, config, steps }) => {
  const optimizer = optimizers.deserialize({ class_name: "LBFGS", config });
  const variables = shapes.map((shape, i) => new Variable(float32s(weights[i]!), { shape: [...shape] }));
  let count = 0;
  const loss = () => {
    count++;
    return LOSSES[name]!(variables);
  };
  steps.forEach(({ evaluations, weights: after }, step) => {
    expect(optimizer.minimize(loss, variables)).toBe(step + 1);
    after.forEach((expected, i) => {
      const got = variables[i]!.array();
      float32s(expected).forEach((w, j) => {
        const label = `call ${step}, variable ${i}, element ${j}: ${got[j]} for ${w}`;
        expect(Math.abs(got[j]! - w), label).toBeLessThan(TOLERANCE[name] * Math.max(1, Math.abs(w)));
      });
    });
    expect(count, `evaluations after call ${step}`).toBe(evaluations);
  });
});

const valley = () => new Variable([-1.2, 1], { name: "w" });

it("brings Rosenbrock's function below 1e-6 within 60 evaluations", () => {
  const w = valley();
  const optimizer = new LBFGS();
  let count = 0;
  let loss = Infinity;
  while (loss >= 1e-6 && count < 60) {
    optimizer.minimize(() => {
      count++;
      return rosenbrock(w);
    }, [w]);
    loss = rosenbrock(w).item();
  }
  expect(loss).toBeLessThan(1e-6);
  expect(count).toBeLessThanOrEqual(60);
});

describe("its state", () => {
  it("resumes with the bits of an uninterrupted run, from getWeights and before the first call", () => {
    const made = () => ({ optimizer: new LBFGS({ maxIter: 3, historySize: 4, name: "own" }), w: valley() });
    const [one, two] = [made(), made()];
    const call = ({ optimizer, w }: ReturnType<typeof made>) => optimizer.minimize(() => rosenbrock(w), [w]);
    for (let step = 0; step < 3; step++) call(one);
    two.optimizer.build([two.w]);
    two.w.assign(one.w.array());
    two.optimizer.setWeights(one.optimizer.getWeights());
    expect(two.optimizer.getWeights()).toEqual(one.optimizer.getWeights());
    expect(two.optimizer.iterations).toBe(3);
    for (let step = 0; step < 3; step++) {
      for (const side of [one, two]) call(side);
      expect([...two.w.array()]).toEqual([...one.w.array()]);
    }
  });

  it("is freed by dispose", () => {
    const optimizer = new LBFGS();
    optimizer.build([valley()]);
    optimizer.dispose();
    expect(() => optimizer.minimize(() => tensor(1), [])).toThrow("disposed");
  });
});

class FullBatch extends Sequential {
  override trainStep([x, y]: StepData<Tensor, Tensor>): { loss: number } {
    const loss = () => ops.mean(ops.square(ops.subtract(this.apply(x, { training: true }) as Tensor, y)));
    this.optimizer?.minimize(loss, this.trainableWeights);
    return { loss: loss().item() };
  }
}

const X = [[0.1], [0.4], [0.7], [1]];
const Y = [[0.2], [0.1], [0.5], [0.9]];

it("trains a model by a trainStep, is saved with it, and resumes exactly", async () => {
  setRandomSeed(3);
  const create = () =>
    new FullBatch([new layers.Dense(3, { inputShape: [1], activation: "tanh" }), new layers.Dense(1)]);
  const model = create();
  model.compile({ optimizer: new LBFGS({ maxIter: 4 }), loss: "mse" });
  const run = { batchSize: 4, epochs: 3, verbose: 0 } as const;
  const { history } = await model.fit(X, Y, run);
  expect(history.loss![2]).toBeLessThan(history.loss![0] as number);
  const bytes = await saveModel(model, { format: "keras" });
  const other = (await loadModel(bytes, { format: "keras", customObjects: { FullBatch } })) as Sequential;
  for (const one of [model, other]) await one.fit(X, Y, run);
  expect(other.getWeights()).toEqual(model.getWeights());
});

it("counts statistics and draws of layers once in a call, and draws the same in each evaluation", () => {
  setRandomSeed(3);
  const seed = new random.SeedGenerator(5);
  const w = new Variable([1, 2]);
  const normalization = new layers.BatchNormalization({ momentum: 0.5 });
  normalization.build([null, 1]);
  const draws: number[] = [];
  const loss = () => {
    const noise = random.uniform([2], { seed });
    draws.push(noise.array()[0]!);
    normalization.apply([[2], [4]], { training: true });
    return ops.sum(ops.square(ops.add(w, noise)));
  };
  new LBFGS().minimize(loss, [w]);
  expect(draws.length).toBeGreaterThan(1);
  expect(new Set(draws).size).toBe(1);
  expect(seed.state).toEqual([5, 1]);
  // From 0 to 3, the mean of the batch, by half.
  expect([...normalization.movingMean!.array()]).toEqual([1.5]);
});

describe("refuses", () => {
  it.each<[string, (optimizer: LBFGS, w: Variable) => unknown, string]>([
    ["gradients", (optimizer, w) => optimizer.applyGradients([[[1, 1], w]]), "ERR_LOSS_MISSING"],
    ["gradients in apply", (optimizer, w) => optimizer.apply([[1, 1]], [w]), "ERR_LOSS_MISSING"],
    ["a tensor", (optimizer, w) => optimizer.minimize(tensor(1), [w]), "ERR_OPTION_TYPE"],
    [
      "a tape",
      (optimizer, w) => optimizer.minimize(() => rosenbrock(w), [w], { tape: new GradientTape() }),
      "ERR_OPTION_CONFLICT",
    ],
    ["a loss of several numbers", (optimizer, w) => optimizer.minimize(() => ops.square(w), [w]), "ERR_SHAPE"],
    ["a loss of nothing", (optimizer, w) => optimizer.minimize(() => tensor(1), [w]), "ERR_GRADIENT_NONE"],
  ])("%s, and changes nothing", (_, call, code) => {
    const [optimizer, w] = [new LBFGS(), valley()];
    expect(refusal(() => call(optimizer, w))).toMatchObject({ code });
    expect([[...w.array()], optimizer.built, optimizer.iterations]).toEqual([[...valley().array()], false, 0]);
  });

  it("other variables than before, and constraints", () => {
    const [optimizer, w] = [new LBFGS(), valley()];
    optimizer.minimize(() => rosenbrock(w), [w]);
    const other = valley();
    expect(refusal(() => optimizer.minimize(() => rosenbrock(other), [other]))).toMatchObject({
      code: "ERR_VARIABLE_UNKNOWN",
    });
    w.constraint = () => null;
    expect(refusal(() => optimizer.minimize(() => rosenbrock(w), [w]))).toMatchObject({ code: "ERR_OPTION_CONFLICT" });
  });

  it("to be inside of another optimizer, and to be compiled without a trainStep", () => {
    expect(refusal(() => new LossScaleOptimizer(new LBFGS()))).toMatchObject({ code: "ERR_OPTION_CONFLICT" });
    const model = new Sequential([new layers.Dense(1, { inputShape: [1] })]);
    const error = refusal(() => model.compile({ optimizer: "lbfgs", loss: "mse" }));
    expect(error).toMatchObject({ code: "ERR_OPTION_CONFLICT", message: expect.stringContaining("trainStep") });
  });

  it("nothing that fails later: weights, state and draws are as before", () => {
    const [optimizer, w] = [new LBFGS({ maxIter: 3 }), valley()];
    optimizer.minimize(() => rosenbrock(w), [w]);
    const [before, state] = [w.array(), optimizer.getWeights()];
    let count = 0;
    const failing = () => {
      if (++count === 3) throw new RangeError("stop");
      return rosenbrock(w);
    };
    expect(() => optimizer.minimize(failing, [w])).toThrow("stop");
    expect(w.array()).toEqual(before);
    expect(optimizer.getWeights()).toEqual(state);
  });
});

it("skips a call that starts at a loss that is not finite, and steps back from such a point", () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const [optimizer, w] = [new LBFGS(), new Variable([-1])];
  const root = () => ops.sum(ops.sqrt(w)) as Tensor;
  expect(optimizer.minimize(root, [w])).toBe(0);
  expect([[...w.array()], optimizer.skippedSteps]).toEqual([[-1], 1]);
  // Its first step goes below 0, where there is no logarithm.
  const v = new Variable([3]);
  const barrier = () => ops.sum(ops.subtract(v, ops.multiply(ops.log(v), 0.1))) as Tensor;
  const other = new LBFGS({ learningRate: 20 });
  for (let call = 0; call < 3; call++) other.minimize(barrier, [v]);
  expect(v.array()[0]).toBeCloseTo(0.1, 3);
});
