/**
 * Incomplete classes: bases that are instantiated, classes without `call`, a `getConfig` that returns no object. They
 * used to end in TypeErrors of the engine, or to be saved without a config.
 */

import { describe, expect, it } from "vitest";
import {
  constraints,
  GradientTape,
  initializers,
  layers,
  losses,
  Model,
  metrics,
  type Operand,
  ops,
  optimizers,
  regularizers,
  Sequential,
  SGD,
  schedules,
  stringify,
  type Tensor,
  tensor,
  type Variable,
} from "../../ts/index.js";

const refused = (name: string, code: string) => expect.objectContaining({ name, code });

describe("the base of optimizers", () => {
  const Base = optimizers.Optimizer as unknown as {
    new (...options: unknown[]): optimizers.Optimizer;
    fromConfig(config: object): unknown;
  };
  class Bare extends Base {}
  class WithOptions extends Base {
    constructor() {
      super({ learningRate: 0.1 });
    }
  }

  it.each<[string, () => unknown]>([
    ["alone", () => new Base()],
    ["with options", () => new Base({ learningRate: 0.1 })],
    ["with a name", () => new Base("adam")],
    ["from a config", () => Base.fromConfig({})],
    ["extended", () => new Bare()],
    ["extended, with options", () => new WithOptions()],
    ["extended, by name", () => optimizers.get("Bare", { Bare: Bare as never })],
  ])("%s", (_, make) => {
    expect(make).toThrow(refused("ValueError", "ERR_NOT_IMPLEMENTED"));
    expect(make).toThrow(/has no update rule: make one of its subclasses/);
  });
});

describe("a class without call", () => {
  const made = <T>(base: unknown): T => new (class Mine extends (base as new () => object) {})() as T;
  const dense = (options: layers.DenseOptions) =>
    new Sequential([new layers.Dense(1, { inputShape: [1], name: "d", ...options })]);

  it.each<[string, () => unknown, RegExp]>([
    [
      "a loss",
      () => made<losses.Loss>(losses.Loss).apply([1], [1]),
      /^The loss "mine\w*": Mine must override call\(yTrue/,
    ],
    [
      "an initializer",
      () => dense({ kernelInitializer: made<initializers.Initializer>(initializers.Initializer) }),
      /^The initializer of "d\/kernel": Mine must override call\(shape\)/,
    ],
    [
      "a regularizer",
      () => {
        const model = dense({ kernelRegularizer: made<regularizers.Regularizer>(regularizers.Regularizer) });
        model.compile({ loss: "mse" });
        return model.evaluate([[1]], [[1]]);
      },
      /^The regularizer of "d\/kernel": Mine must override call\(x\)/,
    ],
    [
      "a constraint",
      () => {
        const model = dense({ kernelConstraint: made<constraints.Constraint>(constraints.Constraint) });
        model.compile({ loss: "mse" });
        return model.fit([[1]], [[1]], { verbose: 0 });
      },
      /^The constraint of "d\/kernel": Mine must override call\(w\)/,
    ],
  ])("%s", async (_, use, message) => {
    const error = await (async () => use())().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toEqual(refused("ValueError", "ERR_NOT_IMPLEMENTED"));
    expect((error as Error).message).toMatch(message);
  });
});

describe("a getConfig that returns no plain object", () => {
  const bads: readonly (readonly [string, unknown])[] = [
    ["undefined", undefined],
    ["null", null],
    ["a number", 3],
    ["a string", "x"],
    ["a list", []],
    ["a Map", new Map()],
    ["a promise", Promise.resolve({})],
    ["a function", () => ({})],
    ["a tensor", tensor([1])],
    ["an instance", new Date(0)],
  ];

  it.each(bads)("%s", (_, config) => {
    const getConfig = { getConfig: () => config as never };
    const given = <T extends object>(object: T): T => Object.assign(object, getConfig);
    class OwnLayer extends layers.Layer {
      override getConfig = () => config as never;
      override call(x: Operand): Tensor<"float32"> {
        return x as Tensor<"float32">;
      }
    }
    class OwnSchedule extends schedules.LearningRateSchedule {
      override getConfig = () => config as never;
      override at = () => 0.1;
    }
    class OwnInitializer extends initializers.Ones {
      override getConfig = () => config as never;
    }
    const dense = (options: layers.DenseOptions = {}) => new layers.Dense(1, { inputShape: [1], ...options });
    const saving: readonly (() => unknown)[] = [
      () => layers.serialize(new OwnLayer()),
      () => stringify(new OwnLayer()),
      () => optimizers.serialize(given(new SGD())),
      () => new optimizers.LossScaleOptimizer(given(new SGD())).getConfig(),
      () => schedules.serialize(new OwnSchedule()),
      () => new SGD({ learningRate: new OwnSchedule() }).getConfig(),
      () => losses.serialize(given(new losses.Huber())),
      () => metrics.serialize(given(new metrics.Mean())),
      () => initializers.serialize(new OwnInitializer()),
      () => regularizers.serialize(given(new regularizers.L2())),
      () => constraints.serialize(given(new constraints.NonNeg())),
      () => dense({ kernelInitializer: new OwnInitializer() }).getConfig(),
      () => new Sequential([dense(), new OwnLayer()]).toJSON(),
      () => new Sequential([dense({ activation: new OwnLayer() })]).toJSON(),
      () => given(new Sequential([dense()])).toJSON(),
      () => {
        const input = layers.Input({ shape: [1] });
        return given(new Model({ inputs: input, outputs: dense().apply(input) })).toJSON();
      },
    ];
    for (const save of saving) {
      expect(save, String(save)).toThrow(refused("TypeError", "ERR_CONFIG_INVALID"));
      expect(save).toThrow(/getConfig must return a plain object/);
    }
  });

  it("one without a prototype is an object", () => {
    const config = Object.assign(Object.create(null), { delta: 2 });
    const loss = Object.assign(new losses.Huber(), { getConfig: () => config });
    expect(losses.serialize(loss).config).toBe(config);
  });
});

describe("a call that returns a variable", () => {
  class Weight extends layers.Layer {
    readonly w: Variable;
    constructor() {
      super();
      this.w = this.addWeight({ shape: [1, 1], initializer: "ones", name: "w" });
    }
    override call(): never {
      return this.w as never;
    }
  }

  it("gives its numbers as a tensor, from which gradients flow back", () => {
    const layer = new Weight();
    const tape = new GradientTape();
    const y = tape.run(() => ops.multiply(layer.apply([[5]]), 3));
    expect(y.array()).toEqual(new Float32Array([3]));
    expect(tape.gradient(y, layer.w)?.array()).toEqual(new Float32Array([3]));
  });

  it("is a separate tensor", () => {
    const layer = new Weight();
    const y: Tensor = layer.apply([[5]]);
    layer.w.assign([[7]]);
    expect(y.array()).toEqual(new Float32Array([1]));
  });

  it("in models that are called, trained and saved", async () => {
    const model = new Sequential([new layers.Dense(1, { inputShape: [1] }), new Weight()]);
    expect(model.apply([[5]]).array()).toEqual(new Float32Array([1]));
    model.compile({ optimizer: new SGD({ learningRate: 0.25 }), loss: "mse" });
    const { history } = await model.fit([[1]], [[3]], { verbose: 0 });
    expect(history.loss).toEqual([4]);
    // 1 - 0.25 * 2 * (1 - 3)
    expect((await model.predict([[1]])).array()).toEqual(new Float32Array([2]));
  });

  it("in a functional model, and in a custom one", () => {
    const input = layers.Input({ shape: [1] });
    const functional = new Model({ inputs: input, outputs: new Weight().apply(input) });
    expect(functional.apply([[5]]).array()).toEqual(new Float32Array([1]));
    class Mine extends Model {
      readonly weight = new Weight();
      override call(): never {
        return this.weight.w as never;
      }
    }
    expect(new Mine().apply([[5]]).array()).toEqual(new Float32Array([1]));
  });
});
