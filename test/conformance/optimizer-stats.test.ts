/** `withStats`: the figures of each update, by hand and by Keras. */

import { describe, expect, it } from "vitest";
import {
  Adam,
  AdamW,
  GradientTape,
  LBFGS,
  Lion,
  LossScaleOptimizer,
  layers,
  MultiOptimizer,
  OptimizerMap,
  ops,
  RMSprop,
  SAM,
  ScheduleFreeSGD,
  SGD,
  schedules,
  Variable,
  withStats,
} from "../../ts/index.js";
import { changes, figures, GRADIENTS, variables } from "../support/optimizer-figures.js";

describe("figures of updates", () => {
  // Keras 3.15.1 on JAX: norms of the gradients and of the differences of the weights by NumPy, in float64.
  it.each([
    [
      "SGD",
      new SGD({ learningRate: 0.1, momentum: 0.9, clipnorm: 2 }),
      [0.22395592956698132, 0.2167783063234667, 0.21659086819089352],
      [0.0572320779972486, 0.057090265983234294, 0.057889271239977516],
      [4 / 6, 4 / 6, 0],
    ],
    [
      "AdamW",
      new AdamW({ learningRate: 0.01, weightDecay: 0.1, globalClipnorm: 1.5 }),
      [0.024905644464161773, 0.016367988786562513, 0.015800892735744424],
      [0.006364653033749377, 0.0041876392544388805, 0.004043579467693075],
      [1, 1, 0],
    ],
    [
      "Lion",
      new Lion({ learningRate: 0.01, clipvalue: 0.45 }),
      [0.02449487406767722, 0.024494880151054582, 0.024494880151054582],
      [0.006259680401785491, 0.006260581499744847, 0.0062351358674643375],
      [4 / 6, 1, 0],
    ],
  ])("are those of Keras's %s", (_, optimizer, updates, ratios, clipped) => {
    const norms = [2.5155764746872635, 5.129571132170798, 0.5916079909037414];
    figures(optimizer).forEach((stats, i) => {
      expect(stats?.gradientNorm).toBeCloseTo(norms[i]!, 6);
      expect(stats?.updateNorm).toBeCloseTo(updates[i]!, 6);
      expect(stats?.updateRatio).toBeCloseTo(ratios[i]!, 6);
      expect(stats?.clippedShare).toBe(clipped[i]);
      expect(stats?.nonfiniteShare).toBe(0);
      expect(stats?.effectiveRate).toBeCloseTo(updates[i]! / norms[i]!, 6);
    });
  });

  it("count accumulated gradients by their mean, as Keras updates by it", () => {
    const optimizer = new Adam({ learningRate: 0.01, gradientAccumulationSteps: 3, globalClipnorm: 1 });
    const [first, second, third] = figures(optimizer, [...GRADIENTS, ...GRADIENTS].slice(0, 4));
    expect([first, second]).toEqual([null, null]);
    expect(third?.gradientNorm).toBeCloseTo(1.5380588396030004, 6);
    expect(third?.updateNorm).toBeCloseTo(0.02449433873195014, 6);
    expect(third?.effectiveRate).toBeCloseTo(0.015925488740256878, 6);
    expect(third?.clippedShare).toBe(1);
    // Between updates they stay.
    expect(optimizer.stats).toBe(third);
  });

  it("are of gradients without the loss scale", () => {
    const scaled = GRADIENTS.map((step) => step.map((values) => values.map((value) => value * 64)));
    const [first] = figures(new RMSprop({ learningRate: 0.01, lossScaleFactor: 64 }), scaled);
    expect(first?.gradientNorm).toBeCloseTo(2.5155764746872635, 6);
    expect(first?.updateNorm).toBeCloseTo(0.0774591578383412, 6);
    const inside = new RMSprop({ learningRate: 0.01, clipvalue: 0.45 });
    const [dynamic] = figures(new LossScaleOptimizer(inside, { initialScale: 64 }), scaled);
    expect(dynamic?.gradientNorm).toBeCloseTo(2.5155764746872635, 6);
    expect(dynamic?.clippedShare).toBe(4 / 6);
  });

  it("are the same whether the inner optimizer or the one around it measures", () => {
    const inside = withStats(new SGD({ learningRate: 0.5 }));
    const outside = withStats(new LossScaleOptimizer(inside, { initialScale: 8 }));
    outside.apply(
      [
        [8, 16, 24, 32],
        [0, 0],
      ],
      variables(),
    );
    expect(inside.stats).toEqual(outside.stats);
    expect(inside.stats.gradientNorm).toBe(Math.sqrt(30));
    expect(inside.stats.effectiveRate).toBeCloseTo(0.5, 7);
  });

  it("say how many values adaptiveClip limits, output by output", () => {
    const weights = [
      new Variable([
        [3, 1],
        [4, 0],
      ]),
      new Variable([0, 2]),
    ];
    // Norms of outputs: weights 5 and 1, gradients 0.6 and 0.6; then 2 against 0.1.
    const optimizer = withStats(new SGD({ learningRate: 0.1, adaptiveClip: 0.5 }));
    optimizer.apply(
      [
        [
          [0.6, 0],
          [0, 0.6],
        ],
        [0.1, 0],
      ],
      weights,
    );
    expect(optimizer.stats.clippedShare).toBe(2 / 6);
  });

  it("know skipped steps", () => {
    const optimizer = withStats(new Adam({ skipNonfinite: true, clipnorm: 1 }));
    optimizer.apply(
      [
        [1, Number.NaN, Infinity, 0],
        [-Infinity, 1],
      ],
      variables(),
    );
    const { nonfiniteShare, gradientNorm, ...others } = optimizer.stats;
    expect(nonfiniteShare).toBe(3 / 6);
    expect(gradientNorm).toBeNaN();
    expect(others).toEqual({ updateNorm: 0, updateRatio: 0, clippedShare: 0, effectiveRate: 0 });
    const scaling = withStats(new LossScaleOptimizer(new Adam()));
    scaling.apply(
      [
        [1, Infinity, 0, 0],
        [0, 0],
      ],
      variables(),
    );
    expect([scaling.stats.nonfiniteShare, scaling.stats.updateNorm]).toEqual([1 / 6, 0]);
  });

  it("are of all optimizers of a MultiOptimizer, each with its clip", () => {
    const multi = new MultiOptimizer(
      new OptimizerMap(new SGD({ learningRate: 0.1, globalClipnorm: 1.1 }), {
        ".*kernel": new SGD({ learningRate: 1, clipvalue: 0.45 }),
      }),
    );
    const [first, second] = figures(multi);
    // The kernel by value: 1, 0.5 and 2; the bias has a norm of 1.008.
    expect(first?.clippedShare).toBe(3 / 6);
    expect(first?.gradientNorm).toBeCloseTo(2.5155764746872635, 6);
    expect(first?.updateNorm).toBeCloseTo(Math.hypot(0.45, 0.45, 0.25, 0.45, 0.1 * Math.hypot(1, 0.125)), 6);
    expect(second?.clippedShare).toBe(4 / 6);
  });

  it("find the weights of SAM and of averages where the update does", () => {
    const w = new Variable([3, 4]);
    const half = (one: Variable) => () => ops.multiply(ops.sum(ops.square(one)), 0.5);
    const sam = withStats(new SAM(new SGD({ learningRate: 0.5 }), { rho: 5 }));
    sam.minimize(half(w), [w]);
    // The gradient at twice the weights; the update from the weights.
    expect(sam.stats.gradientNorm).toBe(10);
    expect(sam.stats.updateNorm).toBe(5);
    expect(sam.stats.updateRatio).toBe(1);
    const averaging = new ScheduleFreeSGD({ learningRate: 0.5 });
    const alone = changes(new ScheduleFreeSGD({ learningRate: 0.5 }), GRADIENTS);
    withStats(averaging);
    const weights = variables();
    GRADIENTS.forEach((step, i) => {
      averaging.apply(step, weights);
      expect(averaging.stats?.updateNorm).toBeCloseTo(alone[i]![0], 6);
      averaging.evalMode();
    });
  });

  it("leave the averages in place when a step is refused", () => {
    const optimizer = withStats(new ScheduleFreeSGD({ learningRate: 0.5 }));
    const weights = variables();
    for (const step of GRADIENTS) optimizer.apply(step, weights);
    optimizer.evalMode();
    const [shown, { stats }] = [weights.map((one) => one.array()), optimizer];
    expect(() => optimizer.apply([[1], [1, 2]], weights)).toThrow(/expected/);
    expect(weights.map((one) => one.array())).toEqual(shown);
    expect(optimizer.stats).toBe(stats);
  });

  it("count the rows that a row gradient touches", () => {
    const embedding = new layers.Embedding(4, 2, { sparseGradient: true });
    embedding.build([null, 3]);
    const [matrix] = embedding.weights as [Variable];
    matrix.assign([
      [3, 4],
      [50, 50],
      [0, 0],
      [1, 0],
    ]);
    const optimizer = withStats(new SGD({ learningRate: 1 }));
    const tape = new GradientTape();
    const loss = tape.run(() => ops.sum(embedding.apply([[0, 0, 3]]) as never));
    optimizer.apply(tape.gradient(loss, [matrix]), [matrix]);
    // Rows 0 and 3, with gradients of 2 and 1.
    expect(optimizer.stats.gradientNorm).toBe(Math.sqrt(10));
    expect(optimizer.stats.updateNorm).toBe(Math.sqrt(10));
    expect(optimizer.stats.updateRatio).toBeCloseTo(Math.sqrt(10 / 26), 12);
    expect([...matrix.array()]).toEqual([1, 2, 50, 50, 0, 0, 0, -1]);
  });

  it("have clips of the schedule's step", () => {
    const clipvalue = new schedules.PiecewiseConstantDecay([0], [0.45, 100]);
    const [first, second] = figures(new SGD({ clipvalue }));
    expect([first?.clippedShare, second?.clippedShare]).toEqual([4 / 6, 0]);
  });

  it("are of applyGradients and of minimize", () => {
    const w = new Variable([3, 4]);
    const optimizer = withStats(new SGD({ learningRate: 0.5, clipnorm: 1 }));
    expect(optimizer.stats).toBeNull();
    optimizer.applyGradients([[[6, 8], w]]);
    // It does not clip.
    expect(optimizer.stats).toEqual({
      gradientNorm: 10,
      updateNorm: 5,
      updateRatio: 1,
      clippedShare: 0,
      nonfiniteShare: 0,
      effectiveRate: 0.5,
    });
    optimizer.minimize(() => ops.sum(w), [w]);
    expect(optimizer.stats.clippedShare).toBe(1);
    // From 0: the ratio has no number.
    expect(optimizer.stats.updateRatio).toBe(Infinity);
  });
});

describe("withStats", () => {
  it("returns the optimizer, whose figures no enumeration shows", () => {
    const optimizer = new Adam();
    const keys = Object.keys(optimizer);
    expect(optimizer.stats).toBeUndefined();
    expect(withStats(withStats(optimizer))).toBe(optimizer);
    expect(Object.keys(optimizer)).toEqual(keys);
    expect(JSON.stringify(optimizer.getConfig())).toBe(JSON.stringify(new Adam({ name: optimizer.name }).getConfig()));
    optimizer.apply([[1]], [new Variable([1])]);
    expect(Object.isFrozen(optimizer.stats)).toBe(true);
  });

  it("refuses what it cannot measure", () => {
    expect(() => withStats("adam" as never)).toThrow(
      "withStats takes an optimizer, such as withStats(new Adam()), got",
    );
    expect(() => withStats(new LBFGS())).toThrow(/withStats cannot measure LBFGS/);
  });
});
