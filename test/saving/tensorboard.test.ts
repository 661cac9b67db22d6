/**
 * `TensorBoard` writes the events of Keras's callback, in the format of TensorBoard's writer; `RemoteMonitor` sends
 * the same numbers as Keras's.
 */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { files } from "#saving-files";
import { layers, optimizers, Sequential } from "../../ts/index.js";
import { histogramRecord, modelRecord, scalarRecord, versionRecord } from "../../ts/saving/formats/event-file.js";
import { RemoteMonitor, TensorBoard, type TensorBoardOptions } from "../../ts/saving/index.js";
import golden from "../golden/event-files.json" with { type: "json" };

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const TIME = 1700000000.25;
const SOME = [-1, 0.5, 2, 2, 2, 3.25];

it("records equal those of TensorBoard's writer, byte for byte", () => {
  expect({
    version: hex(versionRecord(TIME)),
    scalar: hex(scalarRecord(TIME, 3, "epoch_loss", 0.1)),
    firstStep: hex(scalarRecord(TIME, 0, "épreuve", -2.5)),
    largeStep: hex(scalarRecord(TIME, 2 ** 40 + 5, "batch_loss", 1e30)),
    histogram: hex(histogramRecord(TIME, 3, "dense/kernel/histogram", SOME)),
    equal: hex(histogramRecord(TIME, 300, "dense/bias/histogram", [2.5, 2.5, 2.5, 2.5])),
    model: hex(modelRecord(TIME, '{"a":1}')),
  }).toEqual(golden.records);
});

it("NaN and infinities are in no bucket", () => {
  const values = [Number.NaN, -1, 0.5, 2, Number.POSITIVE_INFINITY, 2, 2, 3.25];
  expect(hex(histogramRecord(TIME, 3, "dense/kernel/histogram", values))).toBe(golden.records.histogram);
});

/** A value: folder, tag, step, number. */
type Call = readonly [folder: string, tag: string, step: number, value: number | null];

/** The values in the bytes of a file; enough of protocol buffers to read our own, which the test above compares. */
function valuesIn(folder: string, bytes: Uint8Array): Call[] {
  const calls: Call[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const length = Number(view.getBigUint64(at, true));
    const event = bytes.subarray(at + 12, at + 12 + length);
    at += length + 16;
    const text = String.fromCharCode(...event.subarray(0, 400));
    const tag = /((?:epoch|batch|evaluation)_\w+|[\w/]+\/histogram|keras)B/.exec(text)?.[1];
    if (tag === undefined) continue;
    const step = event[9] === 16 ? event[10]! : 0;
    // The number follows the tag, and the type and shape of its tensor.
    const start = text.indexOf(`${tag}B`) + tag.length + 8;
    const isNumber = text.includes("scalars");
    const value = isNumber ? new DataView(event.buffer, event.byteOffset + start).getFloat32(0, true) : null;
    calls.push([folder, tag, step, value]);
  }
  return calls;
}

describe("in a run", () => {
  const written = new Map<string, number[]>();
  beforeEach(() => {
    written.clear();
    vi.spyOn(files, "append").mockImplementation(async (place, pieces) => {
      const bytes = written.get(String(place)) ?? [];
      written.set(String(place), bytes);
      for (const piece of pieces) for (const byte of piece) bytes.push(byte);
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const allValues = () =>
    [...written].flatMap(([place, bytes]) => valuesIn(place.split("/").at(-2)!, Uint8Array.from(bytes)));

  const x = Array.from({ length: 6 }, (_, i) => [0, 1, 2].map((j) => (3 * i + j) / 16));
  const y = Array.from({ length: 6 }, (_, i) => [0, 1].map((j) => (2 * i + j) / 8));

  async function run(options: TensorBoardOptions, onEpochEnd = (_epoch: number) => {}) {
    const model = new Sequential([new layers.Dense(2, { inputShape: [3], kernelInitializer: "ones", name: "head" })]);
    model.compile({ optimizer: new optimizers.SGD(0.125), loss: "mse", metrics: ["mae"] });
    const callbacks = [new TensorBoard({ logDir: "logs/", ...options }), { onEpochEnd }];
    const data = { batchSize: 2, epochs: 2, shuffle: false, validationData: [x.slice(0, 2), y.slice(0, 2)] } as const;
    await model.fit(x, y, { ...data, verbose: 0, callbacks });
  }

  /** Keras drops values of an epoch whose last batch is not among those that are written. */
  const missing: readonly Call[] = golden.runs.epoch.filter(([, , step]) => step === 0 || step === 3) as never;

  it.each(["epoch", 1, 2] as const)("every %s: folders, tags, steps and numbers of Keras", async (updateFreq) => {
    await run({ updateFreq, histogramFreq: 1, writeGraph: false });
    const keras = [...(golden.runs[updateFreq] as unknown as Call[]), ...(updateFreq === 2 ? missing : [])];
    const sorted = (calls: readonly Call[]) => {
      const named = calls.map(([folder, tag, step, value]) => {
        return [`${folder} ${tag.replace(/^sequential\w*\//, "")} ${step}`, value] as const;
      });
      return named.sort(([a], [b]) => (a < b ? -1 : 1));
    };
    const [ours, theirs] = [sorted(allValues()), sorted(keras)];
    expect(ours.map(([name]) => name)).toEqual(theirs.map(([name]) => name));
    theirs.forEach(([name, value], i) => {
      if (value !== null) expect(ours[i]![1], name).toBeCloseTo(value, 5);
    });
  });

  it("files have the names that TensorBoard looks for, a new one for each run, and the graph first", async () => {
    await run({});
    await run({});
    const places = [...written.keys()];
    expect(places).toHaveLength(4);
    for (const place of places) {
      expect(place).toMatch(/^logs\/(train|validation)\/events\.out\.tfevents\.\d{10}\.[\w.]+\.v2$/);
    }
    expect(allValues().filter(([folder]) => folder === "train")[0]?.[1]).toBe("keras");
  });

  it("a run that fails writes its buffered events", async () => {
    const failing = run({ updateFreq: 1, writeGraph: false }, (epoch) => {
      if (epoch === 1) throw new Error("stop");
    });
    await expect(failing).rejects.toThrow("stop");
    const tags = allValues().filter(([, tag]) => tag === "batch_loss");
    expect(tags.map(([, , step]) => step)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("evaluate alone writes its numbers", async () => {
    const model = new Sequential([new layers.Dense(2, { inputShape: [3], name: "head" })]);
    model.compile({ optimizer: "sgd", loss: "mse" });
    await model.evaluate(x, y, { verbose: 0, callbacks: [new TensorBoard("file:///logs")] });
    expect([...written.keys()][0]).toMatch(/^file:\/\/\/logs\/validation\/events/);
    expect(allValues().map(([folder, tag, step]) => [folder, tag, step])).toEqual([
      ["validation", "evaluation_loss_vs_iterations", 0],
    ]);
  });
});

it("unsupported options, and stores whose files cannot grow, are refused", () => {
  for (const name of ["writeImages", "profileBatch", "embeddingsFreq"]) {
    expect(() => new TensorBoard({ [name]: 1 } as never)).toThrow(`"${name}" of Keras is not supported`);
    expect(new TensorBoard({ [name]: 0 } as never).logDir).toBe("logs");
  }
  expect(() => new TensorBoard("https://example.com/logs")).toThrow('"logDir" must be a folder');
  expect(() => new TensorBoard("download://logs")).toThrow('"logDir" must be a folder');
  expect(() => new TensorBoard({ updateFreq: 0 })).toThrow('"updateFreq"');
  expect(() => new TensorBoard({ logdir: "a" } as never)).toThrow('"logdir"');
});

describe("RemoteMonitor", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  async function requests(monitor: RemoteMonitor, answer: () => Promise<Response>) {
    const made: Request[] = [];
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
      made.push(new Request(url, init));
      return answer();
    });
    const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros" })]);
    model.compile({ optimizer: new optimizers.SGD(0), loss: "mse" });
    const history = await model.fit([[1]], [[2]], { epochs: 2, verbose: 0, callbacks: [monitor] });
    expect(history.epoch).toEqual([0, 1]);
    return await Promise.all(
      made.map(async (request) => [
        request.method,
        request.url,
        request.headers.get("content-type"),
        request.headers.get("x-key"),
        await request.text(),
      ]),
    );
  }

  it("sends a form, or JSON, as Keras does", async () => {
    const form = "application/x-www-form-urlencoded";
    expect(await requests(new RemoteMonitor(), async () => new Response("ok"))).toEqual([
      ["POST", "http://localhost:9000/publish/epoch/end/", form, null, "data=%7B%22epoch%22%3A0%2C%22loss%22%3A4%7D"],
      ["POST", "http://localhost:9000/publish/epoch/end/", form, null, "data=%7B%22epoch%22%3A1%2C%22loss%22%3A4%7D"],
    ]);
    const root = "https://example.com";
    const json = new RemoteMonitor({ root, path: "/a", headers: { "X-Key": "k" }, sendAsJson: true });
    expect((await requests(json, async () => new Response("ok")))[1]).toEqual([
      "POST",
      "https://example.com/a",
      "application/json",
      "k",
      '{"epoch":1,"loss":4}',
    ]);
  });

  it("a server that cannot be reached is warned about once, and training continues", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    await requests(new RemoteMonitor("http://localhost:1"), () => Promise.reject(new TypeError("fetch failed")));
    expect(warn.mock.calls).toEqual([
      ["RemoteMonitor: could not reach the server at http://localhost:1: fetch failed"],
    ]);
  });
});
