/** Steps on several threads have the bits of one thread: `gradstep/threads` of the package, against the sources on one. */

import * as packed from "gradstep";
import { setThreads } from "gradstep/threads";
import { afterAll, expect, it, vi } from "vitest";
import { expectSameBits, hash, numbers, one } from "./bits-of-threads.js";

// Before the first tensor of the package.
await setThreads(2);
afterAll(async () => {
  await setThreads(1);
});

const OPTIONS: readonly object[] = [
  {},
  { weightDecay: 0.01 },
  { clipnorm: 0.5, useEma: true, emaMomentum: 0.9, emaOverwriteFrequency: 2 },
  { gradientAccumulationSteps: 2, globalClipnorm: 0.7 },
];

it.each(Object.keys(one.optimizers).filter((name) => /^[A-Z]/.test(name) && isRule(name)))(
  "%s",
  async (name) => {
    // Whole fours, and not; more than one row, and a row on one thread.
    await expectSameBits((library) =>
      OPTIONS.map((options) => {
        const variables = [40_000, 33_333, 10].map((length, i) => new library.Variable(numbers(length, i + 1)));
        const optimizer = new (library.optimizers as unknown as Record<string, typeof library.Adam>)[name]!(
          options as never,
        );
        for (let step = 0; step < 4; step++)
          optimizer.apply(
            variables.map(({ size }, i) => numbers(size, 10 * step + i + 7)),
            variables,
          );
        const result = hash(...variables.map((variable) => Float32Array.from(variable.value)));
        for (const variable of variables) variable.dispose();
        optimizer.dispose();
        return result;
      }),
    );
  },
  120_000,
);

/** Whether it is a class that is made from options alone, and takes them all. */
function isRule(name: string): boolean {
  try {
    const made = new (one.optimizers as unknown as Record<string, typeof one.Adam>)[name]!({ weightDecay: 0.01 });
    return made instanceof one.optimizers.Optimizer;
  } catch {
    return false;
  }
}

it("moments of fewer bits", async () => {
  await expectSameBits((library) =>
    ["bfloat16", "uint8"].flatMap((stateDtype) =>
      [{}, { amsgrad: true, weightDecay: 0.01 }, { useEma: true, clipnorm: 0.5 }].map((options) => {
        const w = new library.Variable(numbers(50_003, 1));
        const adam = new library.Adam({ stateDtype: stateDtype as "uint8", ...options });
        for (let step = 0; step < 4; step++) adam.apply([numbers(50_003, step + 7)], [w]);
        const result = hash(w.array(), ...adam.weights.slice(1).map((slot) => slot.array() as Float32Array));
        adam.dispose();
        w.dispose();
        return result;
      }),
    ),
  );
}, 120_000);

it("gradients beyond the largest square", async () => {
  await expectSameBits(({ Adam, Variable }) => {
    const w = new Variable(numbers(50_000, 1));
    const adam = new Adam();
    for (let step = 0; step < 3; step++) {
      const g = numbers(50_000, step + 2);
      g[20_000] = 1e30;
      g[41_111] = Number.NaN;
      adam.apply([g], [w]);
    }
    return hash(Float32Array.from(w.value));
  });
});

it("products of many shapes", async () => {
  const sides = [1, 3, 7, 64, 130, 300];
  await expectSameBits(({ ops, tensor }) =>
    sides.flatMap((m) =>
      sides.flatMap((n) =>
        [100, 600].map((k) => {
          const product = ops.matmul(tensor(numbers(m * k, 3), [m, k]), tensor(numbers(k * n, 4), [k, n]));
          return hash(Float32Array.from(product.value as Float32Array));
        }),
      ),
    ),
  );
});

/** Images, channels, kernel, outputs, stride, padding, dilation; the last is a convolution of 1 x 1, of one image and of many. */
const CONVOLUTIONS = [
  [9, 3, 3, 20, 1, "same", 1],
  [4, 16, 5, 12, 2, "valid", 1],
  [6, 8, 3, 33, 1, "same", 2],
  [1, 16, 3, 16, 1, "same", 1],
  [1, 24, 1, 40, 1, "valid", 1],
  [7, 24, 1, 40, 1, "valid", 1],
] as const;

it.each(CONVOLUTIONS)("convolutions and their gradients: %s %s %s %s %s %s %s", async (...sizes) => {
  const [images, channels, side, outputs, strides, padding, dilationRate] = sizes;
  await expectSameBits(({ GradientTape, ops, tensor, Variable }) => {
    const x = new Variable(tensor(numbers(images * 21 * 19 * channels, 1), [images, 21, 19, channels]));
    const kernel = new Variable(tensor(numbers(side * side * channels * outputs, 2), [side, side, channels, outputs]));
    const tape = new GradientTape();
    const options = { strides, padding, dilationRate };
    const y = tape.run(() => ops.conv2d(x, kernel, options));
    const [dx, dk] = tape.gradient(y, [x, kernel], { outputGradients: tensor(numbers(y.size, 3), y.shape) });
    const transposed = ops.conv2dTranspose(y, tensor(numbers(side * side * 5 * outputs, 4), [side, side, 5, outputs]), {
      strides,
      padding,
    });
    return [y, dx, dk, transposed].map((result) => hash(Float32Array.from((result as typeof y).value)));
  });
});

it("elementwise operations, sums of columns, and biases", async () => {
  await expectSameBits(({ ops, tensor, activations }) => {
    const [a, b] = [1, 2].map((seed) => tensor(numbers(70_001, seed), [70_001]));
    const wide = tensor(numbers(130 * 515, 3), [130, 515]);
    const [row, column] = [tensor(numbers(515, 4), [515]), tensor(numbers(130, 5), [130, 1])];
    const results = [
      ops.add(a!, b!),
      ops.divide(a!, b!),
      ops.power(ops.abs(a!), b!),
      ops.multiply(wide, row),
      ops.subtract(column, wide),
      ops.exp(a!),
      ops.tanh(wide),
      activations.gelu(a!),
      activations.relu(wide),
      ops.where(ops.greater(a!, 0), a!, b!),
      ops.sum(wide, 0),
      ops.mean(wide, { axis: 0 }),
      ops.sum(wide),
    ];
    return results.map((result) => hash(Float32Array.from(result.value as Float32Array)));
  });
});

it("an MLP and a CNN by fit", async () => {
  await expectSameBits(async ({ layers, Sequential, setRandomSeed, tensor }) => {
    setRandomSeed(7);
    const mlp = new Sequential([
      new layers.Dense(256, { activation: "relu", inputShape: [300] }),
      new layers.Dropout(0.2),
      new layers.Dense(10),
    ]);
    mlp.compile({ optimizer: "adamw", loss: "mse" });
    await mlp.fit(tensor(numbers(200 * 300, 1), [200, 300]), tensor(numbers(2000, 2), [200, 10]), {
      batchSize: 64,
      epochs: 2,
      verbose: 0,
    });
    const cnn = new Sequential([
      new layers.Conv2D(16, 3, { activation: "relu", padding: "same", inputShape: [12, 12, 3] }),
      new layers.MaxPooling2D(2),
      new layers.Flatten(),
      new layers.Dense(96),
      new layers.Dense(4, { activation: "softmax" }),
    ]);
    cnn.compile({ optimizer: "rmsprop", loss: "mse" });
    await cnn.fit(tensor(numbers(40 * 432, 3), [40, 12, 12, 3]), tensor(numbers(160, 4), [40, 4]), {
      batchSize: 16,
      verbose: 0,
    });
    return [mlp, cnn].map((model) => hash(...model.getWeights().map(({ data }) => data as Float32Array)));
  });
});

it("pools that are opened and closed leave no memory behind", async () => {
  await setThreads(4);
  const { inUse } = packed.memoryUse();
  for (let i = 0; i < 50; i++) {
    expect(await setThreads(1 + (i % 4))).toBe(1 + (i % 4));
    const w = new packed.Variable(numbers(40_000, 1));
    const sgd = new packed.SGD();
    sgd.apply([numbers(40_000, 2)], [w]);
    sgd.dispose();
    w.dispose();
  }
  expect(packed.memoryUse().inUse).toBeLessThanOrEqual(inUse);
});

it("calls at once happen one after the other", async () => {
  expect(await Promise.all([setThreads(3), setThreads(1), setThreads(2)])).toEqual([3, 1, 2]);
});

it("without shared memory", async () => {
  vi.stubGlobal("crossOriginIsolated", false);
  try {
    expect(() => setThreads(2)).toThrow(
      /setThreads needs memory that workers share.*Cross-Origin-Opener-Policy.*"auto"/,
    );
    expect(await setThreads("auto")).toBe(1);
  } finally {
    vi.unstubAllGlobals();
  }
});

it.each([0, 33, 1.5, Number.NaN, "all", undefined])("refuses %s", (threads) => {
  expect(() => setThreads(threads as number)).toThrow(/setThreads takes a whole number from 1 to 32, or "auto", got /);
});
