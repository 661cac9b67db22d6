/** `saveWeights` and `loadWeights`: training continues with the same bits; a refused file changes nothing. */

import { describe, expect, it, onTestFinished, vi } from "vitest";
import { Input, layers, losses, Model, optimizers, Sequential, setRandomSeed, stringify } from "../../ts/index.js";
import { modelFromJSON } from "../../ts/models/index.js";
import { loadWeights, saveWeights, type WeightsFormat } from "../../ts/saving/index.js";
import { expectSameBits } from "../support/bytes.js";
import { CLASS_NAMES } from "../support/optimizers.js";

const FORMATS: readonly Exclude<WeightsFormat, "h5">[] = ["safetensors", "npz", "weights.h5"];
const x = [
  [1, 2, 3, 4],
  [5, 6, 7, 8],
  [-1, 0.5, 2, -3],
];
const y = [
  [1, 2],
  [3, 4],
  [0, -1],
];

function network(optimizer: unknown = "adam", names: readonly string[] = ["hidden", "head"]): Sequential {
  const model = new Sequential([
    new layers.Dense(3, { inputShape: [4], name: names[0], activation: "tanh" }),
    new layers.BatchNormalization({ name: `${names[0]}_norm` }),
    new layers.Dense(2, { name: names[1] }),
  ]);
  model.compile({ optimizer: optimizer as "adam", loss: "mse" });
  return model;
}

const numbersOf = (model: Model) =>
  [...model.getWeights(), ...(model.optimizer?.built ? model.optimizer.getWeights() : [])].map(({ data }) => data);

function expectSame(a: Model, b: Model): void {
  const [first, second] = [numbersOf(a), numbersOf(b)];
  expect(second.length).toBe(first.length);
  first.forEach((numbers, i) => {
    expectSameBits(`array ${i}`, second[i] as Float32Array, numbers as Float32Array);
  });
}

describe.each(FORMATS)("%s: training continues with the same bits", (format) => {
  it.each(CLASS_NAMES.filter((name) => name !== "LossScaleOptimizer"))("%s", async (name) => {
    setRandomSeed(7);
    const made = new (optimizers as never as Record<string, new () => optimizers.Optimizer>)[name]!();
    // Its default is a rate for far smaller gradients.
    if (name === "ScheduleFreeSGD") made.learningRate = 0.01;
    const config = stringify(network(made));
    const model = modelFromJSON(config);
    await model.fit(x, y, { epochs: 3, batchSize: 2, shuffle: false, verbose: 0 });
    const again = modelFromJSON(config);
    await loadWeights(again, await saveWeights(model, { format }), { format });
    expectSame(model, again);
    for (const each of [model, again]) await each.fit(x, y, { epochs: 2, batchSize: 2, shuffle: false, verbose: 0 });
    expectSame(model, again);
  });

  it("with averages, accumulated gradients and a loss scale", async () => {
    const inner = { useEma: true, emaMomentum: 0.5, gradientAccumulationSteps: 2, clipnorm: 1 };
    for (const make of [
      () => new optimizers.Adam(inner),
      () => new optimizers.LossScaleOptimizer(new optimizers.SGD({ momentum: 0.9 }), { dynamicGrowthSteps: 1 }),
    ]) {
      setRandomSeed(7);
      const [model, again] = [network(make()), network(make())];
      for (let i = 0; i < 3; i++) model.trainOnBatch(x, y);
      await loadWeights(again, await saveWeights(model, { format }), { format });
      expectSame(model, again);
      for (let i = 0; i < 3; i++) for (const each of [model, again]) each.trainOnBatch(x, y);
      expectSame(model, again);
    }
  });

  it("with a learning rate that a callback set", async () => {
    const model = network(new optimizers.SGD({ learningRate: 0.5 }));
    model.trainOnBatch(x, y);
    (model.optimizer as optimizers.Optimizer).learningRate = 0.125;
    const again = network(new optimizers.SGD({ learningRate: 0.5 }));
    await loadWeights(again, await saveWeights(model, { format }), { format });
    expect(again.optimizer?.learningRate).toBe(0.125);
  });
});

describe("names", () => {
  const nested = () => {
    const block = (name: string) => new Sequential([new layers.Dense(2, { name: "dense" })], { name });
    const input = Input({ shape: [2] });
    return new Model({ inputs: input, outputs: block("second").apply(block("first").apply(input)) });
  };

  it("layers of equal names in nested models are prefixed with the model's name", async () => {
    const [model, again] = [nested(), nested()];
    const bytes = await saveWeights(model, { format: "npz" });
    for (const name of ["first/dense/kernel", "first/dense/bias", "second/dense/kernel", "second/dense/bias"]) {
      expect(new TextDecoder("latin1").decode(bytes)).toContain(`${name}.npy`);
    }
    await loadWeights(again, bytes, { format: "npz" });
    expectSame(model, again);
  });

  it("missing and surplus names are refused; byName loads the common ones", async () => {
    const bytes = await saveWeights(network("sgd", ["hidden", "head"]), { format: "npz" });
    const other = network("sgd", ["hidden", "tail"]);
    const before = numbersOf(other);
    await expect(loadWeights(other, bytes, { format: "npz" })).rejects.toThrowError(
      expect.objectContaining({
        code: "ERR_WEIGHTS_NAMES",
        message: `loadWeights: the file lacks 2 weights of ${other.name} ("tail/kernel", "tail/bias"), and ${other.name} lacks 2 tensors of the file ("head/kernel", "head/bias"). Give the layers the names in the file, or load what both have by byName: true.`,
      }),
    );
    expect(numbersOf(other)).toEqual(before);
    await loadWeights(other, bytes, { format: "npz", byName: true });
    expect(numbersOf(other).slice(0, 6)).not.toEqual(before.slice(0, 6));
    expect(numbersOf(other).slice(6)).toEqual(before.slice(6));
  });

  it("two weights of one name are refused", async () => {
    class Twice extends layers.Layer {
      readonly parts = [new layers.Dense(1, { name: "same" }), new layers.Dense(1, { name: "same" })];
      override call(input: never) {
        return this.parts[1]!.apply(this.parts[0]!.apply(input)) as never;
      }
    }
    const model = new Sequential([new Twice()]);
    model.build([null, 2]);
    await expect(saveWeights(model, { format: "npz" })).rejects.toThrowError(
      expect.objectContaining({
        code: "ERR_WEIGHTS_NAMES",
        message: `${model.name}: two weights are called "${model.layers[0]?.name}/same/kernel", and a file holds one of them. Give the layers different names.`,
      }),
    );
  });
});

describe("refused, with nothing changed", () => {
  const silent = () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    onTestFinished(() => warn.mockRestore());
    return warn;
  };

  it("another shape, unless skipMismatch", async () => {
    const warn = silent();
    const wide = new Sequential([new layers.Dense(2, { inputShape: [3], name: "a" })], { name: "wide" });
    const bytes = await saveWeights(wide, { format: "safetensors" });
    const narrow = new Sequential([new layers.Dense(2, { inputShape: [4], name: "a" })], { name: "narrow" });
    narrow.setWeights([new Float32Array(8).fill(1), [5, 6]]);
    const message = 'loadWeights: "a/kernel" has the shape [3, 2] in the file, and [4, 2] in narrow.';
    await expect(loadWeights(narrow, bytes, { format: "safetensors" })).rejects.toThrowError(
      expect.objectContaining({
        code: "ERR_WEIGHTS_SHAPE",
        message: `${message} skipMismatch: true skips it.`,
      }),
    );
    expect(numbersOf(narrow)[1]).toEqual(Float32Array.of(5, 6));
    await loadWeights(narrow, bytes, { format: "safetensors", skipMismatch: true });
    expect(numbersOf(narrow)[0]).toEqual(new Float32Array(8).fill(1));
    expect(numbersOf(narrow)[1]).toEqual(new Float32Array(2));
    expect(warn.mock.calls).toEqual([[`${message} It was skipped.`]]);
  });

  it("NaN and infinity, unless allowNonfinite", async () => {
    const make = () => new Sequential([new layers.Dense(1, { inputShape: [2], name: "a" })]);
    const [model, again] = [make(), make()];
    model.setWeights([[[Number.NaN], [Number.NEGATIVE_INFINITY]], [1]]);
    const before = numbersOf(again);
    const bytes = await saveWeights(model, { format: "npz" });
    await expect(loadWeights(again, bytes, { format: "npz" })).rejects.toThrowError(
      expect.objectContaining({
        code: "ERR_FILE_INVALID",
        message: 'loadWeights: "a/kernel" has NaN or infinity in the file. allowNonfinite: true loads it.',
      }),
    );
    expect(numbersOf(again)).toEqual(before);
    await loadWeights(again, bytes, { format: "npz", allowNonfinite: true });
    expectSame(model, again);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("%d at each place", async (odd) => {
    const make = () => new Sequential([new layers.Dense(1, { inputShape: [11], name: "a", useBias: false })]);
    const again = make();
    for (let at = 0; at < 11; at++) {
      const model = make();
      model.setWeights([Float32Array.from({ length: 11 }, (_, i) => (i === at ? odd : 3e38))]);
      const bytes = await saveWeights(model, { format: "safetensors" });
      await expect(loadWeights(again, bytes, { format: "safetensors" }), String(at)).rejects.toThrow("NaN or infinity");
    }
    const large = make();
    large.setWeights([new Float32Array(11).fill(-3e38)]);
    await loadWeights(again, await saveWeights(large, { format: "safetensors" }), { format: "safetensors" });
    expectSame(large, again);
  });

  it("state of another optimizer is ignored, with one warning", async () => {
    const warn = silent();
    const model = network("adam");
    model.trainOnBatch(x, y);
    const other = network(new optimizers.RMSprop({ name: "other" }));
    await loadWeights(other, await saveWeights(model, { format: "npz" }), { format: "npz" });
    expect(other.optimizer?.iterations).toBe(0);
    expect(other.getWeights()).toEqual(model.getWeights());
    expect(warn.mock.calls).toEqual([
      [
        `loadWeights: the file has the state of another optimizer than other of ${other.name}. It was skipped: the optimizer starts without state.`,
      ],
    ]);
  });

  it("a model without weights, a value that is not a model, an unknown format, an abort", async () => {
    const unbuilt = new Sequential([new layers.Dense(1)]);
    const code = (wanted: string) => expect.objectContaining({ code: wanted });
    await expect(saveWeights(unbuilt, { format: "npz" })).rejects.toThrowError(code("ERR_NOT_BUILT"));
    await expect(loadWeights(unbuilt, new Uint8Array(), { format: "npz" })).rejects.toThrowError(code("ERR_NOT_BUILT"));
    await expect(saveWeights(losses as never, { format: "npz" })).rejects.toThrowError(code("ERR_OPTION_TYPE"));
    await expect(saveWeights(network(), { format: "npy" as never })).rejects.toThrow(
      'saveWeights: "format" must be "safetensors" or "npz" or "weights.h5", got "npy". Did you mean "npz"?',
    );
    await expect(loadWeights(network(), "weights.bin")).rejects.toThrow(
      'loadWeights: "weights.bin" has no extension of a known format. Known extensions: .safetensors, .npz, .weights.h5, .h5; with another one pass "format".',
    );
    await expect(loadWeights(network(), new Uint8Array(4))).rejects.toThrow(
      'loadWeights: a file without a name needs the option "format": "safetensors" or "npz" or "weights.h5" or "h5".',
    );
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    await expect(loadWeights(network(), new Uint8Array(4), { format: "npz", signal })).rejects.toBe(reason);
  });
});

it("the caller's bytes stay unchanged, and later changes to them do not reach the model", async () => {
  const [model, again] = [network(), network()];
  const bytes = await saveWeights(model, { format: "safetensors" });
  const copy = bytes.slice();
  await loadWeights(again, bytes, { format: "safetensors" });
  expect(bytes).toEqual(copy);
  bytes.fill(0);
  expectSame(model, again);
});

it("values are those at the time of the call of saveWeights", async () => {
  const model = network();
  const before = model.getWeights();
  const saved = saveWeights(model, { format: "npz" });
  model.setWeights(before.map(({ data }) => data.map(() => 9)) as never);
  const again = network();
  await loadWeights(again, await saved, { format: "npz" });
  expect(again.getWeights().map(({ data }) => data)).toEqual(before.map(({ data }) => data));
});

it("every kind of source is read", async () => {
  const model = network();
  const bytes = await saveWeights(model, { format: "npz" });
  const pieces = [bytes.subarray(0, 100), bytes.subarray(100)];
  const sources = {
    Uint8Array: () => bytes,
    "a view with an offset": () => {
      const larger = new Uint8Array(bytes.length + 7);
      larger.set(bytes, 7);
      return larger.subarray(7);
    },
    DataView: () => new DataView(bytes.buffer),
    ArrayBuffer: () => bytes.buffer,
    Blob: () => new Blob([bytes]),
    File: () => new File([bytes], "weights.npz"),
    ReadableStream: () => new Blob([bytes]).stream(),
    "an async generator": () =>
      (async function* () {
        yield* pieces;
      })(),
    "a file handle": () => ({ getFile: async () => new File([bytes], "weights.npz") }),
    "a data: URL": () => `data:application/octet-stream;base64,${btoa(String.fromCharCode(...bytes))}`,
  };
  for (const [kind, source] of Object.entries(sources)) {
    const again = network();
    await loadWeights(again, source(), { format: "npz" });
    expect(again.getWeights(), kind).toEqual(model.getWeights());
  }
});
