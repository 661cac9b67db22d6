/**
 * Averages of schedule-free rules: models are evaluated with them, without a callback, and trained at y.
 *
 * Golden vectors compare the averages with the package (`finalized` of schedule-free-*.json); these tests follow from the definition
 * of x and y, by hand.
 */

import { describe, expect, it } from "vitest";
import {
  callbacks,
  LossScaleOptimizer,
  layers,
  MultiOptimizer,
  type Optimizer,
  OptimizerMap,
  ops,
  ScheduleFree,
  ScheduleFreeAdamW,
  ScheduleFreeRAdam,
  ScheduleFreeSGD,
  Sequential,
  SGD,
  schedules,
  type Tensor,
  Variable,
} from "../../../ts/index.js";
import { loadModel, loadWeights, saveModel, saveWeights } from "../../../ts/saving/index.js";

const X = [[1], [2], [3], [4]];
const Y = [[2], [3], [5], [9]];

const RULES: readonly (readonly [string, () => Optimizer])[] = [
  ["ScheduleFreeSGD", () => new ScheduleFreeSGD({ learningRate: 0.02 })],
  ["ScheduleFreeRAdam", () => new ScheduleFreeRAdam({ learningRate: 0.05, beta1: 0.8 })],
  ["ScheduleFreeAdamW", () => new ScheduleFreeAdamW({ learningRate: 0.05 })],
  ["ScheduleFree", () => new ScheduleFree(new SGD({ learningRate: 0.02 }))],
  [
    "ScheduleFree in LossScaleOptimizer",
    () => new LossScaleOptimizer(new ScheduleFree(new SGD({ learningRate: 0.02 }))),
  ],
  ["a rule in LossScaleOptimizer", () => new LossScaleOptimizer(new ScheduleFreeSGD({ learningRate: 0.02 }))],
  [
    "a rule in MultiOptimizer",
    () => new MultiOptimizer(new OptimizerMap(new SGD(), { ".*": new ScheduleFreeSGD({ learningRate: 0.02 }) })),
  ],
];

function line(optimizer: Optimizer): Sequential {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros", name: "line" })]);
  model.compile({ optimizer, loss: "mse" });
  return model;
}

const weightsOf = (model: { getWeights(): { data: ArrayLike<number> }[] }) =>
  model.getWeights().flatMap(({ data }) => Array.from(data));

/** y of `y = share x + (1 - share) z` from what a model shows and its optimizer's z. */
const shareOf = (optimizer: Optimizer) => (optimizer instanceof ScheduleFreeRAdam ? 0.8 : 0.9);

const run = { batchSize: 2, epochs: 3, shuffle: false, verbose: 0 } as const;

describe.each(RULES)("%s", (_, create) => {
  it("shows x at the end of an epoch, and trains at y", async () => {
    const model = line(create());
    const optimizer = model.optimizer as Optimizer;
    const seen: { readonly x: number[]; readonly y: number[] }[] = [];
    const watching = new callbacks.LambdaCallback({
      onEpochEnd: () => {
        const x = weightsOf(model);
        optimizer.trainMode();
        seen.push({ x, y: weightsOf(model) });
        optimizer.evalMode();
        expect(weightsOf(model)).toEqual(x);
      },
    });
    const { history } = await model.fit(X, Y, { ...run, validationData: [X, Y], callbacks: [watching] });
    const zs = optimizer.variables.filter(({ path }) => /_(z|momentum)$/.test(path)).flatMap((z) => [...z.array()]);
    const last = seen.at(-1)!;
    expect(weightsOf(model)).toEqual(last.x);
    expect(zs).toHaveLength(2);
    const share = shareOf(optimizer);
    last.y.forEach((y, i) => expect(y).toBeCloseTo(share * last.x[i]! + (1 - share) * zs[i]!, 5));
    expect(last.y).not.toEqual(last.x);
    // The validation of the last epoch has seen what is in the model now.
    const [loss] = [await model.evaluate(X, Y, { batchSize: 2, verbose: 0 })].flat() as number[];
    expect(history.val_loss?.at(-1)).toBe(loss);
  });

  it("predicts with x after single steps", async () => {
    const [model, shown] = [line(create()), line(new SGD())];
    for (let i = 0; i < 6; i++) await model.trainOnBatch(X, Y);
    const y = weightsOf(model);
    const predicted = (await model.predict(X, { verbose: 0 })).array();
    const x = weightsOf(model);
    expect(x).not.toEqual(y);
    shown.setWeights(model.getWeights());
    expect((await shown.predict(X, { verbose: 0 })).array()).toEqual(predicted);
    (model.optimizer as Optimizer).trainMode();
    weightsOf(model).forEach((weight, i) => expect(weight).toBeCloseTo(y[i]!, 5));
  });

  it("continues from files with the bits of an uninterrupted run", async () => {
    const model = line(create());
    await model.fit(X, Y, run);
    expect(model.optimizer?.showsAverages).toBe(true);
    const bytes = await saveModel(model, { format: "keras" });
    const weights = await saveWeights(model, { format: "safetensors" });
    const other = (await loadModel(bytes, { format: "keras" })) as Sequential;
    const third = line(create());
    await loadWeights(third, weights, { format: "safetensors" });
    expect(weightsOf(other)).toEqual(weightsOf(model));
    for (const one of [model, other, third]) await one.fit(X, Y, { ...run, epochs: 2 });
    expect(weightsOf(other)).toEqual(weightsOf(model));
    expect(weightsOf(third)).toEqual(weightsOf(model));
  });

  it("continues from state that was taken in training", async () => {
    const [model, other] = [line(create()), line(create())];
    for (const one of [model, other]) await one.fit(X, Y, { ...run, epochs: 1 });
    const optimizer = model.optimizer as Optimizer;
    optimizer.trainMode();
    other.setWeights(model.getWeights());
    (other.optimizer as Optimizer).setWeights(optimizer.getWeights());
    for (const one of [model, other]) await one.fit(X, Y, run);
    expect(weightsOf(other)).toEqual(weightsOf(model));
  });

  it("shows the same after a step that was refused", async () => {
    const model = line(create());
    await model.fit(X, Y, run);
    const x = weightsOf(model);
    await expect(model.trainOnBatch(X, [[1], [2]])).rejects.toThrow();
    const optimizer = model.optimizer as Optimizer;
    const [kernel, bias] = model.trainableWeights as [Variable, Variable];
    expect(() => optimizer.apply([[1, 2], [1]], [kernel, bias])).toThrow();
    expect(() =>
      optimizer.minimize(() => {
        throw new RangeError("stop");
      }, [kernel, bias]),
    ).toThrow("stop");
    expect(weightsOf(model)).toEqual(x);
  });
});

describe("trainMode and evalMode", () => {
  it("use the momentum of the last update if it is scheduled", () => {
    class Falling extends schedules.LearningRateSchedule {
      static override readonly className: string = "Falling";
      override at(step: number) {
        return step === 0 ? 0.5 : 0.25;
      }
    }
    const w = new Variable([1]);
    const optimizer = new ScheduleFreeSGD({ learningRate: 1, momentum: new Falling() });
    optimizer.apply([[1]], [w]);
    optimizer.apply([[1]], [w]);
    // z: 0, -1 and x: 0, -0.5, from the first step's y = 0; in the second y = 0.25 x + 0.75 z.
    optimizer.evalMode();
    const x = w.array()[0]!;
    optimizer.trainMode();
    expect(w.array()[0]).toBeCloseTo(0.25 * x + 0.75 * -1, 6);
  });

  it("show moving averages with useEma, and change nothing without averages", () => {
    const w = new Variable([1]);
    const averaging = new SGD({ learningRate: 1, useEma: true, emaMomentum: 0.5 });
    averaging.apply([[1]], [w]);
    averaging.apply([[1]], [w]);
    averaging.evalMode();
    expect([...w.array()]).toEqual([-0.5]);
    averaging.trainMode();
    expect([...w.array()]).toEqual([-1]);
    const plain = new SGD();
    plain.evalMode();
    plain.trainMode();
    expect([...w.array()]).toEqual([-1]);
  });

  it("minimize computes the loss at y", () => {
    const w = new Variable([4]);
    const optimizer = new ScheduleFreeSGD({ learningRate: 0.1 });
    const seen: number[] = [];
    const loss = () => {
      seen.push(w.array()[0]!);
      return ops.sum(ops.square(w as unknown as Tensor));
    };
    optimizer.minimize(loss, [w]);
    optimizer.minimize(loss, [w]);
    const y = w.array()[0]!;
    optimizer.evalMode();
    expect(w.array()[0]).not.toBe(y);
    optimizer.minimize(loss, [w]);
    expect(seen[2]).toBeCloseTo(y, 5);
  });
});
