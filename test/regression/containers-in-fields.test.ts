/**
 * Layers and variables in plain objects, Maps and Sets, and in containers inside, of a layer's fields: they were
 * silently not trained. Keras tracks lists, tuples, dicts and sets. Private fields cannot be seen; the first step says
 * so.
 */

import { afterEach, expect, it, vi } from "vitest";
import {
  GradientTape,
  Input,
  layers,
  Model,
  metrics,
  ops,
  Sequential,
  SGD,
  type StepData,
  type Tensor,
  Variable,
} from "../../ts/index.js";
import { layerGroups } from "../../ts/saving/formats/keras-groups.js";
import { loadModel, loadWeights, saveModel, saveWeights } from "../../ts/saving/index.js";

const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
afterEach(() => warn.mockClear());
const QUIET = { verbose: 0 } as const;

const dense = (name: string) => new layers.Dense(1, { name, useBias: false });

class Held extends layers.Layer {
  static override readonly className = "Held";
  readonly blocks = { a: dense("a"), list: [dense("b"), { deep: dense("c") }] };
  readonly byKey = new Map<string, unknown>([["d", dense("d")]]);
  readonly all = new Set([dense("e"), this.blocks.a]);
  readonly pairs = [["first", dense("f")]] as const;
  readonly table = { scale: new Variable([2], { name: "scale" }), none: null, text: "x" };
  override call(x: Tensor): Tensor<"float32"> {
    const { a, list } = this.blocks;
    const more = [
      list[0],
      (list[1] as { deep: layers.Dense }).deep,
      this.byKey.get("d"),
      [...this.all][0],
      this.pairs[0][1],
    ];
    const y = (more as layers.Dense[]).reduce((sum, layer) => ops.add(sum, layer.apply(x)), a.apply(x));
    return ops.multiply(y, this.table.scale);
  }
}

it("are weights, in the order of the fields, each once", () => {
  const layer = new Held();
  layer.apply([[1]]);
  const names = ["scale", ..."abcdef"].map((name) => (name.length > 1 ? name : `${name}/kernel`));
  expect(layer.weights.map(({ name }) => name)).toEqual(names);
  layer.trainable = false;
  expect(layer.trainableWeights).toEqual([]);
  expect(layer.blocks.a.trainable).toBe(false);
});

it("are trained, without a warning", async () => {
  const layer = new Held();
  const model = new Sequential([new layers.InputLayer({ shape: [1] }), layer]);
  model.compile({ optimizer: new SGD({ learningRate: 0.001 }), loss: "mse" });
  const before = model.getWeights();
  await model.fit([[1]], [[100]], QUIET);
  model.getWeights().forEach(({ data }, i) => expect(data).not.toEqual(before[i]!.data));
  expect(warn).not.toHaveBeenCalled();
});

it("have Keras's paths in its files", async () => {
  const model = new Sequential([new layers.InputLayer({ shape: [1] }), new Held({ name: "held" })]);
  // keras.src.saving.saving_lib: entries by class, containers inside as `container`. It leaves sets out.
  expect(layerGroups(model).map(({ path }) => path)).toEqual([
    "",
    "layers/held",
    "layers/held/all/dense",
    "layers/held/all/dense_1",
    "layers/held/blocks/container/dense",
    "layers/held/blocks/container/container/dense",
    "layers/held/by_key/dense",
    "layers/held/pairs/container/dense",
  ]);
  for (const format of ["weights.h5", "safetensors", "npz"] as const) {
    const again = new Sequential([new layers.InputLayer({ shape: [1] }), new Held({ name: "held" })]);
    await loadWeights(again, await saveWeights(model, { format }), { format });
    expect(again.getWeights()).toEqual(model.getWeights());
  }
});

it("metrics among them are reported", async () => {
  class Own extends Model {
    readonly inner = dense("own");
    readonly watched = { mean: new metrics.Mean({ name: "size" }) };
    override call(x: Tensor): Tensor<"float32"> {
      const y = this.inner.apply(x);
      this.watched.mean.updateState(y);
      return y;
    }
  }
  const model = new Own();
  model.compile("sgd", "mse");
  expect(Object.keys((await model.fit([[1]], [[1]], QUIET)).history)).toEqual(["loss", "size"]);
});

it("a field that holds its own layer, or itself, is not a problem; nor are rows of numbers", () => {
  class Round extends layers.Layer {
    readonly self = this;
    readonly loop: unknown[] = [this];
    readonly rows = [[1, 2, new Variable([1])]];
    readonly w = this.addWeight({ shape: [1] });
    override call(x: Tensor) {
      return ops.multiply(x, this.w);
    }
  }
  const layer = new Round();
  layer.loop.push(layer.loop);
  expect(layer.weights).toEqual([layer.w]);
});

class Unnamed extends layers.Layer {
  readonly w = new Variable([1]);
  readonly more = { b: new Variable([2]), list: [new Variable([3])] };
  readonly named = new Variable([3], { name: "mine" });
  override call(x: Tensor): Tensor<"float32"> {
    return ops.multiply(x, this.w);
  }
}

it("variables without a name are named by their fields, in each program alike", async () => {
  const make = () => new Sequential([new layers.InputLayer({ shape: [1] }), new Unnamed({ name: "scale" })]);
  const names = ["scale/w", "scale/more/b", "scale/more/list/0", "mine"];
  expect(make().weights.map(({ name }) => name)).toEqual(names);
  const model = make();
  model.setWeights([[5], [6], [7], [8]]);
  const again = make();
  await loadWeights(again, await saveWeights(model, { format: "safetensors" }), { format: "safetensors" });
  expect(again.weights.map(({ value }) => value[0])).toEqual([5, 6, 7, 8]);
});

it("a variable of a field and one of addWeight have different names", () => {
  class Both extends layers.Layer {
    readonly w = new Variable([1]);
    readonly made = this.addWeight({ shape: [1], name: "w" });
    override call(x: Tensor) {
      return ops.multiply(x, this.made);
    }
  }
  expect(new Both({ name: "both" }).weights.map(({ name }) => name)).toEqual(["both/w", "both/w_1"]);
});

class Private extends layers.Layer {
  readonly #dense = dense("hidden");
  readonly #scale = new Variable([1], { name: "factor" });
  readonly #fixed = new Variable([1], { trainable: false });
  override call(x: Tensor): Tensor<"float32"> {
    return ops.multiply(ops.multiply(this.#dense.apply(x), this.#scale), this.#fixed);
  }
}

const TEXT =
  'model: a step reads "hidden/kernel" and 1 other variable, which the model does not have among its weights: the step does not train them, and they are not saved. Make them with addWeight, or keep them and their layers in public fields, not in private ones (#field) or in objects of other classes. Set trainable = false for what fit should not train.';

it("layers in private fields are not trained: the first step warns, once", async () => {
  const model = new Sequential([dense("shown"), new Private()], { name: "model" });
  model.compile("sgd", "mse");
  await model.fit([[1], [2]], [[1], [2]], { ...QUIET, batchSize: 1, epochs: 2 });
  expect(warn.mock.calls).toEqual([[TEXT]]);
});

/** A step of a user's: `hidden` is read on its tape. */
class OwnStep extends Sequential {
  readonly #hidden = new Variable([1], { name: "hidden" });
  readonly #fixed = new Variable([1], { name: "fixed", trainable: false });
  readonly #second = new Variable([1], { name: "second" });
  readonly #own = new SGD(0.1);

  override trainStep([x, y]: StepData<Tensor, Tensor>) {
    const tape = new GradientTape({ persistent: true });
    const loss = tape.run(() => {
      const scaled = ops.multiply(ops.multiply(this.apply(x, { training: true }), this.#hidden), this.#fixed);
      return ops.mean(ops.square(ops.subtract(ops.multiply(scaled, this.#second), y)));
    });
    // Read, but not on the tape.
    ops.sum(new Variable([1], { name: "copy" }));
    const gradients = tape.gradient(loss, this.trainableWeights);
    const second = tape.gradient(loss, [this.#second]);
    tape.dispose();
    this.optimizer?.apply(gradients, this.trainableWeights);
    this.#own.apply(second, [this.#second]);
    return { loss };
  }
}

it("also in a custom step, but not what another optimizer updates", async () => {
  const model = new OwnStep([dense("shown")], { name: "model" });
  model.compile("sgd");
  const { history } = await model.fit([[1], [2]], [[1], [2]], { ...QUIET, batchSize: 1, epochs: 2 });
  expect(history.loss).toHaveLength(2);
  expect(warn.mock.calls).toEqual([[TEXT.replace("hidden/kernel", "hidden").replace(" and 1 other variable", "")]]);
});

it("also where the loss or a metric is custom", async () => {
  class Custom extends Sequential {
    override computeLoss(given: never) {
      return super.computeLoss(given);
    }
  }
  const model = new Custom([dense("shown"), new Private()], { name: "model" });
  model.compile("sgd", "mse");
  await model.fit([[1]], [[1]], { ...QUIET, epochs: 2 });
  expect(warn.mock.calls).toEqual([[TEXT]]);
});

it("frozen layers, also inside of others, are not a reason", async () => {
  const teacher = new Sequential([dense("teacher")]);
  teacher.trainable = false;
  const input = Input({ shape: [1] });
  const model = new Model({ inputs: input, outputs: dense("student").apply(input) });
  model.compile({ loss: (y: Tensor, p: Tensor) => ops.square(ops.subtract(ops.add(teacher.apply(y), y), p)) as never });
  await model.fit([[1]], [[1]], QUIET);
  expect(warn).not.toHaveBeenCalled();
  const tape = new GradientTape();
  expect(tape.run(() => teacher.apply([[1]])).shape).toEqual([1, 1]);
});

it.each(["keras", "weights.h5"] as const)("a layer as activation is trained, and saved as %s", async (format) => {
  const make = () =>
    new Sequential([
      new layers.Dense(2, { activation: new layers.PReLU({ name: "slope" }), inputShape: [1], name: "last" }),
      new layers.Activation(new layers.PReLU({ name: "next" })),
    ]);
  const model = make();
  const names = ["last/kernel", "last/bias", "slope/alpha", "next/alpha"];
  expect(model.weights.map(({ name }) => name)).toEqual(names);
  for (const { name, value } of model.weights) if (name.endsWith("alpha")) value.fill(0.5);
  model.compile({ optimizer: new SGD({ learningRate: 0.1 }), loss: "mse" });
  await model.fit(
    [[-1], [1]],
    [
      [5, 6],
      [5, 6],
    ],
    QUIET,
  );
  for (const { value } of model.weights.slice(2)) expect(value.every((alpha) => alpha === 0.5)).toBe(false);
  // As Keras's attribute `activation`, which holds the layer.
  expect(layerGroups(model).map(({ path }) => path)).toContain("layers/dense/activation");
  expect(warn).not.toHaveBeenCalled();
  if (format === "keras") {
    expect((await loadModel(await saveModel(model, { format }), { format })).getWeights()).toEqual(model.getWeights());
  } else {
    const again = make();
    await loadWeights(again, await saveWeights(model, { format }), { format });
    expect(again.getWeights()).toEqual(model.getWeights());
  }
});
