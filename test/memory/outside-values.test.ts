/**
 * Values outside of steps: a loop without `await` does not grow, although the garbage collector reports nothing in it,
 * and referenced values are never lost.
 */

import { describe, expect, it } from "vitest";
import {
  GradientTape,
  layers,
  losses,
  memoryUse,
  metrics,
  ops,
  random,
  Sequential,
  SGD,
  type Tensor,
  tensor,
  tidy,
  Variable,
  zip,
} from "../../ts/index.js";
import { leaveAll, settle } from "../../ts/runtime/loose.js";
import { refusal } from "../support/refusal.js";

const SIZE = 64;
const square = () => tensor(new Float32Array(SIZE * SIZE).fill(1), [SIZE, SIZE]);
const dense = () => new Sequential([new layers.Dense(SIZE, { inputShape: [SIZE], activation: "tanh" })]);

/** Loops as people write them: each returns a turn. */
const LOOPS: Record<string, () => () => void> = {
  "an operation": () => {
    const [a, b] = [square(), square()];
    return () => ops.add(a, b);
  },
  "one that is not recorded": () => {
    const a = square();
    return () => {
      ops.argmax(a, 1);
      ops.greater(a, 0);
    };
  },
  "many small operations": () => () => {
    for (let i = 0; i < 16; i++) ops.add(i, 1);
  },
  "tensors from data": () => {
    const data = new Float32Array(SIZE * SIZE);
    return () => tensor(data);
  },
  "random numbers": () => () => random.normal([SIZE, SIZE]),
  "copies that are kept, and dropped": () => {
    const a = square();
    return () => tidy(() => ops.keep(ops.square(a)));
  },
  "a validation loop": () => {
    const [model, x, metric] = [dense(), square(), new metrics.MeanSquaredError()];
    return () => metric.updateState(x, model.apply(x));
  },
  generation: () => {
    const model = dense();
    let x: Tensor<"float32"> = square();
    return () => {
      x = model.apply(x);
    };
  },
  "a GAN in the order of the guide": () => {
    const [d, g] = [dense(), dense()];
    const optimizers = [new SGD({ learningRate: 0.01 }), new SGD({ learningRate: 0.01 })] as const;
    const lossFn = new losses.BinaryCrossentropy({ fromLogits: true });
    const [real, mean] = [square(), new metrics.Mean()];
    const labels = new Float32Array(2 * SIZE * SIZE);
    return () => {
      const noise = random.normal([SIZE, SIZE]);
      const combined = ops.concatenate([g.apply(noise), real], 0);
      const first = new GradientTape();
      const dLoss = first.run(() => lossFn.call(ops.reshape(labels, combined.shape), d.apply(combined)));
      optimizers[0].applyGradients(zip(first.gradient(dLoss, d.trainableWeights), d.trainableWeights));
      const second = new GradientTape();
      const gLoss = second.run(() => lossFn.call(real, d.apply(g.apply(noise))));
      optimizers[1].applyGradients(zip(second.gradient(gLoss, g.trainableWeights), g.trainableWeights));
      mean.updateState(dLoss);
      mean.updateState(gLoss);
    };
  },
  "actions chosen outside of a tape, and targets": () => {
    const [model, states] = [dense(), square()];
    const optimizer = new SGD({ learningRate: 0.01 });
    return () => {
      ops.argmax(model.apply(states), 1).array();
      const targets = ops.add(1, ops.multiply(0.9, ops.max(model.apply(states), 1)));
      const tape = new GradientTape();
      const loss = tape.run(() => losses.meanSquaredError(targets, ops.sum(model.apply(states), 1)));
      optimizer.applyGradients(zip(tape.gradient(loss, model.trainableWeights), model.trainableWeights));
    };
  },
  "small results of steps that have ended, used again": () => {
    const w = new Variable(new Float32Array(SIZE * SIZE), { shape: [SIZE, SIZE] });
    const last: Tensor<"float32">[] = [];
    return () => {
      const tape = new GradientTape();
      const sums = tape.run(() => Array.from({ length: 10 }, () => ops.sum(ops.square(w), 0)));
      tape.gradient(sums, w);
      w.assign(w.array());
      last.push(...sums);
      while (last.length > 100) ops.add(last.shift() as Tensor, 1).dispose();
    };
  },
};

describe("a loop without await takes no more memory after a while", () => {
  it.each(Object.entries(LOOPS))("%s", (_, make) => {
    const turn = make();
    for (let i = 0; i < 700; i++) turn();
    const { reserved } = memoryUse();
    for (let i = 0; i < 700; i++) turn();
    expect(memoryUse().reserved - reserved).toBeLessThan(2 ** 18);
    expect(memoryUse().inUse).toBeLessThan(40 * 2 ** 20);
  });
});

/** As after a long loop. */
function moveOut(...values: readonly Tensor[]): void {
  settle();
  leaveAll();
  const { inUse } = memoryUse();
  for (const value of values) value.dispose();
  // They held no memory any more.
  expect(memoryUse().inUse).toBe(inUse);
}

describe("referenced values stay", () => {
  it("when they are kept forever, whatever follows", () => {
    const kept = Array.from({ length: 3000 }, (_, i) => ops.add(new Float32Array(300).fill(i), 1));
    for (const [i, value] of kept.entries()) {
      expect(value.array()[299]).toBe(i + 1);
      if (i % 3 === 0) expect(ops.multiply(value, 2).value[0]).toBe(2 * (i + 1));
    }
    for (const value of kept) value.dispose();
  });

  it("as a number, an array, a view, two views at a time", () => {
    const [a, b] = [ops.add([1, 2], 1), ops.add(3, 1)];
    const large = ops.add(new Float32Array(1 << 20), 5);
    moveOut();
    const [x, y] = [a.value, large.value];
    expect([...x, y[7], b.item()]).toEqual([2, 3, 5, 4]);
    expect(large.array()[(1 << 20) - 1]).toBe(5);
  });

  it("when they are written to", () => {
    const a = ops.add([1, 2], 1);
    moveOut();
    a.value[0] = 10;
    expect([...ops.add(a, 0).array()]).toEqual([10, 3]);
    moveOut();
    a.assign([7, 8]);
    expect([...ops.add(a, 0).array()]).toEqual([7, 8]);
  });

  it("as whole numbers, and with the bits of NaN", () => {
    const a = tensor(new Int32Array([1, -(2 ** 31)]));
    const b = ops.add([Number.NaN, -0], 0);
    moveOut();
    expect([...a.array(), ...b.array()]).toEqual([1, -(2 ** 31), Number.NaN, 0]);
    expect(ops.take([5, 6], tensor(new Int32Array([1]))).item()).toBe(6);
    expect(a.value).toBeInstanceOf(Int32Array);
  });

  it("on a tape, which still sees a change in place", () => {
    const w = new Variable([2, 3]);
    const x = ops.add([10, 20], 0);
    const tape = new GradientTape();
    const loss = tape.run(() => ops.sum(ops.multiply(w, x)));
    moveOut();
    expect([...(tape.gradient(loss, w) as Tensor).array()]).toEqual([10, 20]);
    const other = new GradientTape();
    const second = other.run(() => ops.sum(ops.multiply(w, x)));
    moveOut();
    x.assign([1, 1]);
    expect(refusal(() => other.gradient(second, w)).code).toBe("ERR_TAPE");
  });

  it("as a gradient, and as data of fit", async () => {
    const w = new Variable([1, 1]);
    const gradient = ops.add([1, 2], 0);
    const x = ops.multiply(ops.add(new Float32Array(64 * 100), 1), 2);
    const model = new Sequential([
      new layers.Dense(1, { inputShape: [100], kernelInitializer: "zeros", useBias: false }),
    ]);
    model.compile({ optimizer: new SGD({ learningRate: 0 }), loss: "mse" });
    moveOut();
    new SGD({ learningRate: 1 }).apply([gradient], [w]);
    expect([...w.array()]).toEqual([0, -1]);
    const rows = ops.reshape(x, [64, 100]);
    moveOut();
    const { history } = await model.fit(rows, new Float32Array(64).fill(3), { epochs: 2, verbose: 0 });
    expect(history.loss).toEqual([9, 9]);
  });
});

it("disposed values stay gone", () => {
  const a = ops.add([1, 2], 1);
  moveOut(a);
  expect(a.disposed).toBe(true);
  for (const use of [() => a.value, () => a.array(), () => ops.add(a, 1)])
    expect(refusal(use).code).toBe("ERR_DISPOSED");
});

it("a value whose buffer was given away is refused", () => {
  const a = ops.add([1, 2], 1);
  moveOut();
  structuredClone(a.value, { transfer: [a.value.buffer] });
  for (const use of [() => a.value, () => ops.add(a, 1)]) expect(refusal(use).code).toBe("ERR_DISPOSED");
  a.dispose();
});
