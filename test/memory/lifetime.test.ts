/**
 * Lifetimes: `dispose` frees memory at once, dropped objects are freed later, and a running loop allocates nothing.
 */

import { expect, it, vi } from "vitest";
import { Adam, LossScaleOptimizer, memoryUse, SGD, schedules, tensor, Variable, withStats } from "../../ts/index.js";
import { PLAIN_TRIALS, started, TRIALS, type Trial, variablesOf } from "../support/optimizers.js";
import { Random } from "../support/random.js";
import { refusal } from "../support/refusal.js";

const CYCLES = 10_000;
const STEPS = 1000;

/** Makes everything, takes a step, disposes of everything. */
function cycle(trial: Trial, random: Random): void {
  const variables = variablesOf((length) => random.values(length));
  const optimizer = started(trial);
  const given = variables.map(({ shape, size }, i) => {
    const gradient = random.values(size);
    return i % 2 === 0 ? tensor(gradient, shape) : gradient;
  });
  optimizer.apply(given, variables);
  optimizer.dispose();
  for (const gradient of given) if (!(gradient instanceof Float32Array)) gradient.dispose();
  for (const variable of variables) variable.dispose();
}

it("10,000 cycles of construction, step and dispose take no memory", () => {
  const random = new Random(1);
  // Every configuration once: the largest working memory has been had then.
  for (const trial of TRIALS) cycle(trial, random);
  const before = memoryUse();
  for (let i = 0; i < CYCLES; i++) cycle(TRIALS[i % TRIALS.length] as Trial, random);
  expect(memoryUse()).toEqual(before);
});

it.each(
  TRIALS.filter(({ id }) => /^(defaults.*|weight_decay \+ .*|schedule.*)$/.test(id)).map(
    (t) => [t.className, t.id, t] as const,
  ),
)("%s, %s: a running loop takes no memory", (_, __, trial) => {
  const random = new Random(2);
  const variables = variablesOf((length) => random.values(length));
  const gradients = variables.map(({ size, shape }, i) => {
    const gradient = random.values(size);
    return i % 2 === 0 ? tensor(gradient, shape) : gradient;
  });
  const optimizer = started(trial);
  // The first accumulated update is the fourth call at the latest.
  for (let step = 0; step < 6; step++) optimizer.apply(gradients, variables);
  const before = memoryUse();
  for (let step = 0; step < STEPS; step++) optimizer.apply(gradients, variables);
  expect(memoryUse()).toEqual(before);
  expect(before.inUse).toBeGreaterThan(0);
  for (const made of [optimizer, ...variables, ...gradients]) if ("dispose" in made) made.dispose();
});

it("statistics of updates take memory only during a step", () => {
  const [w, gradient] = [new Variable(new Random(4).values(5000)), tensor(new Random(5).values(5000))];
  const optimizer = withStats(new Adam());
  optimizer.apply([gradient], [w]);
  const before = memoryUse();
  for (let step = 0; step < STEPS; step++) optimizer.apply([gradient], [w]);
  expect(memoryUse()).toEqual(before);
  const { gradientNorm } = optimizer.stats;
  // Numbers outside of the module's memory are summed in another order.
  optimizer.apply([gradient.array()], [w]);
  expect(optimizer.stats.gradientNorm).toBeCloseTo(gradientNorm, 9);
  for (const made of [optimizer, w, gradient]) made.dispose();
});

it.each(PLAIN_TRIALS.map((t) => [t.className, t.id, t] as const))(
  "%s, %s: tensors as gradients are read where they are, other gradients need room for a copy",
  (_, __, trial) => {
    const random = new Random(4);
    const variables = variablesOf((length) => random.values(length));
    const arrays = variables.map(({ size }) => random.values(size));
    const tensors = variables.map(({ shape }, i) => tensor(arrays[i] as Float32Array, shape));
    const optimizer = started(trial);
    optimizer.apply(tensors, variables);
    const before = memoryUse().inUse;
    for (let step = 0; step < 3; step++) optimizer.apply(tensors, variables);
    expect(memoryUse().inUse).toBe(before);
    optimizer.apply(arrays, variables);
    const bytes = variables.reduce((sum, { size }) => sum + 4 * size, 0);
    expect(memoryUse().inUse - before).toBeGreaterThanOrEqual(bytes);
    for (const made of [optimizer, ...variables, ...tensors]) made.dispose();
  },
);

it("calls of learning-rate schedules take no memory", () => {
  const schedule = new schedules.CosineDecay({ initialLearningRate: 1, decaySteps: 100 });
  schedule.at(0);
  const before = memoryUse();
  for (let step = 0; step < STEPS; step++) schedule.at(step);
  expect(memoryUse()).toEqual(before);
});

it("dispose is idempotent, and so is using", () => {
  const before = memoryUse().inUse;
  const variable = new Variable([1, 2]);
  const gradient = tensor([1, 2]);
  const optimizer = new LossScaleOptimizer(new SGD({ momentum: 0.9 }));
  optimizer.apply([gradient], [variable]);
  for (let time = 0; time < 3; time++) {
    for (const made of [optimizer, variable, gradient]) {
      made.dispose();
      made[Symbol.dispose]();
    }
    expect(memoryUse().inUse).toBe(before);
  }
  expect([variable.disposed, gradient.disposed]).toEqual([true, true]);
});

it("an optimizer is freed without its variables, and they without it", () => {
  const variable = new Variable([1, 2]);
  const optimizer = new SGD({ momentum: 0.5 });
  optimizer.apply([[1, 1]], [variable]);
  optimizer.dispose();
  expect(variable.value).toHaveLength(2);
  const second = new SGD({ momentum: 0.5 });
  second.apply([[1, 1]], [variable]);
  variable.dispose();
  expect(second.getWeights()).toHaveLength(2);
  second.dispose();
});

it("a constructor that throws leaves nothing behind", () => {
  const before = memoryUse().inUse;
  refusal(() => new Variable([1, 2, 3], { shape: [2] }));
  refusal(() => new Variable([[1], [1, 2]]));
  refusal(() => new Variable([1], { name: 5 } as never));
  refusal(() => new Variable([1], { trainable: 1 } as never));
  refusal(() => tensor([[1], [1, 2]]));
  refusal(() => tensor([1.5], [1], "int32"));
  expect(memoryUse().inUse).toBe(before);
});

/** Garbage, so that the collector runs where it cannot be called. */
async function collected(): Promise<void> {
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) for (let i = 0; i < 8; i++) new ArrayBuffer(16 * 2 ** 20);
  else gc();
  // Finalizers run as separate tasks.
  await new Promise((done) => setTimeout(done, 0));
}

it("dropped objects are freed after garbage collection", async () => {
  const before = memoryUse().inUse;
  const drop = (trial: Trial) => {
    const random = new Random(3);
    const variables = variablesOf((length) => random.values(length));
    started(trial).apply(
      variables.map(({ size, shape }) => tensor(random.values(size), shape)),
      variables,
    );
  };
  for (const trial of PLAIN_TRIALS) drop(trial);
  const taken = memoryUse().inUse - before;
  expect(taken).toBeGreaterThan(0);
  // The engine's own frames may hold the last object.
  const left = () => (memoryUse().inUse - before) / taken;
  for (let round = 0; round < 200 && left() > 0.1; round++) await collected();
  expect(left()).toBeLessThanOrEqual(0.1);
});

it("a variable does not keep the other variables of its first optimizer", async () => {
  const base = new Variable([1]);
  const before = memoryUse().inUse;
  const drop = () => {
    const head = new Variable(new Float32Array(1_000_000));
    new SGD().apply([[1], new Float32Array(1_000_000)], [base, head]);
  };
  drop();
  await vi.waitFor(
    async () => {
      await collected();
      expect(memoryUse().inUse - before).toBeLessThan(1_000_000);
    },
    { timeout: 20_000 },
  );
  base.dispose();
});
