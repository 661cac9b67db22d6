/**
 * Subclasses of `Model` that are built by hand, read and copied: they were "built" without weights, so that nothing could be set.
 * Keras builds their layers by a symbolic call, from `build_config` too.
 */

import { expect, it } from "vitest";
import { cloneModel, layers, Model, modelFromJSON, type Operand, ops, stringify, type Tensor } from "../../ts/index.js";

class Pair extends Model {
  static override readonly className: string = "Pair";
  readonly units: number;
  readonly a: layers.Dense;
  readonly b = new layers.Dense(1);
  constructor({ units = 2, name }: { units?: number; name?: string } = {}) {
    super({ name });
    this.units = units;
    this.a = new layers.Dense(units);
  }
  override call(x: Operand): Tensor<"float32"> {
    return this.b.apply(this.a.apply(x));
  }
  override getConfig() {
    return { name: this.name, units: this.units };
  }
}

// Keras 3.15.1: `build((None, 4))`, then 3 x 4 + 3 + 3 + 1 parameters.
it("build makes the weights of the layers", () => {
  const model = new Pair({ units: 3 });
  model.build([null, 4]);
  expect(model.weights.map(({ shape }) => shape)).toEqual([[4, 3], [3], [3, 1], [1]]);
  expect(model.countParams()).toBe(19);
});

it("JSON has the shape, and the read model has weights", async () => {
  const model = new Pair({ units: 3 });
  model.compile({ optimizer: "sgd", loss: "mse" });
  await model.fit([[1, 2, 3, 4]], [[1]], { verbose: 0 });
  expect(model.toJSON().build_config).toEqual({ input_shape: [null, 4] });
  const copy = modelFromJSON(stringify(model), { Pair });
  expect(copy.countParams()).toBe(19);
  copy.setWeights(model.getWeights());
  expect((await copy.predict([[1, 2, 3, 4]])).array()).toEqual((await model.predict([[1, 2, 3, 4]])).array());
});

it("a copy has weights", () => {
  const model = new Pair({ units: 3 });
  model.build([null, 4]);
  expect(cloneModel(model).countParams()).toBe(19);
  expect(cloneModel(new Pair()).built).toBe(false);
});

it("a build whose call is refused leaves nothing", () => {
  class Halved extends Pair {
    override call(x: Operand): Tensor<"float32"> {
      return this.b.apply(ops.reshape(this.a.apply(x), [5, 5]));
    }
  }
  const model = new Halved();
  expect(() => model.build([null, 4])).toThrow(expect.objectContaining({ code: "ERR_SHAPE" }));
  expect([model.built, model.weights.length]).toEqual([false, 0]);
});

it("one that is not built is read as it was", () => {
  expect(modelFromJSON(new Pair().toJSON(), { Pair }).built).toBe(false);
  const python = { ...new Pair().toJSON(), build_config: { input_shape: { a: [null, 4] } } };
  expect(modelFromJSON(python, { Pair }).built).toBe(false);
});
