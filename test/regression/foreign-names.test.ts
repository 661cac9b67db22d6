/**
 * Names that Keras and TensorFlow.js have and gradstep lacks: the error of a call, or of an assignment that was
 * ignored, names the equivalent.
 */

import { afterEach, expect, it, vi } from "vitest";
import { layers, Model, metrics, ops, Sequential, SGD, type Tensor } from "../../ts/index.js";

const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
afterEach(() => warn.mockClear());

type Anything = Record<string, (...given: unknown[]) => unknown>;

/** Keras 3.15: keras.Model and keras.Layer, without what has one word; and what Keras 2 and TensorFlow.js add. */
const METHODS =
  "train_on_batch test_on_batch predict_on_batch get_layer train_step test_step predict_step compute_loss compute_metrics reset_metrics get_metrics_result save save_weights load_weights export to_json add_weight get_weights set_weights count_params compute_output_shape get_config add_loss fit_generator evaluate_generator predict_generator predict_classes fitDataset evaluateDataset saveWeights loadWeights add_variable execute";
const PROPERTIES = "trainable_weights trainable_variables non_trainable_weights non_trainable_variables stop_training";

const make = () => new Sequential([new layers.Dense(1, { inputShape: [1] })], { name: "model" });

it.each(METHODS.split(" "))("%s", (name) => {
  const model = make() as unknown as Anything;
  expect(typeof model[name]).toBe("function");
  expect(() => model[name]!()).toThrow(expect.objectContaining({ code: "ERR_NOT_IMPLEMENTED" }));
  expect(() => model[name]!()).toThrow(new RegExp(`^model: there is no ${name}\\. .*[a-z]{3}.*\\.$`));
});

it.each(PROPERTIES.split(" "))("%s", (name) => {
  expect(() => (make() as unknown as Anything)[name]).toThrow(`model: there is no ${name}.`);
});

it("names that it says are there", () => {
  const model = make() as unknown as Anything;
  for (const name of `${METHODS} ${PROPERTIES}`.split(" ")) {
    let text = "";
    try {
      model[name]!();
    } catch (error) {
      text = (error as Error).message;
    }
    const [, meant] = /It is called (\w+)\./.exec(text) ?? [];
    if (meant !== undefined) expect(meant in model, meant).toBe(true);
  }
});

it("are free for subclasses and fields, and not among an object's keys", () => {
  class Own extends Model {
    save() {
      return "saved";
    }
    override call(x: Tensor) {
      return ops.multiply(x, 1);
    }
  }
  const model = new Own() as Own & { load_weights: unknown; trainable_weights: number };
  model.load_weights = 1;
  model.trainable_weights = 2;
  expect([model.save(), model.load_weights, model.trainable_weights]).toEqual(["saved", 1, 2]);
  const keys: string[] = [];
  for (const key in make()) keys.push(key);
  expect(keys.filter((key) => key.includes("_"))).toEqual([]);
  expect(warn).not.toHaveBeenCalled();
});

it("methods in snake case of a custom class, which nothing would call, are warned of, once for a class", async () => {
  class Mine extends Sequential {
    static override readonly className = "Mine";
    train_step() {
      throw new Error("never");
    }
  }
  class Scale extends layers.Layer {
    get_config() {
      return {};
    }
    my_own() {}
    override call(x: Tensor) {
      return ops.multiply(x, 2);
    }
  }
  const model = new Mine([new Scale(), new Scale(), new layers.Dense(1)]);
  model.compile("sgd", "mse");
  await model.fit([[1]], [1], { verbose: 0 });
  new Mine();
  expect(warn.mock.calls.flat()).toEqual([
    "Scale: nothing calls its get_config. The method is called getConfig.",
    "Mine: nothing calls its train_step. The method is called trainStep.",
  ]);
});

it.each(["lr", "learning_rate"])("the rate as %s: refused when it is set or read, in loops too", (name) => {
  const optimizer = new SGD(0.1, { name: "sgd" }) as unknown as Anything;
  const message = `sgd: there is no ${name}. It is called learningRate.`;
  expect(() => Object.assign(optimizer, { [name]: 1 })).toThrow(message);
  expect(() => optimizer[name]).toThrow(message);
  expect([optimizer.learningRate, Object.hasOwn(optimizer, name)]).toEqual([Math.fround(0.1), false]);
});

it.each(
  "apply_gradients clip_gradients get_weights computeGradients compute_gradients get_gradients zero_grad".split(" "),
)("%s of an optimizer", (name) => {
  const optimizer = new SGD(0.1, { name: "sgd" }) as unknown as Anything;
  expect(() => optimizer[name]!()).toThrow(new RegExp(`^sgd: there is no ${name}\\. .*[a-z]{3}.*\\.$`));
});

it.each(["update_state", "reset_state", "reset_states", "get_config"])("%s of a metric", (name) => {
  const metric = new metrics.Mean() as unknown as Anything;
  expect(() => metric[name]!()).toThrow(new RegExp(`^mean: there is no ${name}\\. It is called [a-zA-Z]+\\.$`));
});

it("a custom metric with update_state is warned of", () => {
  class Own extends metrics.Mean {
    update_state() {}
  }
  new Own();
  new Own();
  expect(warn.mock.calls).toEqual([["Own: nothing calls its update_state. The method is called updateState."]]);
});

it("a custom optimizer may have a field `lr`, also one that its constructor sets", async () => {
  class Own extends SGD {
    lr = 1;
  }
  class Assigned extends SGD {
    constructor() {
      super(0.1);
      Object.assign(this, { learning_rate: 1 });
    }
  }
  for (const optimizer of [new Own(0.1), new Assigned()]) {
    const model = make();
    model.compile(optimizer, "mse");
    await expect(model.fit([[1]], [1], { verbose: 0 })).resolves.toBeDefined();
  }
  for (const name of ["lr", "learning_rate"]) {
    const next = make();
    next.compile(new (class extends SGD {})(0.1), "mse");
    Object.assign(next.optimizer as object, { [name]: 0.1 });
    const before = next.getWeights();
    await expect(next.trainOnBatch([[1]], [1])).rejects.toThrow(`nothing reads its "${name}"`);
    expect(next.getWeights()).toEqual(before);
  }
});
