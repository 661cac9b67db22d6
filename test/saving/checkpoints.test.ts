/** `ModelCheckpoint` and `BackupAndRestore`: files by their names, and runs that continue with the same bits. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callbacks, layers, type Model, optimizers, Sequential, setRandomSeed } from "../../ts/index.js";
import type { FitOptions } from "../../ts/models/fit-options.js";
import { FilePattern } from "../../ts/saving/callbacks/file-pattern.js";
import { readSafetensors, writeSafetensors } from "../../ts/saving/formats/safetensors.js";
import { BackupAndRestore, loadModel, loadWeights, ModelCheckpoint } from "../../ts/saving/index.js";
import { joined } from "../../ts/saving/stores/pieces.js";
import { expectSameBits } from "../support/bytes.js";
import { filesInMemory } from "../support/files-in-memory.js";
import { CLASS_NAMES } from "../support/optimizers.js";

let written: Map<string, Uint8Array>;
beforeEach(() => {
  written = filesInMemory();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const x = Array.from({ length: 11 }, (_, i) => [Math.sin(i), Math.cos(3 * i), i / 11, 1 - i / 7]);
const y = Array.from({ length: 11 }, (_, i) => [Math.sin(2 * i), i % 3]);

function network(optimizer: unknown = "adam"): Sequential {
  const model = new Sequential([
    new layers.Dense(5, { inputShape: [4], activation: "tanh" }),
    new layers.Dropout(0.3),
    new layers.BatchNormalization(),
    new layers.Dense(2),
  ]);
  model.compile({ optimizer: optimizer as "adam", loss: "mse", metrics: ["mae"] });
  return model;
}

const numbersOf = (model: Model) =>
  [...model.getWeights(), ...(model.optimizer?.getWeights() ?? [])].map(({ data }) => data as Float32Array);

function expectSame(a: Model, b: Model): void {
  numbersOf(a).forEach((numbers, i) => {
    expectSameBits(`array ${i}`, numbersOf(b)[i]!, numbers);
  });
}

describe("names of files", () => {
  const filled = (text: string) => {
    return new FilePattern("a", text).filled({ counts: { epoch: 7, batch: 12 }, logs: { val_loss: 0.125, big: 3 } });
  };

  // Right sides are Python's: text.format(epoch=7, batch=12, val_loss=0.125, big=3.0).
  it.each([
    ["m-{epoch:02d}-{val_loss:.2f}.keras", "m-07-0.12.keras"],
    ["{epoch}-{batch}-{val_loss}-{big}", "7-12-0.125-3.0"],
    ["{{{epoch:>4}}}", "{   7}"],
    ["{epoch:04d}|{epoch:<3}|{epoch:^4}|{epoch:+d}", "0007|7  | 7  |+7"],
    ["{val_loss:.3e}|{val_loss:08.3f}|{val_loss:.1%}", "1.250e-01|0000.125|12.5%"],
    ["{val_loss:g}|{big:g}|{val_loss:.1g}|{val_loss:F}", "0.125|3|0.1|0.125000"],
    ["{epoch:.1f}|{big:.0f}|{val_loss:*^9.2f}", "7.0|3|**0.12***"],
  ])("%s", (text, name) => {
    expect(filled(text)).toBe(name);
  });

  it.each(["{epoch", "epoch}", "{}", "{epoch:q}", "{a.b}", "{0:02}x{"])("%s is refused at once", (text) => {
    expect(() => new ModelCheckpoint({ filepath: `${text}.keras` })).toThrow("filepath");
  });

  it("placeholders that the logs lack, and fractions for whole numbers, are named", () => {
    expect(() => filled("{val_acc}")).toThrow('there is no number "val_acc" to fill it with. There are: epoch, batch');
    expect(() => filled("{val_loss:d}")).toThrow("whole number");
  });
});

describe("ModelCheckpoint", () => {
  it("writes a model after each epoch, which loads", async () => {
    const model = network();
    const saving = new ModelCheckpoint("out/m-{epoch:02d}-{val_loss:.1f}.keras");
    const history = await model.fit(x, y, { epochs: 2, verbose: 0, validationData: [x, y], callbacks: [saving] });
    const losses = history.history.val_loss!.map((loss) => loss.toFixed(1));
    expect([...written.keys()]).toEqual([`out/m-01-${losses[0]}.keras`, `out/m-02-${losses[1]}.keras`]);
    expectSame(model, await loadModel(`out/m-02-${losses[1]}.keras`));
  });

  it("every number of batches, with the weights alone", async () => {
    const model = network();
    const saving = new ModelCheckpoint({
      filepath: "{epoch}-{batch}.safetensors",
      saveWeightsOnly: true,
      saveFreq: 2,
    });
    await model.fit(x, y, { epochs: 2, batchSize: 4, verbose: 0, callbacks: [saving] });
    expect([...written.keys()]).toEqual(["1-2.safetensors", "2-1.safetensors", "2-3.safetensors"]);
    const again = network();
    await again.fit(x, y, { verbose: 0 });
    const renamed = { names: again.weights.map(({ path }) => path), own: model.weights.map(({ path }) => path) };
    expect(renamed.names).not.toEqual(renamed.own);
    await loadWeights(model, "2-3.safetensors");
  });

  it("only the best one; all, with a warning, if there is nothing to compare", async () => {
    const say = vi.spyOn(console, "log").mockImplementation(() => {});
    const model = network(new optimizers.SGD(0));
    const best = new ModelCheckpoint({
      filepath: "{epoch}.keras",
      monitor: "val_loss",
      saveBestOnly: true,
      verbose: 1,
    });
    await model.fit(x, y, { epochs: 1, verbose: 0, validationData: [x, y], callbacks: [best] });
    best.best = -1;
    await model.fit(x, y, { epochs: 3, initialEpoch: 1, verbose: 0, validationData: [x, y], callbacks: [best] });
    expect([...written.keys()]).toEqual(["1.keras"]);
    expect(say.mock.calls.flat().map((line: string) => line.trim())).toEqual([
      expect.stringMatching(/^Epoch 1: val_loss improved from None to [\d.]+, saving model to 1.keras$/),
      "Epoch 1: finished saving model to 1.keras",
      "Epoch 2: val_loss did not improve from -1.00000",
      "Epoch 3: val_loss did not improve from -1.00000",
    ]);
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    await model.fit(x, y, { verbose: 0, callbacks: [new ModelCheckpoint("all.keras", { saveBestOnly: true })] });
    expect(written.has("all.keras")).toBe(true);
    expect(warn.mock.calls[0]?.[0]).toContain('there is no number "val_loss" in the logs');
  });

  it("thresholds, file extensions and targets are accepted or refused", () => {
    expect(new ModelCheckpoint({ filepath: "opfs://a/{epoch}.keras", initialValueThreshold: 0.5 }).best).toBe(0.5);
    expect(() => new ModelCheckpoint("a.txt")).toThrow("has no extension of a known format");
    expect(() => new ModelCheckpoint({ filepath: "a.keras", saveWeightsOnly: true })).toThrow("a.keras");
    expect(() => new ModelCheckpoint("a.safetensors")).toThrow("a.safetensors");
    expect(() => new ModelCheckpoint({} as never)).toThrow('"filepath" must be a path');
    expect(() => new callbacks.ModelCheckpoint("a.keras" as never)).toThrow("gradstep/saving");
  });
});

describe("BackupAndRestore", () => {
  const run = { epochs: 4, batchSize: 4, verbose: 0, validationData: [x, y] } as const;
  const classes = optimizers as never as Record<string, new (options?: object) => unknown>;

  /** Fails after some batches, in fresh processes as it were, until it comes to its end. */
  async function interrupted(make: () => unknown, saveFreq: "epoch" | number, every: number, fit: FitOptions = {}) {
    const data = ("data" in fit ? [fit.data, undefined] : [x, y]) as [number[][], number[][]];
    const { data: _, ...options } = { ...run, ...fit } as FitOptions & { data?: unknown };
    const trained = async (others: readonly object[]) => {
      setRandomSeed(11);
      const model = network(make());
      await model.fit(...data, { ...options, callbacks: [fit.callbacks ?? [], others].flat() } as FitOptions);
      return model;
    };
    const whole = await trained([]);
    for (let tries = 1; ; tries++) {
      let batches = 0;
      const failing = {
        onTrainBatchEnd() {
          if (++batches === every) throw new Error("killed");
        },
      };
      try {
        expectSame(whole, await trained([new BackupAndRestore({ backupDir: "backup", saveFreq }), failing]));
        expect(written.size).toBe(0);
        return tries;
      } catch (error) {
        if ((error as Error).message !== "killed") throw error;
        expect(written.size).toBe(written.has("backup/latest.safetensors") ? 1 : 0);
      }
    }
  }

  it.each(CLASS_NAMES.filter((name) => name !== "LossScaleOptimizer"))("%s", async (name) => {
    expect(await interrupted(() => new classes[name]!(), 1, 5)).toBeGreaterThan(2);
  });

  it("after epochs, and after other numbers of batches", async () => {
    expect(await interrupted(() => "adam", "epoch", 4)).toBe(4);
    for (const saveFreq of [2, 3, 4]) await interrupted(() => "adam", saveFreq, 6);
  });

  it("accumulated gradients, averages, a loss scale, a rate that a callback sets", async () => {
    await interrupted(() => new optimizers.Adam({ gradientAccumulationSteps: 2, useEma: true }), 1, 4);
    await interrupted(() => new optimizers.LossScaleOptimizer(new optimizers.SGD(), { dynamicGrowthSteps: 2 }), 1, 4);
    const halving = new callbacks.LearningRateScheduler((epoch, rate) => (epoch % 2 ? rate / 2 : rate));
    await interrupted(() => new optimizers.SGD(0.1), 1, 4, { callbacks: [halving] });
  });

  it("epochs that end within the data; without shuffling; batches of functions, lists and generators", async () => {
    await interrupted(() => "adam", 1, 3, { stepsPerEpoch: 2 });
    await interrupted(() => "adam", 1, 4, { shuffle: false, validationData: null, validationSplit: 0.3 });
    const batches = [0, 4, 8].map((at) => [x.slice(at, at + 4), y.slice(at, at + 4)] as const);
    const given = (data: unknown, fit: FitOptions = {}) => ({ ...fit, batchSize: null, data }) as FitOptions;
    await interrupted(
      () => "adam",
      1,
      4,
      given(() => batches),
    );
    await interrupted(() => "adam", 1, 4, given(batches, { stepsPerEpoch: 2 }));
  });

  it("two backups: if the newer cannot be read, the older is used", async () => {
    const options = { backupDir: "backup", doubleCheckpoint: true, deleteCheckpoint: false } as const;
    const trained = (epochs: number) =>
      network().fit(x, y, { ...run, epochs, callbacks: [new BackupAndRestore(options)] });
    await trained(3);
    const places = ["backup/latest-1.safetensors", "backup/latest.safetensors"] as const;
    expect([...written.keys()].sort()).toEqual(places);
    written.set(places[0], Uint8Array.of(1, 2, 3));
    expect((await trained(4)).epoch).toEqual([2, 3]);
    for (const place of places) written.set(place, Uint8Array.of(1, 2, 3));
    await expect(trained(4)).rejects.toMatchObject({ code: "ERR_FILE_INVALID" });
  });

  it("a backup whose state of the run is damaged is refused with a code, and the model stays", async () => {
    const options = { backupDir: "backup", deleteCheckpoint: false };
    await network().fit(x, y, { ...run, epochs: 1, callbacks: [new BackupAndRestore(options)] });
    const place = "backup/latest.safetensors";
    const whole = written.get(place)!;
    const [[key, text] = ["", ""]] = readSafetensors(place, whole).metadata;
    const state = JSON.parse(text);
    const damaged = [
      text.slice(1),
      text.slice(0, -5),
      "",
      "null",
      "1",
      "[]",
      "{}",
      ...[
        { serial: "1" },
        { serial: -1 },
        { shapes: "x" },
        { shapes: [[null, "3"]] },
        { position: null },
        { position: { epoch: 1 } },
        { random: null },
        { random: { shared: [1], layers: [] } },
      ].map((change) => JSON.stringify({ ...state, ...change })),
    ];
    for (const state of damaged) {
      written.set(place, joined(writeSafetensors([], new Map([[key, state]]))));
      const model = network();
      const before = numbersOf(model);
      const refused = model.fit(x, y, { ...run, callbacks: [new BackupAndRestore(options)] });
      await expect(refused, state).rejects.toMatchObject({ code: "ERR_FILE_INVALID" });
      expect(numbersOf(model)).toEqual(before);
    }
  });

  it("a model that is not built yet is built; a backup of another one is refused", async () => {
    const unbuilt = (units: number) => {
      const model = new Sequential([new layers.Dense(units)]);
      model.compile({ optimizer: "sgd", loss: "mse" });
      return model;
    };
    const options = { backupDir: "backup", deleteCheckpoint: false };
    const first = unbuilt(2);
    await first.fit(x, y, { verbose: 0, callbacks: [new BackupAndRestore(options)] });
    const again = unbuilt(2);
    expect((await again.fit(x, y, { verbose: 0, callbacks: [new BackupAndRestore(options)] })).epoch).toEqual([]);
    expectSame(first, again);
    const other = network();
    const before = numbersOf(other);
    const refused = other.fit(x, y, { verbose: 0, callbacks: [new BackupAndRestore(options)] });
    await expect(refused).rejects.toMatchObject({ code: "ERR_WEIGHTS_COUNT" });
    expect(numbersOf(other).slice(0, 6)).toEqual(before.slice(0, 6));
  });

  it("a folder is required", () => {
    expect(() => new BackupAndRestore({} as never)).toThrow('"backupDir"');
    expect(() => new BackupAndRestore("https://example.com")).toThrow('"backupDir" must be a folder');
    expect(() => new BackupAndRestore("a", 0)).toThrow('"saveFreq"');
  });
});
