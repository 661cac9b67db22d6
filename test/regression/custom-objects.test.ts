/**
 * Custom classes and functions of every family pass through every nesting; registries share one rule of spelling.
 */

import { describe, expect, it } from "vitest";
import {
  Adam,
  activations,
  cloneModel,
  constraints,
  initializers,
  LossScaleOptimizer,
  layers,
  losses,
  metrics,
  modelFromJSON,
  type Operand,
  ops,
  optimizers,
  regularizers,
  Sequential,
  SGD,
  schedules,
  stringify,
  type Tensor,
} from "../../ts/index.js";
import { known } from "../support/known-names.js";
import { thrown } from "../support/refusal.js";

class Halving extends schedules.LearningRateSchedule {
  override at(step: number): number {
    return 1 / (step + 1);
  }
  override getConfig() {
    return {};
  }
}
class Halves extends initializers.Initializer {
  override call(shape: readonly number[]) {
    return new initializers.Constant(0.5).call(shape);
  }
}
class Tax extends regularizers.Regularizer {
  override call(x: Operand) {
    return ops.sum(x);
  }
}
class Cap extends constraints.Constraint {
  override call(w: Operand) {
    return ops.minimum(w, 1);
  }
}
class Mine extends SGD {}
class Quartic extends losses.Loss {
  override call(yTrue: losses.Labels, yPred: losses.Predictions) {
    return ops.mean(ops.square(ops.square(ops.subtract(yTrue, yPred))), { axis: -1 });
  }
}
class Biggest extends metrics.Mean {}
class Wide extends layers.Dense {}
function twice(x: Operand) {
  return ops.multiply(x, 2);
}
function gap(yTrue: Tensor<"float32">, yPred: Tensor<"float32">) {
  return ops.mean(ops.abs(ops.subtract(yTrue, yPred)), { axis: -1 });
}
/** The class under a name that others have. */
function renamed<T extends abstract new (...args: never[]) => object>(made: T): T {
  abstract class Same extends (made as never as abstract new () => object) {
    static readonly className = "Same";
  }
  return Same as never;
}
const all = { Halving, Halves, Tax, Cap, Mine, Quartic, Biggest, Wide, twice, gap };

const make = () => {
  const wide = new Wide(1, {
    inputShape: [1],
    kernelInitializer: new Halves(),
    kernelRegularizer: new Tax(),
    kernelConstraint: new Cap(),
    activation: twice,
  });
  const model = new Sequential([wide]);
  const optimizer = new LossScaleOptimizer(new Mine({ learningRate: new Halving() }), { initialScale: 4 });
  model.compile({ optimizer, loss: new Quartic(), metrics: [gap, new metrics.MeanMetricWrapper(gap, { name: "g" })] });
  return model;
};

describe("custom objects", () => {
  it("come back from a model's text, at every depth, and train as the model", async () => {
    const [model, copy] = [make(), modelFromJSON(stringify(make()), all)];
    const runs = [];
    for (const each of [model, copy]) {
      runs.push((await each.fit([[1], [2]], [[1], [3]], { epochs: 3, batchSize: 1, shuffle: false })).history);
    }
    expect(runs[1]).toEqual(runs[0]);
    expect(copy.getWeights()).toEqual(model.getWeights());
    const inner = (copy.optimizer as LossScaleOptimizer).innerOptimizer;
    expect(inner).toBeInstanceOf(Mine);
    expect(inner.rate).toBeInstanceOf(Halving);
    expect(copy.layers[0]).toBeInstanceOf(Wide);
  });

  it.each(Object.keys(all).filter((name) => name !== "Biggest"))("%s is asked for by its name", (name) => {
    const others = Object.fromEntries(Object.entries(all).filter(([key]) => key !== name));
    expect(() => modelFromJSON(stringify(make()), others)).toThrow(
      expect.objectContaining({ code: "ERR_CONFIG_UNKNOWN_CLASS", message: expect.stringContaining(`"${name}"`) }),
    );
  });

  it("go in as a package's, as register_keras_serializable writes them", () => {
    const saved = { module: null, class_name: "Halving", config: {}, registered_name: "pkg>Halving" };
    expect(schedules.deserialize(saved, { Halving })).toBeInstanceOf(Halving);
    expect(schedules.deserialize(saved, { "pkg>Halving": Halving })).toBeInstanceOf(Halving);
    const config = { learning_rate: saved };
    expect(optimizers.deserialize({ class_name: "adam", config }, { Halving }).rate).toBeInstanceOf(Halving);
  });

  it("go into a clone without being named", async () => {
    const dense = (options: object) => new layers.Dense(1, { kernelInitializer: "ones", ...options });
    const made = [
      make(),
      // Two families with one name; a layer as activation; functions; a nested model.
      new Sequential([
        dense({ inputShape: [1], kernelRegularizer: new (renamed(Tax))(), kernelConstraint: new (renamed(Cap))() }),
      ]),
      new Sequential([
        dense({ inputShape: [1], activation: new Wide(1, { activation: twice, kernelInitializer: new Halves() }) }),
      ]),
      new Sequential([
        new Sequential([new Wide(1, { inputShape: [1], kernelInitializer: new Halves() })]),
        dense({ activation: twice }),
      ]),
    ];
    for (const model of made) {
      const copy = cloneModel(model);
      copy.build([null, 1]);
      model.build([null, 1]);
      copy.setWeights(model.getWeights());
      for (const one of [model, copy]) one.compile({ optimizer: new SGD(0.1), loss: "mse" });
      const losses = [model, copy].map((one) => one.trainOnBatch([[1], [2]], [[3], [4]]));
      expect(await losses[1]).toBe(await losses[0]);
    }
    // Nothing is left behind.
    expect(() => initializers.get("Halves")).toThrow("No initializer is called");
  });

  it("leave no trace of a call that failed", () => {
    expect(() => optimizers.deserialize({ class_name: "Adam", config: { beta_3: 1 } }, { Mine })).toThrow();
    expect(() => optimizers.get("Mine")).toThrow(expect.objectContaining({ code: "ERR_CONFIG_UNKNOWN_CLASS" }));
  });

  it("a layer as activation is saved and read without the list of all layers", () => {
    const activation = new layers.LeakyReLU({ negativeSlope: 0.5 });
    const config = new layers.Dense(1, { activation }).getConfig();
    expect(config.activation).toMatchObject({ module: "keras.layers", class_name: "LeakyReLU" });
    const again = new layers.Dense(1, { activation: config.activation as { class_name: string }, useBias: false });
    again.build([null, 1]);
    again.setWeights([[[1]]]);
    expect([...again.apply([[-2]]).array()]).toEqual([-1]);
  });
});

describe("one rule of spelling", () => {
  const families = [
    ["optimizers", optimizers.get, Adam, "Adam"],
    ["optimizers", optimizers.get, optimizers.RMSprop, "RMSprop"],
    ["layers", layers.get, layers.LeakyReLU, "LeakyReLU"],
    ["metrics", metrics.get, metrics.MeanSquaredError, "MeanSquaredError"],
    ["initializers", initializers.get, initializers.GlorotUniform, "GlorotUniform"],
    ["regularizers", regularizers.get, regularizers.L1L2, "L1L2"],
    ["constraints", constraints.get, constraints.NonNeg, "NonNeg"],
  ] as const;
  const spellings = (name: string) => {
    const snake = name.replace(/(?<=[a-z])([A-Z])/g, "_$1").toLowerCase();
    return [name, snake, snake.replace(/_(.)/g, (_, c: string) => c.toUpperCase()), name.toLowerCase()];
  };

  it.each(families)("%s: %#", (family, get, made, name) => {
    const find = get as (identifier: unknown) => object;
    const module = `keras.${family}`;
    for (const spelled of spellings(name)) expect(find(spelled)).toBeInstanceOf(made);
    expect(find(made)).toBeInstanceOf(made);
    const object = find(name);
    expect(find(object)).toBe(object);
    expect(find({ module, class_name: name, config: {}, registered_name: name })).toBeInstanceOf(made);
    expect(find({ class_name: spellings(name)[1], config: {} })).toBeInstanceOf(made);
    expect(find(null)).toBeNull();
  });

  it("abbreviations, Keras 2's keys, and functions", () => {
    for (const name of ["mse", "MSE", "Mse"]) {
      expect(losses.get(name)).toBe(losses.meanSquaredError);
      expect(metrics.get(name)).toBeInstanceOf(metrics.MeanSquaredError);
    }
    expect(optimizers.get("rms_prop")).toBeInstanceOf(optimizers.RMSprop);
    expect(activations.get("LeakyRelu")).toBe(activations.leakyRelu);
    const former = { learning_rate: 1, decay: 0, jit_compile: false, is_legacy_optimizer: false };
    const saved = { module: "keras.optimizers", class_name: "Adam", config: former, registered_name: "Adam" };
    expect(optimizers.deserialize(saved).learningRate).toBe(1);
    expect(() => optimizers.deserialize({ class_name: "Adam", config: { decay: 0.1 } })).toThrow(
      thrown(
        "ValueError",
        "ERR_CONFIG_INVALID",
        '"decay" of Keras 2 can only be 0, got 0.1. Write it as a schedule instead, in "learning_rate": InverseTimeDecay with decay_steps 1 and this decay_rate.',
      ),
    );
  });

  it("messages name the keys that stand in the file", () => {
    const read = (class_name: string, config: object) => () => layers.deserialize({ class_name, config });
    expect(read("LeakyReLU", { negative_slope: -1 })).toThrow(
      thrown("ValueError", "ERR_OPTION_RANGE", 'LeakyReLU "leaky_re_lu": "negative_slope" must be 0 or above, got -1.'),
    );
    expect(() => new layers.LeakyReLU({ negativeSlope: -1 })).toThrow(
      thrown("ValueError", "ERR_OPTION_RANGE", 'LeakyReLU "leaky_re_lu": "negativeSlope" must be 0 or above, got -1.'),
    );
    expect(read("Dense", { units: 1, use_bais: true })).toThrow(
      thrown(
        "ValueError",
        "ERR_OPTION_UNKNOWN",
        'Dense does not know "use_bais" (did you mean "use_bias"?). Its options are: units, activation, use_bias, kernel_initializer, kernel_regularizer, kernel_constraint, bias_initializer, bias_regularizer, bias_constraint, name, trainable, input_shape, activity_regularizer, dtype.',
      ),
    );
    expect(() => schedules.get("cosine_decai")).toThrow(
      thrown(
        "ValueError",
        "ERR_CONFIG_UNKNOWN_CLASS",
        `No schedule is called "cosine_decai". Did you mean "CosineDecay"? Known: ${known("schedule")}. Pass a custom class in customObjects.`,
      ),
    );
  });
});
