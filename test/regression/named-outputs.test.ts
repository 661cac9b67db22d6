/**
 * Outputs by name, also a single one, where other code has no names: in a Sequential, custom calls and custom steps.
 * Keras 3.15.1 behaves so, but refuses a Sequential that continues after one named output.
 */

import { describe, expect, it } from "vitest";
import {
  cloneModel,
  Input,
  layers,
  Model,
  modelFromJSON,
  ops,
  Sequential,
  type StepData,
  stringify,
  type Tensor,
  tensor,
} from "../../ts/index.js";

const { Dense } = layers;
type Named = Readonly<Record<string, Tensor>>;
type NamedSymbols = Readonly<Record<string, layers.SymbolicTensor>>;
const X = [[1, 2]];
const ones = (units: number) => new Dense(units, { kernelInitializer: "ones" });

/** Its outputs are 3, and 5 in `b` if it has two. */
function inner(isTwo = false): Model {
  const x = Input({ shape: [2] });
  const only = ones(1).apply(x);
  return new Model({ inputs: x, outputs: isTwo ? { b: ops.add(only, 2), a: only } : { only } });
}

class Wrapper extends layers.Layer {
  static override readonly className = "Wrapper";
  readonly model: Model;
  constructor(model: Model) {
    super();
    this.model = model;
  }
  override call(x: Tensor) {
    return this.model.apply(x);
  }
}

class Wrapped extends Model {
  readonly model: Model;
  constructor(model: Model) {
    super();
    this.model = model;
  }
  override call(x: Tensor) {
    return this.model.apply(x);
  }
}

const read = (made: unknown) => Object.entries(made as Named).map(([name, value]) => [name, value.item()]);

describe("a Sequential", () => {
  const input = () => Input({ shape: [2] });
  it.each([
    ["with an input", () => new Sequential([input(), inner(), ones(1)])],
    ["without", () => new Sequential([inner(), ones(1)])],
    ["a custom layer", () => new Sequential([input(), new Wrapper(inner()), ones(1)])],
    ["a custom layer, without", () => new Sequential([new Wrapper(inner()), ones(1)])],
    ["in another", () => new Sequential([new Sequential([inner()]), ones(1)])],
  ])("passes one named output on: %s", async (_, make) => {
    const model = make();
    expect(model.apply(X).toArray()).toEqual([[3]]);
    expect(model.outputShape).toEqual([null, 1]);
    model.compile({ optimizer: "sgd", loss: "mse" });
    expect((await model.fit(X, [[1]], { verbose: 0 })).history.loss).toEqual([4]);
  });

  it("returns the names of its last layer, and takes labels by them", async () => {
    const model = new Sequential([input(), new Dense(2, { kernelInitializer: "identity" }), inner()]);
    expect(read(model.apply(X))).toEqual([["only", 3]]);
    expect((await model.predict(X)).toArray()).toEqual([[3]]);
    expect([model.outputNames, model.outputShape]).toEqual([["only"], [null, 1]]);
    model.compile({ optimizer: "sgd", loss: { only: "mse" }, lossWeights: { only: 0.5 } });
    expect(await model.evaluate(X, { only: [[1]] }, { verbose: 0 })).toBe(2);
    expect((await model.fit(X, [[1]], { verbose: 0 })).history.loss).toEqual([2]);
  });

  it("is a layer of a functional model, copied and saved", () => {
    const x = input();
    const { only } = new Sequential([input(), inner()]).apply(x) as never as NamedSymbols;
    const model = new Model({ inputs: x, outputs: ops.multiply(only!, 2) });
    const copies = [model, cloneModel(model), modelFromJSON(stringify(model))];
    for (const copy of copies) copy.setWeights(model.getWeights());
    expect(copies.map((copy) => copy.apply(X).item())).toEqual([6, 6, 6]);
  });

  it("refuses several", () => {
    const layer = new Wrapper(inner(true));
    expect(() => new Sequential([input(), layer, ones(1)])).toThrow(/has 2 outputs\. Use new Model/);
  });
});

describe("custom calls that return outputs by name", () => {
  const NAMES = ["a", "b"];
  it("of a layer: an object, in the order of its names", () => {
    expect(read(new Wrapper(inner()).apply(X))).toEqual([["only", 3]]);
    const layer = new Wrapper(inner(true));
    const x = Input({ shape: [2] });
    const made = layer.apply(x) as never as NamedSymbols;
    expect(Object.keys(made)).toEqual(NAMES);
    expect(layer.computeOutputShape([null, 2])).toEqual([
      [null, 1],
      [null, 1],
    ]);
    expect(new Model({ inputs: x, outputs: ops.subtract(made.b!, made.a!) }).apply(X).item()).toBe(2);
    expect(read(layer.apply(X)).sort()).toEqual([
      ["a", 3],
      ["b", 5],
    ]);
  });

  it("of a Lambda", () => {
    const x = Input({ shape: [2] });
    const both = (one: Tensor) => ({ double: ops.multiply(one, 2), again: one }) as never;
    const made = new layers.Lambda(both).apply(x) as never as NamedSymbols;
    expect(Object.keys(made)).toEqual(["again", "double"]);
    const model = new Model({ inputs: x, outputs: ops.subtract(made.double!, made.again!) });
    expect(model.apply(X).toArray()).toEqual(X);
  });

  it("of a model", async () => {
    const model = new Wrapped(inner());
    expect(read(model.apply(X))).toEqual([["only", 3]]);
    model.compile({ optimizer: "sgd", loss: "mse" });
    expect((await model.predict(X)).item()).toBe(3);
    expect((await model.fit(X, [[1]], { verbose: 0 })).history.loss).toEqual([4]);
    const two = await new Wrapped(inner(true)).predictAll(X);
    expect(two.map((output) => output.item())).toEqual([3, 5]);
  });

  it("anything else in an object is refused", () => {
    const odd = (made: unknown) => () => new Wrapper({ apply: () => made } as never).apply(X);
    expect(odd({})).toThrow(/call must return a tensor, .* got an object/);
    expect(odd({ a: 1 })).toThrow(/call must return a tensor, .* got 1\./);
  });
});

describe("custom steps get labels in the caller's form", () => {
  const seen: unknown[] = [];
  class Own extends Model {
    override trainStep([x, y]: StepData) {
      seen.push(y);
      return { loss: ops.mean(ops.square(ops.subtract(named(this.apply(x as Tensor)).o!, first(y)))).item() };
    }
  }
  const named = (outputs: unknown) => outputs as Record<string, Tensor>;
  const first = (y: unknown): Tensor => ((y as { o?: Tensor }).o ?? (y as Tensor[])[0] ?? y) as Tensor;
  const x = Input({ shape: [2] });
  const o = new Dense(1, { kernelInitializer: "ones" }).apply(x);
  const one = tensor([[1]]);
  it.each([
    ["an array", { o }, [[1]], (y: unknown) => String(y)],
    ["an object", { o }, { o: [[1]] }, (y: unknown) => String(named(y).o)],
    ["a list", { o, p: o }, [[[1]], [[5]]], (y: unknown) => String((y as Tensor[])[0])],
    ["an object of two", { o, p: o }, { p: [[5]], o: [[1]] }, (y: unknown) => String(named(y).o)],
  ])("%s", async (_, outputs, y, read) => {
    const model = new Own({ inputs: x, outputs });
    model.compile({ optimizer: "sgd", loss: "mse" });
    const { history } = await model.fit([[1, 2]], y as never, { verbose: 0 });
    expect(history.loss).toEqual([4]);
    expect(read(seen.at(-1))).toBe(String(one));
  });
});
