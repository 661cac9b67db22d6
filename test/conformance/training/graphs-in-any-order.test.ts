/** Functional models with their layers in any order in the JSON: the same model, in time linear in the JSON. */

import { afterEach, expect, it, vi } from "vitest";
import { Input, layers, Model, modelFromJSON, setRandomSeed, stringify } from "../../../ts/index.js";
import { shardTensors } from "../../../ts/saving/formats/tfjs-shards.js";
import orders from "../../golden/graph-orders.json" with { type: "json" };

afterEach(() => vi.restoreAllMocks());

interface Saved {
  config: { layers: unknown[] };
}

const json = (model: Model): Saved => JSON.parse(stringify(model)) as Saved;

function withLayers(saved: Saved, order: (list: unknown[]) => unknown[]): object {
  return { ...saved, config: { ...saved.config, layers: order([...saved.config.layers]) } };
}

function chain(length: number): Model {
  const input = Input({ shape: [2], name: "in" });
  let x = input;
  for (let i = 0; i < length; i++) x = new layers.Dense(2, { name: `d${i}` }).apply(x);
  return new Model({ inputs: input, outputs: x });
}

/** With a layer that is called three times, and two branches. */
function branches(): Model {
  const [a, b] = [Input({ shape: [2], name: "a" }), Input({ shape: [2], name: "b" })];
  const shared = new layers.Dense(2, { name: "shared" });
  const sum = new layers.Add({ name: "sum" }).apply([shared.apply(a), shared.apply(b)]);
  const outputs = new layers.Multiply({ name: "product" }).apply([shared.apply(sum), sum]);
  return new Model({ inputs: [a, b], outputs });
}

it("any order gives the same function", async () => {
  const model = branches();
  const saved = json(model);
  const x = [[[1, 2]], [[3, -4]]];
  const expected = (await model.predict(x)).array();
  const orders: ((list: unknown[]) => unknown[])[] = [
    (list) => list,
    (list) => list.reverse(),
    (list) => [...list.slice(3), ...list.slice(0, 3)],
    (list) => [...list.filter((_, i) => i % 2 === 1), ...list.filter((_, i) => i % 2 === 0)],
  ];
  for (const order of orders) {
    const again = modelFromJSON(withLayers(saved, order));
    again.setWeights(model.getWeights());
    expect((await again.predict(x)).array()).toEqual(expected);
  }
});

it("layers are called in Keras's order, and so draw the same first weights", () => {
  const saved = json(chain(5));
  const made = (order: (list: unknown[]) => unknown[]) => {
    setRandomSeed(3);
    return modelFromJSON(withLayers(saved, order)).weights.map((weight) => [weight.path, [...weight.array()]]);
  };
  const [input, ...others] = [0, 1, 2, 3, 4, 5];
  // The seeds of layers are drawn when they are made: in the file's order.
  expect(made((list) => list).map(([path]) => path)).toEqual(made((list) => list.reverse()).map(([path]) => path));
  expect(made((list) => [...others, input].map((i) => list[i as number]))).toEqual(made((list) => list));
});

it("tensors that no layer outputs are named, with each layer that needs them", () => {
  const saved = json(chain(3));
  const without = withLayers(saved, (list) => list.filter((layer) => (layer as { name: string }).name !== "d0"));
  expect(() => modelFromJSON(without)).toThrow(
    'modelFromJSON: no layer outputs the tensors that these layers are called with: "d1", "d2".',
  );
});

it("twice as many layers in reverse order take twice the work", () => {
  const work = (length: number) => {
    const reversed = withLayers(json(chain(length)), (list) => list.reverse());
    const get = vi.spyOn(Map.prototype, "get");
    modelFromJSON(reversed).dispose();
    const { length: count } = get.mock.calls;
    get.mockRestore();
    return count;
  };
  expect(work(80) / work(40)).toBeLessThan(2.3);
});

const entry = (name: string, length: number) => ({
  name,
  stored: "float32" as const,
  shape: [length / 4],
  length,
  quantization: undefined,
  isState: false,
});

it("weights are found in shards wherever these end", async () => {
  const bytes = Uint8Array.from({ length: 64 }, (_, i) => i + 1);
  const lengths = [0, 8, 0, 12, 4, 40, 0];
  for (const ends of [[64], [0, 64], [8, 20, 64], [3, 4, 5, 60, 64], [8, 8, 12, 12, 64, 64]]) {
    const shards = ends.map((end, i) => bytes.slice(ends[i - 1] ?? 0, end));
    const group = {
      paths: ends.map((_, i) => String(i)),
      entries: lengths.map((length, i) => entry(`w${i}`, length)),
      length: 64,
    };
    const tensors = await shardTensors("a", [group], async (path) => shards[Number(path)]!);
    let at = 0;
    for (const [i, { tensor }] of tensors.entries()) {
      const expected = bytes.slice(at, at + lengths[i]!);
      at += lengths[i]!;
      expect([...(await tensor.bytes())]).toEqual([...expected]);
      const parts = tensor.parts?.each();
      if (parts === undefined) continue;
      expect([...parts].flatMap((part) => [...part])).toEqual([...new Float32Array(expected.buffer)]);
      expect(tensor.parts?.areFinite()).toBe(true);
    }
    expect(tensors.every(({ tensor }) => tensor.parts !== undefined)).toBe(ends.every((end) => end % 4 === 0));
  }
});

it("twice as many weights in twice as many shards take twice the work", async () => {
  const work = async (count: number) => {
    const entries = Array.from({ length: count }, (_, i) => entry(`w${i}`, 8));
    const paths = entries.map((_, i) => String(i));
    const shards = entries.map((_, i) => new Uint8Array(i === 0 ? 4 : i === count - 1 ? 12 : 8));
    const subarray = vi.spyOn(Uint8Array.prototype, "subarray");
    const tensors = await shardTensors("a", [{ paths, entries, length: 8 * count }], async (i) => shards[Number(i)]!);
    for (const { tensor } of tensors) await tensor.bytes();
    const { length } = subarray.mock.calls;
    subarray.mockRestore();
    return length;
  };
  expect((await work(200)) / (await work(100))).toBeLessThan(2.3);
});

it.each(orders.cases.map((one, i) => [i, one] as const))("layers in Keras's order: random graph %i", (_, one) => {
  const tensors = Array.from({ length: one.inputs }, (_, i) => Input({ shape: [2], name: `x${i}` }));
  const shared = new Map<number, layers.Dense>();
  for (const [at, [number, ...given]] of (one.calls as [number, ...number[]][]).entries()) {
    const list = given.map((i) => tensors[i]!);
    const dense = shared.get(number) ?? new layers.Dense(2, { name: `d${number}` });
    shared.set(number, dense);
    tensors.push(list.length === 1 ? dense.apply(list[0]!) : new layers.Add({ name: `a${at}` }).apply(list));
  }
  const model = new Model({ inputs: tensors.slice(0, one.inputs), outputs: one.outputs.map((i) => tensors[i]!) });
  expect(model.layers.map(({ name }) => name)).toEqual(one.layers);
  expect(modelFromJSON(stringify(model)).layers.map(({ name }) => name)).toEqual(one.layers);
});
