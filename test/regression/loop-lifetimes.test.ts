/**
 * Results of an iteration stay readable until the next iteration of that computation: metrics reused the memory of
 * their arguments.
 */

import { describe, expect, it } from "vitest";
import {
  GradientTape,
  layers,
  losses,
  memoryUse,
  metrics,
  ops,
  Sequential,
  SGD,
  type Tensor,
  tidy,
  Variable,
  zip,
} from "../../ts/index.js";

/** Too large to be kept separately from the step's memory. */
const many = (value: number, name: string) => new Variable(new Float32Array(200).fill(value), { name });

function turn(w: Variable, optimizer: SGD) {
  const tape = new GradientTape();
  const [squares, loss] = tape.run(() => {
    const squares = ops.square(w);
    return [squares, ops.sum(squares)] as const;
  });
  const [gradient] = tape.gradient(loss, [w]) as [Tensor<"float32">];
  optimizer.applyGradients([[gradient, w]]);
  return { squares, loss, gradient };
}

const labelled = (count: number) => [...Array(count).keys()].map((i) => [i % 2, 1 - (i % 2)]);
const sparse = [...Array(64).keys()].map((i) => i % 2);

describe("a metric, after the step that made its predictions", () => {
  const made: [string, (y: number[][], p: Tensor<"float32">) => void][] = [];
  for (const [name, Metric] of Object.entries(metrics) as [string, new (options?: unknown) => unknown][]) {
    if (!/^[A-Z]/.test(name) || ["Metric", "Mean", "Sum", "MeanMetricWrapper"].includes(name)) continue;
    const options: Record<string, unknown> = {
      MeanIoU: { numClasses: 2, sparseYPred: false, sparseYTrue: false },
      IoU: { numClasses: 2, targetClassIds: [0], sparseYPred: false, sparseYTrue: false },
      OneHotIoU: { numClasses: 2, targetClassIds: [0] },
      OneHotMeanIoU: { numClasses: 2 },
      BinaryIoU: { targetClassIds: [0, 1] },
    };
    const near = /^(Sensitivity|Specificity|Precision|Recall)At/.test(name);
    const argument = near ? { sensitivity: 0.5, specificity: 0.5, precision: 0.5, recall: 0.5 } : undefined;
    made.push([
      name,
      (y, p) => {
        const options_ = argument === undefined ? options[name] : pick(name, argument);
        const metric = new Metric(options_) as { updateState(y: unknown, p: unknown): void; result(): unknown };
        const before = p.array();
        const labels = /^Sparse/.test(name) ? sparse : y;
        metric.updateState(labels, p);
        metric.updateState(labels, p);
        const copied = new Metric(options_) as typeof metric;
        const rows = y.map((_, i) => [...before.subarray(i * 2, i * 2 + 2)]);
        for (let time = 0; time < 2; time++) copied.updateState(labels, rows as never);
        expect(metric.result()).toEqual(copied.result());
        expect(p.array()).toEqual(before);
      },
    ]);
  }

  /** SensitivityAtSpecificity takes the specificity, and so on. */
  function pick(name: string, values: Record<string, number>) {
    const key = (/At(\w+)$/.exec(name)?.[1] ?? "").toLowerCase();
    return { [key]: values[key] };
  }

  it("is each of them", () => expect(made.length).toBeGreaterThan(30));

  it.each(made)("%s", async (_, update) => {
    const model = new Sequential([new layers.Dense(2, { inputShape: [3], activation: "softmax" })]);
    model.compile({ optimizer: "sgd", loss: "mse" });
    const other = many(1, "other");
    const x = labelled(64).map(([a]) => [a as number, 1, 2]);
    const y = labelled(64);
    const [optimizer, second] = [new SGD({ learningRate: 0.1 }), new SGD({ learningRate: 0.1 })];
    for (let i = 0; i < 3; i++) {
      let predictions: Tensor<"float32"> | undefined;
      const check = () => update(y, predictions as unknown as Tensor<"float32">);
      const forward = () => {
        predictions = model.apply(x);
        check();
        return losses.categoricalCrossentropy(y, predictions);
      };
      const tape = new GradientTape();
      const loss = tape.run(forward);
      check();
      const gradients = tape.gradient(loss, model.trainableWeights);
      check();
      optimizer.applyGradients(zip(gradients, model.trainableWeights));
      check();
      turn(other, second);
      check();
      tidy(() => model.apply(x));
      tidy(check);
      check();
      await model.evaluate(x, y, { verbose: 0 });
      await model.predict(x);
      check();
      optimizer.minimize(forward, model.trainableWeights);
      check();
      tidy(() => new GradientTape().run(forward));
      check();
    }
  });
});

type AnyLoss = { call(y: unknown, p: unknown): Tensor<"float32"> };
const lossClasses = Object.entries(losses).filter(([name]) => /^[A-Z]/.test(name) && !/^(Function)?Loss$/.test(name));

it.each(lossClasses)("losses.%s of what a step made, after it, is that of copies", (name, Loss) => {
  const lossFn = new (Loss as new () => AnyLoss)();
  const w = new Variable(labelled(64).map(([a]) => [0.25 + (a as number) / 8, 0.75 - (a as number) / 8]));
  const y = name.startsWith("Sparse") ? sparse : labelled(64);
  for (let i = 0; i < 3; i++) {
    const tape = new GradientTape();
    const [p, loss] = tape.run(() => {
      const p = ops.multiply(w, 1);
      return [p, ops.sum(lossFn.call(y, p))] as const;
    });
    const copy = p.array();
    new SGD({ learningRate: 0.01 }).apply([tape.gradient(loss, w)], [w]);
    turn(many(1, "other"), new SGD());
    const rows = [...Array(64).keys()].map((row) => [...copy.subarray(row * 2, row * 2 + 2)]);
    expect(lossFn.call(y, p).array()).toEqual(lossFn.call(y, rows).array());
    expect(p.array()).toEqual(copy);
  }
});

describe("the tensors of a turn stay readable", () => {
  it("after another network's step, in every order", () => {
    const [d, g] = [many(1, "d"), many(2, "g")];
    const optimizers = [new SGD({ learningRate: 0.25 }), new SGD({ learningRate: 0.25 })] as const;
    for (let i = 0; i < 20; i++) {
      const scale = 0.5 ** i;
      const first = turn(d, optimizers[0]);
      const second = turn(g, optimizers[1]);
      expect([first.squares.value[199], second.squares.value[199]]).toEqual([scale ** 2, 4 * scale ** 2]);
      expect([second.gradient.value[0], first.gradient.value[0]]).toEqual([4 * scale, 2 * scale]);
      expect(first.loss.item()).toBe(200 * scale ** 2);
    }
  });

  it("as gradients of two tapes for the same variables", () => {
    const w = many(1, "w");
    for (let i = 0; i < 20; i++) {
      const gradients = [1, 10].map((factor) => {
        const tape = new GradientTape();
        return tape.gradient(
          tape.run(() => ops.sum(ops.multiply(w, factor))),
          w,
        ) as Tensor<"float32">;
      });
      expect(ops.add(gradients[0] as Tensor, gradients[1] as Tensor).value[199]).toBe(11);
      w.assign(w.array());
    }
  });

  it("after a model was applied, a tidy, and a loop of tapes that only look at losses", () => {
    const w = many(1, "w");
    const model = new Sequential([new layers.Dense(50, { inputShape: [200] })]);
    const { squares } = turn(w, new SGD());
    for (let i = 0; i < 50; i++) {
      model.apply([[...new Float32Array(200)]]);
      new GradientTape().run(() => ops.square(w));
      tidy(() => ops.exp(w));
    }
    expect(squares.value[199]).toBe(1);
  });

  it("after minimize", () => {
    const w = many(1, "w");
    let squares: Tensor<"float32"> | undefined;
    const optimizer = new SGD({ learningRate: 0.25 });
    for (let i = 0; i < 3; i++) {
      optimizer.minimize(() => {
        squares = ops.square(w);
        return ops.sum(squares);
      }, [w]);
      const metric = new metrics.MeanSquaredError();
      metric.updateState([[...new Float32Array(200)]], ops.reshape(squares as unknown as Tensor, [1, -1]));
      expect(metric.result()).toBe(0.25 ** (2 * i));
    }
  });

  it("as a state that the next turn continues from", () => {
    const w = many(1, "w");
    let state: Tensor<"float32"> = ops.multiply(w, 0);
    for (let i = 0; i < 20; i++) {
      const tape = new GradientTape();
      const [next, loss] = tape.run(() => {
        const next = ops.add(ops.multiply(state, w), 1);
        return [next, ops.sum(ops.square(next))] as const;
      });
      const [gradient] = tape.gradient(loss, [w]) as [Tensor<"float32">];
      // 2 next state, and next is i + 1.
      expect(gradient.value[0]).toBe(2 * (i + 1) * i);
      w.assign(w.array());
      state = next;
    }
  });

  it("as losses that are gathered over an epoch", () => {
    const w = many(1, "w");
    const optimizer = new SGD({ learningRate: 0 });
    const all = Array.from({ length: 300 }, () => turn(w, optimizer).loss);
    expect(ops.mean(ops.stack(all)).item()).toBe(200);
  });
});

it.each([
  ["of steps", (w: Variable, optimizer: SGD) => turn(w, optimizer)],
  [
    "of persistent tapes that are not disposed of",
    (w: Variable) => {
      const tape = new GradientTape({ persistent: true });
      tape.gradient(
        tape.run(() => ops.square(w)),
        w,
      );
    },
  ],
  ["of tapes without gradients", (w: Variable) => new GradientTape().run(() => ops.square(w))],
  [
    "that throw",
    (w: Variable) => {
      try {
        new GradientTape().run(() => {
          ops.square(w);
          throw new RangeError("mine");
        });
      } catch {}
    },
  ],
  ["of minimize", (w: Variable, optimizer: SGD) => optimizer.minimize(() => ops.sum(ops.square(w)), [w])],
])("10,000 turns %s take no more memory than the first few hundred", (_, body) => {
  const w = many(1, "w");
  const optimizer = new SGD({ learningRate: 0 });
  for (let i = 0; i < 500; i++) body(w, optimizer);
  const { inUse } = memoryUse();
  for (let i = 0; i < 10_000; i++) body(w, optimizer);
  expect(memoryUse().inUse).toBe(inUse);
});

it("20,000 tapes that are never asked hold 32 MB at most", () => {
  const w = many(1, "w");
  const { inUse } = memoryUse();
  for (let i = 0; i < 20_000; i++) new GradientTape().run(() => ops.square(w));
  expect(memoryUse().inUse - inUse).toBeLessThan(32 * 2 ** 20);
});
