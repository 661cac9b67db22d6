/** Weights in files: training that continues in another model has the bits of the uninterrupted run. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { layers, type Model, optimizers, random, Sequential, setRandomSeed } from "../../ts/index.js";
import { readNpz } from "../../ts/saving/formats/npz.js";
import { readSafetensors, writeSafetensors } from "../../ts/saving/formats/safetensors.js";
import { numbersOf as read } from "../../ts/saving/formats/stored-tensor.js";
import { loadWeights, ModelCheckpoint, saveWeights } from "../../ts/saving/index.js";
import { joined } from "../../ts/saving/stores/pieces.js";
import { expectSameBits } from "../support/bytes.js";
import { filesInMemory } from "../support/files-in-memory.js";

const FORMATS = ["safetensors", "npz", "weights.h5"] as const;
const x = Array.from({ length: 11 }, (_, i) => [Math.sin(i), Math.cos(3 * i), i / 11, 1 - i / 7]);
const y = Array.from({ length: 11 }, (_, i) => [Math.sin(2 * i), i % 3]);

beforeEach(() => {
  filesInMemory();
});
afterEach(() => {
  vi.restoreAllMocks();
});

function network(optimizer: unknown = new optimizers.Adam({ name: "adam" })): Sequential {
  const model = new Sequential([
    new layers.Dense(5, { inputShape: [4], activation: "tanh", name: "a" }),
    new layers.Dropout(0.3, { name: "dropped" }),
    new layers.BatchNormalization({ name: "norm" }),
    new layers.GaussianNoise(0.1, { name: "noise" }),
    new layers.Dense(2, { name: "b" }),
  ]);
  model.compile({ optimizer: optimizer as "adam", loss: "mse" });
  return model;
}

const options = { epochs: 5, batchSize: 4, verbose: 0 } as const;
const numbersOf = (model: Model) =>
  [...model.getWeights(), ...(model.optimizer?.getWeights() ?? [])].map(({ data }) => data as Float32Array);

function expectSame(again: Model, model: Model) {
  numbersOf(model).forEach((numbers, i) => {
    expectSameBits(`array ${i}`, numbersOf(again)[i]!, numbers);
  });
}

/** Trains through, saving after epoch 2; other work; then what is left, in a model that loads the file. */
async function goesOn(format: (typeof FORMATS)[number], make: () => unknown) {
  setRandomSeed(11);
  const model = network(make());
  const files: Uint8Array[] = [];
  const saving = {
    async onEpochEnd(epoch: number) {
      if (epoch === 1) files.push(await saveWeights(model, { format }));
    },
  };
  const whole = await model.fit(x, y, { ...options, callbacks: [saving] });
  setRandomSeed(5);
  const again = network(make());
  await loadWeights(again, files[0]!, { format });
  random.normal([3]);
  const rest = await again.fit(x, y, { ...options, initialEpoch: 2 });
  expectSame(again, model);
  expect(rest.history.loss).toEqual(whole.history.loss!.slice(2));
}

describe.each(FORMATS)("%s", (format) => {
  it("continues with shuffled data, dropout and noise", async () => {
    await goesOn(format, () => new optimizers.Adam());
  });

  it("continues with averages, accumulated gradients and a loss scale", async () => {
    await goesOn(format, () => new optimizers.SGD({ useEma: true, emaMomentum: 0.5, gradientAccumulationSteps: 2 }));
    const scaled = () => new optimizers.LossScaleOptimizer(new optimizers.Nadam(), { dynamicGrowthSteps: 2 });
    await goesOn(format, scaled);
  });

  it("equals the file of ModelCheckpoint", async () => {
    setRandomSeed(11);
    const model = network();
    const filepath = `w-{epoch}.${format}`;
    const saving = new ModelCheckpoint({ filepath, saveWeightsOnly: true });
    await model.fit(x, y, { ...options, callbacks: [saving] });
    const again = network();
    await loadWeights(again, `w-3.${format}`);
    await again.fit(x, y, { ...options, initialEpoch: 3 });
    expectSame(again, model);
  });

  it("a seed set after loading takes effect, one set before does not", async () => {
    const model = network();
    await model.fit(x, y, { verbose: 0 });
    const bytes = await saveWeights(model, { format });
    const trained = async (before: number, after?: number) => {
      setRandomSeed(before);
      const again = network();
      await loadWeights(again, bytes, { format });
      if (after !== undefined) setRandomSeed(after);
      await again.fit(x, y, { batchSize: 3, verbose: 0 });
      return numbersOf(again);
    };
    expect(await trained(2)).toEqual(await trained(3));
    expect(await trained(2, 8)).toEqual(await trained(3, 8));
    expect(await trained(2, 8)).not.toEqual(await trained(2));
  });

  it("weights loaded without optimizer state leave the random numbers unchanged", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const model = network();
    await model.fit(x, y, { verbose: 0 });
    const bytes = await saveWeights(model, { format });
    const trained = async (seed: number) => {
      setRandomSeed(seed);
      const again = network(new optimizers.RMSprop({ name: "other" }));
      await loadWeights(again, bytes, { format });
      await again.fit(x, y, { batchSize: 3, verbose: 0 });
      return numbersOf(again);
    };
    expect(await trained(2)).not.toEqual(await trained(3));
  });
});

it("a file of weights alone has no random state: equal models write equal files", async () => {
  for (const format of FORMATS) {
    setRandomSeed(1);
    const model = network();
    const first = await saveWeights(model, { format });
    random.normal([3]);
    expect(await saveWeights(model, { format })).toEqual(first);
  }
});

it("the entry is text in the metadata of safetensors, and its bytes in .npz", async () => {
  setRandomSeed(3);
  const model = network();
  await model.fit(x, y, { verbose: 0 });
  const { metadata } = readSafetensors("it", await saveWeights(model, { format: "safetensors" }));
  const text = metadata.get("gradstep/run-state") as string;
  // The shared generator has another place than those of Dropout and GaussianNoise, in this order.
  expect(JSON.parse(text).random.layers).toHaveLength(2);
  const { tensors } = await readNpz("it", await saveWeights(model, { format: "npz" }));
  const bytes = await read("it", tensors.get("gradstep/run-state")!);
  expect(new TextDecoder().decode(Uint8Array.from(bytes))).toBe(text);
});

describe("a damaged entry is refused, with nothing changed", () => {
  const withEntry = async (model: Model, change: (entry: Record<string, unknown>) => string) => {
    const whole = readSafetensors("it", await saveWeights(model, { format: "safetensors" }));
    const entry = JSON.parse(whole.metadata.get("gradstep/run-state") as string);
    const tensors = await Promise.all(
      [...whole.tensors].map(async ([name, tensor]) => ({
        name,
        shape: tensor.shape,
        data: (await read(name, tensor)) as Float32Array<ArrayBuffer>,
      })),
    );
    return joined(writeSafetensors(tensors, new Map([["gradstep/run-state", change(entry)]])));
  };
  const entries: readonly (readonly [string, (entry: Record<string, unknown>) => string])[] = [
    ["no JSON", () => "{"],
    ["half a state", (entry) => JSON.stringify({ ...entry, random: { shared: [1], layers: [] } })],
    ["a state that is not a count", (entry) => JSON.stringify({ ...entry, random: { shared: [1, -1], layers: [] } })],
    ["layers that are none", (entry) => JSON.stringify({ ...entry, random: { shared: [1, 1], layers: {} } })],
    ["a place that is none", (entry) => JSON.stringify({ ...entry, run: { epoch: 1.5, batch: 0, data: null } })],
    ["averages that are numbers", (entry) => JSON.stringify({ ...entry, averages: [1] })],
    ["depth", () => `${"[".repeat(2000)}${"]".repeat(2000)}`],
  ];
  it.each(entries)("%s", async (_, change) => {
    const model = network();
    await model.fit(x, y, { verbose: 0 });
    const again = network();
    const before = again.getWeights();
    const bytes = await withEntry(model, change);
    await expect(loadWeights(again, bytes, { format: "safetensors" })).rejects.toMatchObject({
      code: "ERR_FILE_INVALID",
    });
    expect(again.getWeights()).toEqual(before);
    expect(again.optimizer?.built).toBe(false);
  });

  it("an entry of another kind is not a state", async () => {
    const model = network();
    await model.fit(x, y, { verbose: 0 });
    const again = network();
    await loadWeights(again, await withEntry(model, () => "5"), { format: "safetensors" });
    expect(again.getWeights()).toEqual(model.getWeights());
  });
});
