/** gradstep's optimizers on parameters of the real jax-js. */

import { defaultDevice, grad, init, jit, numpy as np, tree } from "@jax-js/jax";
import { beforeAll, describe, expect, it } from "vitest";
import {
  Adam,
  AdamW,
  Lookahead,
  memoryUse,
  type Optimizer,
  optimizers,
  ScheduleFree,
  ScheduleFreeAdamW,
  SGD,
  SWA,
  schedules,
  Variable,
} from "../../ts/index.js";
import { type JaxOptimizerState, jaxOptimizer, type Parameters } from "../../ts/jax/index.js";
import { expectClose } from "../support/peers.js";

beforeAll(async () => {
  await init("wasm");
  defaultDevice("wasm");
});

type Net = { dense: { kernel: np.Array; bias: np.Array }; scale: np.Array[] };

const net = (): Net => ({
  dense: {
    kernel: np.array([
      [0.5, -0.3],
      [0.2, 0.8],
      [-0.6, 0.1],
    ]),
    bias: np.array([0.1, -0.2]),
  },
  scale: [np.array([1.5, 0.5])],
});

const X = [
  [1, 2, 3],
  [-1, 0.5, 2],
  [0.3, -2, 1],
  [2, 1, -1],
];

const loss = ({ dense, scale }: Net): np.Array => {
  const hidden = np.tanh(np.matmul(np.array(X), dense.kernel).add(dense.bias));
  return np.square(hidden.mul(scale[0] as np.Array).sub(0.7)).mean();
};

const flat = (params: Parameters): number[][] =>
  (tree.leaves(params) as np.Array[]).map((leaf) => [...(leaf.ref.dataSync() as Float32Array)]);

const CASES = ["SGD", "Adam", "AdamW", "RMSprop", "Lion", "Lamb", "Nadam", "RAdam", "Muon", "Adafactor"];

describe("jaxOptimizer", () => {
  it.each(CASES)("%s: parameters of jax-js go where ours go", (name) => {
    const make = () => optimizers.get({ class_name: name, config: { clipnorm: 0.5 } });
    const solver = jaxOptimizer(make());
    const ours = make();
    let params = net();
    const leaves = tree.leaves(params) as np.Array[];
    const variables = flat(params).map((data, i) => new Variable(data, { shape: (leaves[i] as np.Array).shape }));
    let state = solver.init(tree.ref(params));
    for (let i = 0; i < 20; i++) {
      const grads = grad(loss)(tree.ref(params)) as Net;
      const given = flat(grads).map((values) => new Float32Array(values));
      ours.apply(given, variables);
      let updates: Net;
      [updates, state] = solver.update(grads, state, tree.ref(params));
      params = tree.map((p: np.Array, u: np.Array) => p.add(u), params, updates) as Net;
      flat(params).forEach((values, j) => expectClose(values, (variables[j] as Variable).value, 2e-6, `step ${i}`));
    }
    expect(state.count).toBe(20);
    tree.dispose(params);
  });

  const AVERAGES: Record<string, () => Optimizer> = {
    Lookahead: () => new Lookahead(new Adam(0.05), { syncPeriod: 3 }),
    "useEma, which overwrites": () => new Adam({ learningRate: 0.05, useEma: true, emaOverwriteFrequency: 7 }),
    SWA: () => new SWA(new SGD({ learningRate: 0.2 }), { averagePeriod: 2 }),
    ScheduleFree: () => new ScheduleFree(new SGD({ learningRate: 0.2 })),
    ScheduleFreeAdamW: () => new ScheduleFreeAdamW({ learningRate: 0.05 }),
  };
  it.each(Object.entries(AVERAGES))("%s keeps its averages over all steps", (_, make) => {
    const solver = jaxOptimizer(make());
    const ours = make();
    let params = net();
    const leaves = tree.leaves(params) as np.Array[];
    const variables = flat(params).map((data, i) => new Variable(data, { shape: (leaves[i] as np.Array).shape }));
    let state = solver.init(tree.ref(params));
    for (let i = 0; i < 40; i++) {
      const grads = grad(loss)(tree.ref(params)) as Net;
      ours.trainMode();
      ours.apply(
        flat(grads).map((values) => new Float32Array(values)),
        variables,
      );
      let updates: Net;
      [updates, state] = solver.update(grads, state, tree.ref(params));
      params = tree.map((p: np.Array, u: np.Array) => p.add(u), params, updates) as Net;
      flat(params).forEach((values, j) => expectClose(values, (variables[j] as Variable).value, 4e-6, `step ${i}`));
      if (i % 8 !== 7) continue;
      ours.evalMode();
      const shown = state.evalParams() as Net;
      flat(shown).forEach((values, j) => expectClose(values, (variables[j] as Variable).value, 4e-6, `average ${i}`));
      if (ours.keepsAverages) expect(flat(shown)).not.toEqual(flat(params));
      else expect(flat(shown)).toEqual(flat(params));
      tree.dispose(shown);
    }
    tree.dispose(params);
  });

  it("takes trees of any nesting, and updates without parameters", () => {
    type Stack = { blocks: { w: np.Array; scales: [np.Array, np.Array[]] }[]; rest: Record<string, np.Array> };
    const stack = (): Stack => ({
      blocks: [1, 2].map((n) => ({ w: np.array([[n, -n]]), scales: [np.array(n), [np.array([0.5, n])]] })),
      rest: { "a/b": np.array([3]), empty: np.zeros([0]) },
    });
    const [given, left] = [jaxOptimizer(new Adam({ learningRate: 0.1, name: "a" })), jaxOptimizer(new Adam(0.1))];
    let [params, others] = [stack(), stack()];
    let [a, b] = [given.init(tree.ref(params)), left.init(tree.ref(others))];
    const add = (p: Stack, u: Stack) => tree.map((x: np.Array, y: np.Array) => x.add(y), p, u) as Stack;
    for (let i = 0; i < 10; i++) {
      const [gradsA, gradsB] = [params, others].map((p) => tree.map((x: np.Array) => x.mul(2), tree.ref(p)) as Stack);
      let updates: Stack;
      [updates, a] = given.update(gradsA as Stack, a, tree.ref(params));
      params = add(params, updates);
      [updates, b] = left.update(gradsB as Stack, b);
      others = add(others, updates);
    }
    expect(flat(others)).toEqual(flat(params));
    expect(Object.keys(params.rest)).toEqual(["a/b", "empty"]);
    expect(given.optimizer.weights.slice(1, 4).map(({ path }) => path)).toEqual([
      "a/blocks_0_w_momentum",
      "a/blocks_0_scales_0_momentum",
      "a/blocks_0_scales_1_0_momentum",
    ]);
    tree.dispose([params, others]);
  });

  it("each init excludes the same parameters from weight decay", () => {
    const optimizer = new AdamW({ learningRate: 0.1, weightDecay: 0.5 });
    optimizer.excludeFromWeightDecay({ varNames: ["bias"] });
    const solver = jaxOptimizer(optimizer);
    for (let i = 0; i < 2; i++) {
      const params = { kernel: np.array([1]), bias: np.array([1]) };
      const zeros = { kernel: np.zeros([1]), bias: np.zeros([1]) };
      const [updates, state] = solver.update(zeros, solver.init(tree.ref(params)), params);
      expectClose(flat(updates).flat(), [-0.05, 0], 1e-7);
      tree.dispose(updates);
      state.dispose();
    }
  });

  it("names the parameters by their paths", () => {
    const optimizer = new AdamW({ learningRate: 0.1, learningRateMultipliers: { "dense/kernel": 0 } });
    optimizer.excludeFromWeightDecay({ varNames: ["bias"] });
    const solver = jaxOptimizer(optimizer);
    const params = net();
    const [updates] = solver.update(
      tree.map((p: np.Array) => np.zerosLike(p), tree.ref(params)) as Net,
      solver.init(tree.ref(params)),
      params,
    );
    const [kernel, bias, scale] = flat(updates);
    expect([kernel, bias]).toEqual([
      [0, 0, 0, 0, 0, 0],
      [0, 0],
    ]);
    // 0.1 * 0.004, the default decay, of 1.5 and 0.5.
    expectClose(scale as number[], [-0.0006, -0.0002], 1e-7);
    tree.dispose(updates);
  });

  it("continues from stored slots, and gives each init a state", () => {
    const solver = jaxOptimizer(new Adam({ learningRate: new schedules.CosineDecay(0.1, 10) }));
    const step = (state: JaxOptimizerState, x: number): [number, JaxOptimizerState] => {
      const [update, next] = solver.update(np.array([x]), state, np.array([1]));
      return [update.dataSync()[0] as number, next];
    };
    const [, first] = step(solver.init(np.array([1])), 2);
    const stored = first.getWeights();
    const [expected] = step(first, -1);
    const second = solver.init(np.array([1]));
    expect(second.count).toBe(0);
    second.setWeights(stored);
    expect(step(second, -1)[0]).toBe(expected);
  });

  it("keeps no array and takes no memory over 10,000 steps", () => {
    const solver = jaxOptimizer("adam");
    const params = np.array([1, 2, 3]);
    let state = solver.init(params.ref);
    let before = 0;
    for (let i = 0; i < 10_000; i++) {
      if (i === 10) before = memoryUse().inUse;
      const grads = np.array([1, -1, 2]);
      const [updates, next] = solver.update(grads.ref, state, params.ref);
      state = next;
      updates.dispose();
      if (i % 1000 === 0) expect([grads.refCount, params.refCount]).toEqual([1, 1]);
      grads.dispose();
    }
    expect(state.count).toBe(10_000);
    expect(memoryUse().inUse).toBe(before);
    state.dispose();
    expect(() => state.getWeights()).toThrow(expect.objectContaining({ code: "ERR_DISPOSED" }));
    params.dispose();
  });

  it("refuses arguments that do not fit, and then changes nothing", () => {
    const solver = jaxOptimizer("sgd");
    const params = net();
    const state = solver.init(tree.ref(params));
    const grads = tree.map((p: np.Array) => np.onesLike(p), tree.ref(params)) as Net;
    const missing = { dense: grads.dense } as Net;
    const update = (g: unknown, s: unknown, p: unknown) => solver.update(g as Net, s as JaxOptimizerState, p as Net);
    const refused = (code: string, text: RegExp) =>
      expect.objectContaining({ code, message: expect.stringMatching(text) });
    expect(() => update(missing, state, params)).toThrow(refused("ERR_VALUES_SHAPE", /structure/));
    expect(() => update({ ...grads, scale: [np.array([1])] }, state, params)).toThrow(
      refused("ERR_VALUES_SHAPE", /"scale\/0", expected \[2\]/),
    );
    expect(() => update({ ...grads, scale: [3] }, state, params)).toThrow(refused("ERR_OPTION_TYPE", /"scale\/0"/));
    expect(() => update(grads, {}, params)).toThrow(refused("ERR_OPTION_TYPE", /state/));
    expect(() => solver.init(np.array([1, 2], { dtype: np.int32 }))).toThrow(refused("ERR_OPTION_TYPE", /int32/));
    expect(() => jaxOptimizer(null as never)).toThrow(refused("ERR_OPTION_TYPE", /null/));
    expect(() => jit((x: np.Array) => solver.update(x.ref, solver.init(x.ref), x)[0])(np.array([1]))).toThrow(
      refused("ERR_OPTION_TYPE", /outside of jit/),
    );
    const [updates, next] = solver.update(grads, state, params);
    expect(next.count).toBe(1);
    expect(() => update(grads, state, params)).toThrow();
    tree.dispose(updates);
  });
});
