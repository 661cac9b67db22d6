/** Optimizers in a model's fields: in .keras files under the fields' names, as Keras's, and in backups. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as gradstep from "../../ts/index.js";
import { arraysOf, readHdf5 } from "../../ts/saving/formats/hdf5/reader.js";
import { readZip } from "../../ts/saving/formats/zip-reader.js";
import { BackupAndRestore, loadModel, saveModel } from "../../ts/saving/index.js";
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

/** All that goes on: weights, and both optimizers' states. */
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

it("the file has them where Keras has them", async () => {
  const model = compiled("Pair");
  await model.fit(x, y, { ...options, epochs: 1 });
  const entries = readZip("it", await saveModel(model, { format: "keras" }));
  const arrays = arraysOf(readHdf5("it", await entries.get("model.weights.h5")!.bytes()));
  const count = (group: string) => [...arrays.keys()].filter((name) => name.startsWith(`${group}/vars/`)).length;
  // Adam: iterations, rate, two moments and an average of each of two variables; SGD: iterations, rate, one slot each.
  expect([count("head_optimizer"), count("body_optimizer")]).toEqual([8, 4]);
});

it("without compile, the class's own optimizers are as they were made", async () => {
  const model = compiled("Fixed");
  await model.fit(x, y, { ...options, epochs: 1 });
  const bytes = await saveModel(model, { format: "keras" });
  const again = (await loadModel(bytes, { format: "keras", customObjects, compile: false })) as PairModel;
  expect([again.optimizer, again.headOptimizer.built]).toEqual([null, false]);
});

it("says that variables outside the model are left out", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const model = compiled("Fixed");
  model.headOptimizer.build([new gradstep.Variable([1])]);
  await saveModel(model, { format: "keras" });
  expect(warn.mock.calls.join()).toContain('the optimizer "headOptimizer" trains variables that are not the model\'s');
  warn.mockRestore();
});

it("a file's JSON overwrites nothing that the class has", () => {
  const model = compiled("Pair");
  const json = JSON.parse(gradstep.stringify(model));
  for (const name of ["fit", "optimizer", "constructor"])
    Object.defineProperty(json.optimizers, name, { value: json.optimizers.headOptimizer, enumerable: true });
  const again = gradstep.modelFromJSON(json, customObjects) as PairModel;
  expect([again.fit, again.constructor]).toEqual([model.fit, model.constructor]);
  expect(again.headOptimizer.name).toBe(model.headOptimizer.name);
});
