/**
 * Results of custom classes and functions. When a constraint returned fewer numbers than its variable has, only those were written,
 * and the others stayed as the step had made them.
 */

import { describe, expect, it } from "vitest";
import {
  constraints,
  layers,
  losses,
  metrics,
  regularizers,
  type SampleArray,
  Sequential,
  SGD,
  type Tensor,
  tensor,
  Variable,
} from "../../ts/index.js";

type Gives = (value: unknown) => unknown;

/** One weight of 1, and an optimizer of rate 1. */
function modelWith(options: object = {}, compiled: object = {}): Sequential {
  const model = new Sequential([
    new layers.Dense(1, { inputShape: [1], kernelInitializer: "ones", useBias: false, ...options }),
  ]);
  model.compile({ optimizer: new SGD({ learningRate: 1 }), loss: "mse", ...compiled });
  return model;
}

const X: SampleArray = [[1]];
const train = (model: Sequential) => model.trainOnBatch(X, [[3]]);

class OwnConstraint extends constraints.Constraint {
  constructor(readonly given: unknown) {
    super();
  }
  override call(): Tensor<"float32"> {
    return this.given as Tensor<"float32">;
  }
}

class OwnRegularizer extends regularizers.Regularizer {
  constructor(readonly given: unknown) {
    super();
  }
  override call(): Tensor<"float32"> {
    return this.given as Tensor<"float32">;
  }
}

class OwnLoss extends losses.Loss {
  given: unknown;
  override call(): Tensor<"float32"> {
    return this.given as Tensor<"float32">;
  }
}

class OwnMetric extends metrics.Metric {
  given: unknown;
  override updateState(): void {}
  override resetState(): void {}
  override result(): number {
    return this.given as number;
  }
}

/** A model with a custom part that returns `value`. */
const KINDS: Readonly<Record<string, (value: unknown) => Sequential>> = {
  constraint: (value) => modelWith({ kernelConstraint: new OwnConstraint(value) }),
  "constraint's function": (value) => modelWith({ kernelConstraint: () => value }),
  regularizer: (value) => modelWith({ kernelRegularizer: new OwnRegularizer(value) }),
  "regularizer's function": (value) => modelWith({ kernelRegularizer: () => value }),
  "activity regularizer": (value) => modelWith({ activityRegularizer: () => value }),
  loss: (value) => modelWith({}, { loss: Object.assign(new OwnLoss(), { given: value }) }),
  "loss's function": (value) => modelWith({}, { loss: () => value }),
};

const VALUES: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  "a promise": () => Promise.resolve(1),
  "a text": () => "1",
  "a symbol": () => Symbol("one"),
  "an object": () => ({}),
  "a list that contains itself": () => {
    const list: unknown[] = [];
    list[0] = list;
    return list;
  },
  "a revoked proxy": () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  "no numbers": () => tensor(new Float32Array(0)),
};

describe.each(Object.entries(KINDS))("a %s that gives", (_, make) => {
  it.each(Object.entries(VALUES))("%s is refused, and the step undone", async (__, value) => {
    const model = make(value());
    const before = model.getWeights();
    await expect(train(model)).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_/) });
    expect(model.getWeights()).toEqual(before);
    expect((model.optimizer as SGD).iterations).toBe(0);
  });
});

it.each([1, 2, 4])("a constraint of three weights that gives %i numbers is refused, and the step undone", (length) => {
  const w = new Variable([1, 2, 3], { name: "w" });
  w.constraint = new OwnConstraint(tensor(new Float32Array(length))).asFunction();
  const optimizer = new SGD({ learningRate: 1 });
  expect(() => optimizer.apply([[1, 1, 1]], [w])).toThrow(
    expect.objectContaining({
      code: "ERR_VALUES_SHAPE",
      message: `The constraint of "w": expected 3 values, got ${length} value${length === 1 ? "" : "s"}.`,
    }),
  );
  expect([...w.array()]).toEqual([1, 2, 3]);
  expect(optimizer.iterations).toBe(0);
});

it("a penalty of several numbers is refused, and a plain number is a constant", async () => {
  const model = (gives: Gives) => modelWith({ kernelRegularizer: gives });
  await expect(train(model(() => tensor([1, 2])))).rejects.toMatchObject({ code: "ERR_SHAPE" });
  expect(await train(model(() => 3))).toBe(7);
});

it.each(
  Object.entries({
    ...VALUES,
    nothing: (): unknown => null,
    "a matrix": () => tensor([[1, 2]]),
    "lists of lists": () => [[1]],
  }),
)("the result of a metric is a number or a list of them, not %s", async (_, value) => {
  const metric = Object.assign(new OwnMetric({ name: "own" }), { given: value() });
  const model = modelWith({}, { metrics: [metric] });
  await expect(model.evaluate(X, X, { verbose: 0 })).rejects.toMatchObject({
    code: "ERR_OPTION_TYPE",
    message: expect.stringMatching(/^The metric "own": result must return a number or a list of numbers, got /),
  });
  metric.given = [1, 2];
  expect(await model.evaluate(X, X, { verbose: 0 })).toEqual([0, [1, 2]]);
});
