/**
 * One run in three parts, by a file each time: the epochs 1 and 2 in one host, 3 and 4 in a second, 5 and 6 in a third.
 *
 * @module
 */

import { Input, layers, type Model, optimizers, Sequential, schedules, setRandomSeed } from "../../ts/index.js";
import { BackupAndRestore, loadModel, saveModel } from "../../ts/saving/index.js";
import { hashOf } from "./bytes.js";

const x = Array.from({ length: 11 }, (_, i) => [(i % 5) / 2 - 1, (i % 3) - 1, i / 8 - 0.5, ((i * 7) % 4) / 4]);
const y = Array.from({ length: 11 }, (_, i) => [((i * 3) % 7) / 4, i % 3]);
const run = { batchSize: 4, verbose: 0, validationSplit: 0.2, epochs: 6 } as const;
const SEED = 11;

const { Adafactor, Adam, AdamW, Lion, LossScaleOptimizer, Muon, Nadam, RMSprop, ScheduleFreeAdamW, SGD } = optimizers;
const rate = () => new schedules.CosineDecay({ initialLearningRate: 0.05, decaySteps: 15, alpha: 0.1, name: "rate" });
const own = { name: "o", learningRate: 0.01 } as const;

/** Optimizers, with and without wrappers, by the names of their runs. */
export const RELAYS: Readonly<Record<string, () => optimizers.Optimizer>> = {
  "SGD, averages": () => new SGD({ ...own, momentum: 0.9, nesterov: true, useEma: true, emaMomentum: 0.9 }),
  "LossScaleOptimizer of Adam": () =>
    new LossScaleOptimizer(new Adam({ ...own, amsgrad: true, globalClipnorm: 1 }), {
      name: "s",
      dynamicGrowthSteps: 2,
    }),
  "AdamW, accumulated, a schedule": () =>
    new AdamW({ ...own, learningRate: rate(), gradientAccumulationSteps: 2, useEma: true }),
  "RMSprop, centered": () => new RMSprop({ ...own, centered: true, momentum: 0.5 }),
  Nadam: () => new Nadam(own),
  Adafactor: () => new Adafactor(own),
  "Lion, averages that overwrite": () => new Lion({ ...own, useEma: true, emaOverwriteFrequency: 2 }),
  Muon: () => new Muon(own),
  ScheduleFreeAdamW: () => new ScheduleFreeAdamW(own),
};

function network(name: string): Sequential {
  setRandomSeed(SEED);
  const model = new Sequential(
    [
      Input({ shape: [4], name: "in" }),
      new layers.Dense(5, { activation: "tanh", name: "first" }),
      new layers.Dropout(0.3, { name: "dropped" }),
      new layers.BatchNormalization({ name: "norm" }),
      new layers.GaussianNoise(0.1, { name: "noise" }),
      new layers.Dense(2, { name: "last" }),
    ],
    { name: "relay" },
  );
  model.compile({ optimizer: RELAYS[name]!(), loss: "mse", metrics: ["mae"] });
  return model;
}

const hashOfModel = (model: Model) =>
  hashOf([...model.getWeights(), ...model.optimizer!.getWeights()].map(({ data }) => data as Float32Array));

/** The hash of weights and state after a run that is not interrupted. */
export async function wholeRun(name: string): Promise<string> {
  const model = network(name);
  await model.fit(x, y, run);
  return await hashOfModel(model);
}

/** A host that trains two epochs. Without a file it is the first; after the last epoch it returns the hash, otherwise a file. */
export type Part = (name: string, file: Uint8Array | null, from: number) => Promise<Uint8Array | string>;

/** Ends a run after an epoch, as a host does that is switched off. */
function stopAfter(to: number, last: () => Promise<void> = async () => {}) {
  const stopped = new Error("the host is switched off");
  const onEpochEnd = async (epoch: number) => {
    if (epoch + 1 !== to || to === run.epochs) return;
    await last();
    throw stopped;
  };
  const unlessStopped = (error: unknown) => {
    if (error !== stopped) throw error;
  };
  return { callback: { onEpochEnd }, unlessStopped };
}

/** By .keras files. */
export const byKeras: Part = async (name, file, from) => {
  // Other work in this host.
  setRandomSeed(99);
  const model = file === null ? network(name) : await loadModel(file, { format: "keras" });
  let written = new Uint8Array();
  const { callback, unlessStopped } = stopAfter(from + 2, async () => {
    written = await saveModel(model, { format: "keras" });
  });
  await model.fit(x, y, { ...run, initialEpoch: from, callbacks: [callback] }).catch(unlessStopped);
  return from + 2 === run.epochs ? await hashOfModel(model) : written;
};

/** A folder in memory, with the file of BackupAndRestore. */
export interface BackupFolder {
  file: Uint8Array | null;
}

/** By the safetensors files of BackupAndRestore, in a folder. */
export const byBackup =
  (folder: BackupFolder): Part =>
  async (name, file, from) => {
    folder.file = file;
    const model = network(name);
    if (file !== null) setRandomSeed(99);
    const backup = new BackupAndRestore({ backupDir: "backup", deleteCheckpoint: false });
    const { callback, unlessStopped } = stopAfter(from + 2);
    await model.fit(x, y, { ...run, callbacks: [backup, callback] }).catch(unlessStopped);
    return from + 2 === run.epochs ? await hashOfModel(model) : (folder.file as unknown as Uint8Array);
  };
