/**
 * Call arguments of the layers of a functional model belong to the model: in JSON, in nested models, in models cut from
 * others. The explicit argument wins over fit's, as Keras documents it.
 */

import { expect, it } from "vitest";
import {
  Input,
  layers,
  Model,
  modelFromJSON,
  type Operand,
  Sequential,
  stringify,
  type Tensor,
} from "../../ts/index.js";

const bn = () => new layers.BatchNormalization({ momentum: 0.5, name: "bn" });
const statistics = (layer: layers.Layer) => layer.nonTrainableWeights.map((weight) => weight.array()[0]);
const fitted = async (model: Model, inner: Model = model) => {
  model.compile({ optimizer: "sgd", loss: "mse" });
  await model.fit([[1], [3]], [[1], [3]], { verbose: 0 });
  return statistics(inner.getLayer("bn"));
};
const frozen = () => {
  const x = Input({ shape: [1] });
  return new Model({ inputs: x, outputs: bn().apply(x, { training: false }) });
};

it("training: false stays, in a copy from JSON too", async () => {
  expect(await fitted(frozen())).toEqual([0, 1]);
  expect(await fitted(modelFromJSON(stringify(frozen())))).toEqual([0, 1]);
  expect(await fitted(modelFromJSON(frozen().toJSON()))).toEqual([0, 1]);
});

it("training: null and no argument follow fit: half of the batch's mean 2, and of its variance 1", async () => {
  const x = Input({ shape: [1] });
  expect(await fitted(new Model({ inputs: x, outputs: bn().apply(x) }))).toEqual([1, 1]);
  expect(await fitted(new Model({ inputs: x, outputs: bn().apply(x, { training: null }) }))).toEqual([1, 1]);
});

it("reaches nested models, where a layer's own argument wins", async () => {
  for (const own of [undefined, true]) {
    const make = () => {
      const [x, y] = [Input({ shape: [1] }), Input({ shape: [1] })];
      const inner = new Model({ inputs: y, outputs: bn().apply(y, { training: own }), name: "inner" });
      return new Model({ inputs: x, outputs: inner.apply(x, { training: false }) as never });
    };
    const copy = modelFromJSON(stringify(make()));
    for (const model of [make(), copy]) {
      expect(await fitted(model, model.getLayer("inner") as Model)).toEqual(own ? [1, 1] : [0, 1]);
    }
  }
  const sequential = () => {
    const x = Input({ shape: [1] });
    const inner = new Sequential([bn()], { name: "inner" });
    return new Model({ inputs: x, outputs: inner.apply(x, { training: false }) as never });
  };
  const copy = modelFromJSON(stringify(sequential()));
  expect(await fitted(copy, copy.getLayer("inner") as Model)).toEqual([0, 1]);
});

it("a dropout that always drops does so in predict, after JSON, and in a model cut from another", async () => {
  const x = Input({ shape: [64], name: "x" });
  const dropped = new layers.Dropout(0.5, { name: "mc" }).apply(x, { training: true });
  const whole = new Model({ inputs: x, outputs: new layers.Activation("relu").apply(dropped) });
  const cut = new Model({ inputs: x, outputs: dropped });
  for (const model of [whole, cut, modelFromJSON(stringify(whole)), modelFromJSON(stringify(cut))]) {
    const zeros = (await model.predict([new Array(64).fill(1)])).array().filter((value) => value === 0).length;
    expect(zeros).toBeGreaterThan(0);
  }
});

it("custom layers pass training on to the layers that they call, as in Keras", async () => {
  class Block extends layers.Layer {
    readonly norm = bn();
    override build(shape: readonly number[]) {
      this.norm.build(shape as never);
      super.build(shape);
    }
    override call(inputs: Operand): Tensor<"float32"> {
      return this.norm.apply(inputs);
    }
  }
  const model = new Sequential([Input({ shape: [1] }), new Block({ name: "block" })]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  await model.fit([[1], [3]], [[1], [3]]);
  expect(statistics((model.getLayer("block") as Block).norm)).toEqual([1, 1]);
  const block = new Block();
  block.apply([[1], [3]], { training: true });
  expect(statistics(block.norm)).toEqual([1, 1]);
});

it("unknown arguments of a layer's call in a file are refused", () => {
  const saved = JSON.parse(stringify(frozen()));
  const [node] = saved.config.layers[1].inbound_nodes;
  const at = (kwargs: object) => () => {
    node.kwargs = kwargs;
    return modelFromJSON(saved);
  };
  expect(at({ training: true, mask: null })).not.toThrow();
  for (const kwargs of [{ mask: [1] }, { training: 1 }, { training: "yes" }, { steps: 2 }]) {
    expect(at(kwargs)).toThrow(expect.objectContaining({ code: "ERR_CONFIG_INVALID" }));
  }
  // Keras writes an input that was given by name so.
  node.kwargs = { inputs: node.args[0] };
  node.args = [];
  expect(modelFromJSON(saved).layers).toHaveLength(2);
});
