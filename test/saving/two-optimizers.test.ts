/** Optimizers in a model's fields: in .keras files under the fields' names, as Keras's, in files of weights, and in backups. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as gradstep from "../../ts/index.js";
import { arraysOf, readHdf5 } from "../../ts/saving/formats/hdf5/reader.js";
import { readSafetensors } from "../../ts/saving/formats/safetensors.js";
import { readZip } from "../../ts/saving/formats/zip-reader.js";
import { BackupAndRestore, loadModel, loadWeights, saveModel, saveWeights } from "../../ts/saving/index.js";
import { filesInMemory } from "../support/files-in-memory.js";
import { pairs } from "../support/two-optimizers.js";

beforeEach(() => {
  filesInMemory();
});
afterEach(() => {
  vi.restoreAllMocks();
});

interface PairModel extends gradstep.Model {
  headOptimizer: gradstep.Optimizer;
  bodyOptimizer: gradstep.Optimizer;
  compile(options?: object): void;
}
const customObjects = pairs(gradstep);
const { Adam, LossScaleOptimizer, Nadam, SGD, setRandomSeed } = gradstep;
const x = Array.from({ length: 12 }, (_, i) => Array.from({ length: 6 }, (_, k) => Math.sin(i * 6 + k)));
const y = x.map((row) => [row[0]! * row[1]!]);
const options = { batchSize: 4, shuffle: false, verbose: 0 } as const;
const KINDS = {
  Pair: () => ({ headOptimizer: new Adam({ learningRate: 0.02, useEma: true }), bodyOptimizer: new SGD(0.05, 0.9) }),
  Fixed: () => undefined,
  "loss scaling": () => ({
    headOptimizer: new LossScaleOptimizer(new Nadam(0.01)),
    bodyOptimizer: new Adam({ learningRate: new gradstep.schedules.ExponentialDecay(0.1, 3, 0.5) }),
  }),
};

function compiled(kind: keyof typeof KINDS): PairModel {
  setRandomSeed(5);
  const Made = customObjects[kind === "Fixed" ? "Fixed" : "Pair"] as unknown as new () => PairModel;
  const model = new Made();
  model.build([null, 6]);
  model.compile(KINDS[kind]());
  return model;
}

/** All that continues: weights, and both optimizers' states. */
const all = (model: PairModel) =>
  [model, model.headOptimizer, model.bodyOptimizer].map((one) => one.getWeights().map(({ data }) => [...data]));

describe.each(Object.keys(KINDS) as (keyof typeof KINDS)[])("two optimizers: %s", (kind) => {
  it("a .keras file keeps both: training continues with the same bits", async () => {
    const model = compiled(kind);
    await model.fit(x, y, { ...options, epochs: 2 });
    const bytes = await saveModel(model, { format: "keras" });
    const again = (await loadModel(bytes, { format: "keras", customObjects })) as PairModel;
    expect(all(again)).toEqual(all(model));
    // A class that makes its optimizers gives them new names.
    const config = ({ headOptimizer }: PairModel) => ({ ...headOptimizer.getConfig(), name: null });
    expect(config(again)).toEqual(config(model));
    for (const one of [model, again]) await one.fit(x, y, { ...options, epochs: 2 });
    expect(all(again)).toEqual(all(model));
    expect(again.headOptimizer.iterations).toBe(12);
  });

  it.each(["safetensors", "npz", "weights.h5"] as const)("weights as %s have both", async (format) => {
    const model = compiled(kind);
    await model.fit(x, y, { ...options, epochs: 2 });
    const again = compiled(kind);
    await loadWeights(again, await saveWeights(model, { format }), { format });
    expect(all(again)).toEqual(all(model));
    for (const one of [model, again]) await one.fit(x, y, { ...options, epochs: 2 });
    expect(all(again)).toEqual(all(model));
  });

  it("a backup keeps both", async () => {
    const backup = () => new BackupAndRestore({ backupDir: "backup", saveFreq: 2, deleteCheckpoint: false });
    const whole = compiled(kind);
    await whole.fit(x, y, { ...options, epochs: 4 });
    await compiled(kind).fit(x, y, { ...options, epochs: 2, callbacks: [backup()] });
    const resumed = compiled(kind);
    await resumed.fit(x, y, { ...options, epochs: 4, callbacks: [backup()] });
    expect(all(resumed)).toEqual(all(whole));
  });
});

it("the file has them at Keras's paths", async () => {
  const model = compiled("Pair");
  await model.fit(x, y, { ...options, epochs: 1 });
  const entries = readZip("it", await saveModel(model, { format: "keras" }));
  const arrays = arraysOf(readHdf5("it", await entries.get("model.weights.h5")!.bytes()));
  const count = (group: string) => [...arrays.keys()].filter((name) => name.startsWith(`${group}/vars/`)).length;
  // Adam: iterations, rate, two moments and an average of each of two variables; SGD: iterations, rate, one slot each.
  expect([count("head_optimizer"), count("body_optimizer")]).toEqual([8, 4]);
});

describe("weights", () => {
  it("names identify the optimizer", async () => {
    const model = compiled("Pair");
    await model.fit(x, y, { ...options, epochs: 1 });
    const { tensors } = readSafetensors("it", await saveWeights(model, { format: "safetensors" }));
    const starts = [...tensors.keys()].map((name) => name.split("/").slice(0, -1).join("/"));
    const { headOptimizer: head, bodyOptimizer: body } = model;
    expect([...new Set(starts)].sort()).toEqual(
      ["a", "b", `optimizers/body_optimizer/${body.name}`, `optimizers/head_optimizer/${head.name}`].sort(),
    );
  });

  it("the state of another optimizer is ignored with a warning, its neighbour's is loaded", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const model = compiled("Pair");
    await model.fit(x, y, { ...options, epochs: 1 });
    for (const format of ["safetensors", "weights.h5"] as const) {
      const again = compiled("Pair");
      again.headOptimizer = new gradstep.RMSprop({ name: "other" });
      await loadWeights(again, await saveWeights(model, { format }), { format });
      expect(warn.mock.calls.pop()!.join()).toContain("the state of another optimizer than other of");
      expect([again.headOptimizer.iterations, again.bodyOptimizer.iterations]).toEqual([0, 3]);
    }
  });

  it("a damaged description is refused", async () => {
    const model = compiled("Pair");
    await model.fit(x, y, { ...options, epochs: 1 });
    const bytes = await saveWeights(model, { format: "safetensors" });
    const text = new TextDecoder("latin1").decode(bytes);
    const damaged = text.replace('variables\\":[2,3]', 'variables\\":[2,9]');
    expect(damaged).not.toBe(text);
    const again = compiled("Pair");
    const given = Uint8Array.from(damaged, (letter) => letter.charCodeAt(0));
    await expect(loadWeights(again, given, { format: "safetensors" })).rejects.toMatchObject({
      code: "ERR_FILE_INVALID",
    });
  });
});

/** A plain model whose step has a second optimizer. */
function sequential(): gradstep.Sequential & { second: gradstep.Optimizer } {
  setRandomSeed(6);
  const model = new gradstep.Sequential([
    new gradstep.layers.Dense(4, { activation: "tanh", inputShape: [6], name: "a" }),
    new gradstep.layers.Dense(1, { name: "b" }),
  ]);
  model.compile({ optimizer: new Adam(0.01), loss: "mse", trainStep: secondStep as never });
  return Object.assign(model, { second: new SGD({ learningRate: 0.05, momentum: 0.9 }) });
}

function secondStep([data, labels]: readonly gradstep.Tensor[], model: ReturnType<typeof sequential>) {
  let total!: gradstep.Tensor;
  const [first, last] = [model.trainableWeights.slice(0, 2), model.trainableWeights.slice(2)];
  for (const [weights, optimizer] of [
    [first, model.optimizer!],
    [last, model.second],
  ] as const) {
    const tape = new gradstep.GradientTape();
    const { ops } = gradstep;
    total = tape.run(() => ops.mean(ops.square(ops.subtract(model.apply(data as never) as never, labels as never))));
    optimizer.apply(tape.gradient(total, weights), weights);
  }
  return { loss: total };
}

it.each(["tfjs", "keras"] as const)("a field of a plain model is kept as %s too", async (format) => {
  const model = sequential();
  await model.fit(x, y, { ...options, epochs: 2 });
  const bytes = await saveModel(model, { format });
  const again = (await loadModel(bytes, { format, customObjects: { secondStep } })) as typeof model;
  const numbers = (of: typeof model) =>
    [of, of.optimizer!, of.second].map((one) => one.getWeights().map(({ data }) => [...data]));
  expect(numbers(again)).toEqual(numbers(model));
  for (const one of [model, again]) await one.fit(x, y, { ...options, epochs: 2 });
  expect(numbers(again)).toEqual(numbers(model));
});

/** A model whose first layer was frozen after an epoch: the optimizer has state of all weights. */
async function frozen() {
  setRandomSeed(8);
  const model = new gradstep.Sequential([
    new gradstep.layers.Dense(4, { activation: "tanh", inputShape: [6], name: "a" }),
    new gradstep.layers.Dense(1, { name: "b" }),
  ]);
  model.compile({ optimizer: new Adam({ learningRate: 0.01, name: "adam" }), loss: "mse" });
  await model.fit(x, y, { ...options, epochs: 1 });
  model.layers[0]!.trainable = false;
  return model;
}

it.each(["keras", "tfjs", "safetensors", "npz", "weights.h5", "backup"] as const)(
  "layers that were frozen since keep their state in %s",
  async (format) => {
    const model = await frozen();
    let again = await frozen();
    again.optimizer?.setWeights(again.optimizer.getWeights().map(({ data }) => data.map(() => 0)) as never);
    if (format === "keras" || format === "tfjs") {
      again = (await loadModel(await saveModel(model, { format }), { format })) as typeof model;
    } else if (format !== "backup") {
      await loadWeights(again, await saveWeights(model, { format }), { format });
    } else {
      const backup = () => new BackupAndRestore({ backupDir: "frozen", deleteCheckpoint: false });
      await model.fit(x, y, { ...options, epochs: 1, callbacks: [backup()] });
      await again.fit(x, y, { ...options, epochs: 1, callbacks: [backup()] });
    }
    const state = (of: typeof model) => of.optimizer!.getWeights().map(({ data }) => [...data]);
    expect(state(again)).toEqual(state(model));
    for (const one of [model, again]) {
      one.layers[0]!.trainable = true;
      await one.fit(x, y, { ...options, epochs: 1 });
    }
    expect([again.getWeights(), state(again)]).toEqual([model.getWeights(), state(model)]);
  },
);

it("damaged places of the compiled optimizer's variables are refused", async () => {
  const bytes = await saveWeights(await frozen(), { format: "safetensors" });
  const text = new TextDecoder("latin1").decode(bytes);
  for (const places of ["[0,1,2,9]", "[0,1,2,2]", "[0,1,2,-"]) {
    const damaged = text.replace("[0,1,2,3]", places.endsWith("]") ? places : `${places}]`.padEnd(9));
    expect(damaged).not.toBe(text);
    const given = Uint8Array.from(damaged, (letter) => letter.charCodeAt(0));
    await expect(loadWeights(await frozen(), given, { format: "safetensors" })).rejects.toMatchObject({
      code: "ERR_FILE_INVALID",
    });
  }
});

it("without compile, the class's own optimizers are as they were made", async () => {
  const model = compiled("Fixed");
  await model.fit(x, y, { ...options, epochs: 1 });
  const bytes = await saveModel(model, { format: "keras" });
  const again = (await loadModel(bytes, { format: "keras", customObjects, compile: false })) as PairModel;
  expect([again.optimizer, again.headOptimizer.built]).toEqual([null, false]);
});

it("warns that variables outside the model are not saved", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const model = compiled("Fixed");
  model.headOptimizer.build([new gradstep.Variable([1])]);
  await saveModel(model, { format: "keras" });
  expect(warn.mock.calls.join()).toContain('the optimizer "headOptimizer" trains variables that are not the model\'s');
  warn.mockRestore();
});

it("a file's JSON overwrites no member of the class", () => {
  const model = compiled("Pair");
  const json = JSON.parse(gradstep.stringify(model));
  for (const name of ["fit", "optimizer", "constructor"])
    Object.defineProperty(json.optimizers, name, { value: json.optimizers.headOptimizer, enumerable: true });
  const again = gradstep.modelFromJSON(json, customObjects) as PairModel;
  expect([again.fit, again.constructor]).toEqual([model.fit, model.constructor]);
  expect(again.headOptimizer.name).toBe(model.headOptimizer.name);
});
