import { describe, expect, it, vi } from "vitest";
import { callbacks, optimizers } from "../../../ts/index.js";
import { line, numbers, x, y } from "../../support/regression-line.js";

describe("callbacks", () => {
  it("are called in Keras's order, promises are waited for", async () => {
    const seen: string[] = [];
    class Log extends callbacks.Callback {
      override onTrainBegin = () => void seen.push("train begin");
      override onEpochBegin = (epoch: number) => void seen.push(`epoch ${epoch} begin`);
      override onTrainBatchBegin = (batch: number) => void seen.push(`batch ${batch} begin`);
      override async onTrainBatchEnd(batch: number) {
        await Promise.resolve();
        seen.push(`batch ${batch} end`);
      }
      override onTestBegin = () => void seen.push("test begin");
      override onTestEnd = () => void seen.push("test end");
      override async onEpochEnd(epoch: number, logs: callbacks.Logs) {
        await Promise.resolve();
        seen.push(`epoch ${epoch} end: ${Object.keys(logs)}`);
      }
      override onTrainEnd = () => void seen.push("train end");
    }
    await line().fit(x, y, { batchSize: 8, validationSplit: 0.2, callbacks: [new Log()] });
    expect(seen).toEqual([
      "train begin",
      "epoch 0 begin",
      "batch 0 begin",
      "batch 0 end",
      "batch 1 begin",
      "batch 1 end",
      "test begin",
      "test end",
      "epoch 0 end: loss,val_loss",
      "train end",
    ]);
  });

  it("EarlyStopping stops, and goes back to the best weights", async () => {
    const model = line({ optimizer: new optimizers.SGD({ learningRate: 5 }) }); // diverges
    const stopping = new callbacks.EarlyStopping({ monitor: "loss", patience: 2, restoreBestWeights: true });
    const history = await model.fit(x, y, { epochs: 10, callbacks: [stopping] });
    expect(history.epoch).toEqual([0, 1, 2]);
    expect([stopping.stoppedEpoch, stopping.bestEpoch]).toEqual([2, 0]);
    expect(numbers(model.weights).every((weight) => Math.abs(weight) < 20)).toBe(true);
  });

  it("ReduceLROnPlateau and LearningRateScheduler set the rate", async () => {
    const model = line({ optimizer: new optimizers.SGD({ learningRate: 1 }) });
    const plateau = new callbacks.ReduceLROnPlateau({
      monitor: "loss",
      patience: 1,
      factor: 0.5,
      minDelta: 1000,
      minLr: 0.2,
    });
    const { history } = await model.fit(x, y, { epochs: 6, callbacks: [plateau] });
    expect(history.learning_rate).toEqual([1, 1, 0.5, 0.25, Math.fround(0.2), Math.fround(0.2)]);
    const scheduler = new callbacks.LearningRateScheduler((epoch, rate) => (epoch < 1 ? 0.5 : rate / 2));
    expect((await model.fit(x, y, { epochs: 3, callbacks: [scheduler] })).history.learning_rate).toEqual([
      0.5, 0.25, 0.125,
    ]);
  });

  it("LearningRateScheduler prints with verbose: 1 only", async () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    for (const verbose of [0, 1]) {
      const scheduler = new callbacks.LearningRateScheduler(() => 0.5, { verbose });
      await line().fit(x, y, { epochs: 1, verbose: 0, callbacks: [scheduler] });
      const text = "\nEpoch 1: LearningRateScheduler setting learning rate to 0.5.";
      expect(log.mock.calls.flat()).toEqual(verbose === 0 ? [] : [text]);
    }
    log.mockRestore();
  });

  it("TerminateOnNaN ends training at bad data", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const model = line();
    const bad = x.map((row, i) => (i === 9 ? [Number.NaN, 0, 0] : row));
    const history = await model.fit(bad, y, {
      batchSize: 4,
      shuffle: false,
      epochs: 5,
      callbacks: [new callbacks.TerminateOnNaN()],
    });
    expect(history.epoch).toEqual([0]);
    expect(model.optimizer?.iterations).toBe(3);
    vi.restoreAllMocks();
  });

  it("ModelCheckpoint keeps weights, CSVLogger writes lines, LambdaCallback calls", async () => {
    const lines: string[] = [];
    const epochs: number[] = [];
    const model = line();
    const best = new callbacks.ModelCheckpoint(null, { monitor: "loss", saveBestOnly: true });
    const each = new callbacks.ModelCheckpoint(({ epoch }) => void epochs.push(epoch));
    const counted = new callbacks.LambdaCallback({ onEpochEnd: (epoch) => void epochs.push(-epoch) });
    await model.fit(x, y, {
      epochs: 2,
      callbacks: [best, each, counted, new callbacks.CSVLogger((line) => lines.push(line))],
    });
    expect(best.last?.epoch).toBe(1);
    expect([...(best.last?.weights[0]?.data ?? [])]).toEqual([...(model.weights[0]?.array() ?? [])]);
    expect(epochs).toEqual([0, -0, 1, -1]);
    expect(lines[0]).toBe("epoch,loss,val_loss");
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(/^1,[\d.]+,NA$/);
  });

  it("CSVLogger writes lists in brackets, and quotes what has the separator", async () => {
    const lines: string[] = [];
    const logger = new callbacks.CSVLogger((line) => lines.push(line));
    logger.onTrainBegin();
    logger.onEpochEnd(0, { loss: 1, "a,b": [0.5, 2] as never });
    expect(lines).toEqual(['epoch,loss,"a,b",val_loss,"val_a,b"', '0,1,"[0.5, 2]",NA,NA']);
  });

  it("ProgressBar draws Keras's line", async () => {
    const drawn: string[] = [];
    let time = 0;
    const bar = new callbacks.ProgressBar(
      { write: (text) => void drawn.push(text), isTTY: true },
      () => (time += 0.06),
    );
    bar.setParams({ verbose: 1, epochs: 2, steps: 3 });
    bar.onTrainBegin();
    bar.onEpochBegin(0);
    for (let batch = 0; batch < 3; batch++) bar.onTrainBatchEnd(batch, { loss: 0.5 / (batch + 1) });
    bar.onEpochEnd(0, { accuracy: 1, loss: 0.0001 });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes that colours are made of
    const plain = drawn.map((text) => text.replace(/\u001b\[\d+m/g, ""));
    expect(plain[0]).toBe("Epoch 1/2\n");
    expect(plain[1]).toMatch(/^\r1\/3 ━{20} 0s \d+ms\/step - loss: 0\.5000$/);
    expect(plain.at(-1)).toMatch(/^\r3\/3 ━{20} 0s \d+ms\/step - accuracy: 1\.0000 - loss: 1\.0000e-04 *\n$/);
  });
});
