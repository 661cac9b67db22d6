/**
 * Custom classes whose constructor takes arguments, without `getConfig`: copies silently had the defaults. Python's Keras
 * records the arguments, or raises NotImplementedError.
 */

import { describe, expect, it } from "vitest";
import {
  cloneModel,
  constraints,
  Input,
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
  stringify,
  type Tensor,
} from "../../ts/index.js";

const lacks = (name: string, ...keys: string[]) =>
  expect.objectContaining({
    name: "ValueError",
    code: "ERR_NOT_IMPLEMENTED",
    message: expect.stringContaining(`${name}: the config lacks ${keys.map((key) => `"${key}"`).join(", ")}`),
  });

class Positional extends layers.Layer {
  constructor(readonly factor: number) {
    super();
  }
  override call(x: Operand): Tensor<"float32"> {
    return ops.multiply(x, this.factor);
  }
}

class Unpacked extends layers.Layer {
  readonly factor: number;
  constructor({ factor = 2, ...options }: layers.LayerOptions & { factor?: number } = {}) {
    super(options);
    this.factor = factor;
  }
  override call(x: Operand): Tensor<"float32"> {
    return ops.multiply(x, this.factor);
  }
}

class Listed extends layers.Layer {
  readonly factor: number;
  constructor(options: layers.LayerOptions & { factor?: number } = {}) {
    super(options, ["factor"]);
    this.factor = options.factor ?? 2;
  }
  override call(x: Operand): Tensor<"float32"> {
    return ops.multiply(x, this.factor);
  }
}

describe("layers", () => {
  it.each([
    ["by position", () => new Positional(3), "Positional", "factor"],
    ["unpacked", () => new Unpacked({ factor: 3 }), "Unpacked", "factor"],
    ["listed for the base", () => new Listed({ factor: 3 }), "Listed", "factor"],
  ])("%s", (_, make, name, key) => {
    const model = new Sequential([Input({ shape: [1] }).layer, make()]);
    for (const save of [
      () => cloneModel(model),
      () => layers.serialize(model.layers.at(-1) as layers.Layer),
      () => stringify(model),
      () => model.toJSON(),
    ]) {
      expect(save).toThrow(lacks(name, key));
    }
    expect(model.apply([[1]]).shape).toEqual([1, 1]);
  });

  it("with getConfig are copied with their arguments", () => {
    class Whole extends Positional {
      static override readonly requiredArguments = ["factor"];
      override getConfig() {
        return { ...super.getConfig(), factor: this.factor };
      }
    }
    class Further extends Whole {}
    for (const made of [new Whole(3), new Further(3)]) {
      const copy = cloneModel(new Sequential([Input({ shape: [1] }).layer, made]));
      expect(copy.apply([[1]]).array()).toEqual(new Float32Array([3]));
    }
  });

  it("that only pass on their options are saved", () => {
    class Passing extends layers.Layer {
      constructor(options: layers.LayerOptions = {}) {
        super(options);
        this.label.at(0);
      }
      override call(x: Operand): Tensor<"float32"> {
        return ops.multiply(x, 2);
      }
    }
    class Rest extends Passing {
      constructor(...rest: ConstructorParameters<typeof Passing>) {
        super(...rest);
      }
    }
    class Named extends Passing {
      constructor({ name = "named" }: { name?: string } = {}) {
        super({ name });
      }
    }
    class Relu extends layers.Dense {
      constructor(units: number, options: layers.DenseOptions = {}) {
        super(units, { ...options, activation: "relu" });
      }
    }
    for (const made of [new Passing(), new Rest(), new Named(), new Relu(3)]) {
      expect(cloneModel(new Sequential([Input({ shape: [1] }).layer, made])).layers.at(-1)?.name).toBe(made.name);
    }
  });
});

describe("other families", () => {
  class Power extends losses.Loss {
    constructor(readonly power: number) {
      super();
    }
    override call(yTrue: losses.Labels, yPred: losses.Predictions) {
      return ops.mean(ops.power(ops.subtract(yTrue, yPred), this.power), { axis: -1 });
    }
  }
  class Above extends metrics.Metric {
    constructor(readonly limit: number) {
      super();
    }
    override updateState() {}
    override resetState() {}
    override result() {
      return this.limit;
    }
  }
  class Fill extends initializers.Initializer {
    constructor(readonly value: number) {
      super();
    }
    override call(shape: readonly number[]) {
      return ops.full(shape, this.value);
    }
  }
  class Cost extends regularizers.Regularizer {
    constructor(readonly cost: number) {
      super();
    }
    override call(x: Operand) {
      return ops.multiply(ops.sum(ops.abs(x)), this.cost);
    }
  }
  class Below extends constraints.Constraint {
    constructor(readonly limit: number) {
      super();
    }
    override call(w: Operand) {
      return ops.minimum(w, this.limit);
    }
  }
  class Slow extends optimizers.Optimizer {
    static override readonly className: string = "Slow";
    readonly share: number;
    constructor({ share = 0.5, ...options }: optimizers.OptimizerOptions & { share?: number } = {}) {
      super({ learningRate: 0.1, ...options });
      this.share = share;
    }
    override updateStep() {}
  }
  class Ends extends Model {
    constructor(
      { inputs, outputs }: { inputs: layers.SymbolicTensor; outputs: layers.SymbolicTensor },
      readonly weight = 1,
    ) {
      super({ inputs, outputs });
    }
    override call(inputs: Operand) {
      return ops.multiply(super.call(inputs, { training: false }) as Operand, this.weight);
    }
  }
  const input = Input({ shape: [1] });

  it.each<[string, () => unknown, string, string]>([
    ["a loss", () => losses.serialize(new Power(4)), "Power", "power"],
    ["a metric", () => metrics.serialize(new Above(4)), "Above", "limit"],
    ["an initializer", () => initializers.serialize(new Fill(4)), "Fill", "value"],
    ["a regularizer", () => regularizers.serialize(new Cost(4)), "Cost", "cost"],
    ["a constraint", () => constraints.serialize(new Below(4)), "Below", "limit"],
    ["an optimizer", () => optimizers.serialize(new Slow({ share: 1 })), "Slow", "share"],
    ["in a layer", () => new layers.Dense(1, { kernelInitializer: new Fill(4) }).getConfig(), "Fill", "value"],
    [
      "a functional model",
      () => new Ends({ inputs: input, outputs: new layers.Dense(1).apply(input) }, 2).toJSON(),
      "Ends",
      "weight",
    ],
  ])("%s", (_, save, name, key) => {
    expect(save).toThrow(lacks(name, key));
  });

  it("compiled", () => {
    const model = new Sequential([new layers.Dense(1, { inputShape: [1] })]);
    model.compile({ loss: new Power(4) });
    expect(() => stringify(model)).toThrow(lacks("Power", "power"));
  });
});
