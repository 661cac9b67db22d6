/** `onProgress` and `signal`: the bytes of each file so far, and aborts that take effect immediately. */

import { afterEach, describe, expect, it, vi } from "vitest";
import { layers, Sequential } from "../../ts/index.js";
import { type FileProgress, loadModel, loadWeights, saveModel, saveWeights } from "../../ts/saving/index.js";
import { PART } from "../../ts/saving/stores/progress.js";

/** Of 5 MB of weights: two parts of a file. */
const network = () => {
  const model = new Sequential([new layers.Dense(1250, { inputShape: [1000], name: "d", kernelInitializer: "ones" })]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  return model;
};

const small = () => new Sequential([new layers.Dense(2, { inputShape: [3], name: "d" })]);

/** Events, checked: they grow, and end with the whole file. */
function recorder() {
  const events: FileProgress[] = [];
  const byFile = () => {
    const files = new Map<string, FileProgress[]>();
    for (const event of events) files.set(event.file, [...(files.get(event.file) ?? []), event]);
    for (const list of files.values()) {
      list.reduce((before, { loaded }) => {
        expect(loaded).toBeGreaterThanOrEqual(before);
        return loaded;
      }, -1);
    }
    return new Map([...files].map(([file, list]) => [file, list.at(-1) as FileProgress]));
  };
  return { events, byFile, onProgress: (event: FileProgress) => void events.push(event) };
}

/** A file handle as pages have it, with the bytes that were written. */
function handle(name: string) {
  const written: Uint8Array[] = [];
  const state = { closed: false, aborted: undefined as unknown };
  return {
    name,
    written,
    state,
    createWritable: async () => ({
      write: async (piece: Uint8Array) => void written.push(piece.slice()),
      close: async () => {
        state.closed = true;
      },
      abort: async (reason: unknown) => {
        state.aborted = reason;
      },
    }),
  };
}

/** A server of files, in pieces of some bytes. */
function serve(files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>, { piece = 7, headers = {} } = {}): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: string, { signal }: { signal?: AbortSignal } = {}) => {
    signal?.throwIfAborted();
    asked.push(url);
    const bytes = files[url.replace(/^https:\/\/example.com\/|\?.*$/g, "")];
    if (bytes === undefined) return new Response(null, { status: 404 });
    let at = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (signal?.aborted) controller.error(signal.reason);
        else if (at >= bytes.length) controller.close();
        else controller.enqueue(bytes.slice(at, at + piece));
        at += piece;
      },
    });
    return new Response(body, { headers: { "content-length": String(bytes.length), ...headers } });
  });
  return asked;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("onProgress", () => {
  it("of writing to a handle: in parts, and the whole file in the end", async () => {
    const { events, onProgress } = recorder();
    const file = handle("big.safetensors");
    await saveWeights(network(), file, { format: "safetensors", onProgress });
    const total = file.written.reduce((sum, { length }) => sum + length, 0);
    expect(Math.max(...file.written.map(({ length }) => length))).toBe(PART);
    expect(events.map(({ file: name, total: all }) => [name, all])).toEqual(
      events.map(() => ["big.safetensors", total]),
    );
    expect(events.length).toBe(file.written.length);
    expect(events.at(-1)?.loaded).toBe(total);
    // The file written in parts equals the one written at once.
    const bytes = new Uint8Array(await new Blob(file.written as Uint8Array<ArrayBuffer>[]).arrayBuffer());
    const { length } = await saveWeights(network(), { format: "safetensors" });
    expect(length).toBe(total);
    await loadWeights(network(), bytes, { format: "safetensors" });
  });

  it("of bytes, blobs, streams", async () => {
    const bytes = await saveModel(small(), { format: "keras" });
    const read = async (source: unknown) => {
      const { events, byFile, onProgress } = recorder();
      await loadModel(source as never, { format: "keras", onProgress });
      byFile();
      return events;
    };
    const whole = { file: "the file", loaded: bytes.length, total: bytes.length };
    expect(await read(bytes)).toEqual([whole]);
    expect((await read(new Blob([bytes]))).at(-1)).toEqual(whole);
    expect((await read(new File([bytes], "m.keras"))).at(-1)).toEqual({ ...whole, file: "m.keras" });
    const pieces = async function* () {
      yield bytes.subarray(0, 10);
      yield bytes.subarray(10);
    };
    expect(await read(pieces())).toEqual([
      { file: "the file", loaded: 10, total: null },
      { file: "the file", loaded: bytes.length, total: null },
      whole,
    ]);
  });

  it("of model.json and its shards from a server", async () => {
    const { events, byFile, onProgress } = recorder();
    const archive = await saveModel(small(), { format: "tfjs", onProgress });
    expect(events).toEqual([{ file: "the file", loaded: archive.length, total: archive.length }]);
    events.length = 0;
    const files = await tfjsFiles();
    const asked = serve(files);
    await loadModel("https://example.com/model.json?v=1", { onProgress });
    expect(asked).toEqual(["https://example.com/model.json?v=1", "https://example.com/w.bin"]);
    const last = byFile();
    expect([...last.keys()]).toEqual(["https://example.com/model.json", "https://example.com/w.bin"]);
    expect(last.get("https://example.com/w.bin")).toEqual({ file: "https://example.com/w.bin", loaded: 32, total: 32 });
    expect(events.length).toBeGreaterThan(5);
  });

  it("ignores the length of compressed responses", async () => {
    const { events, onProgress } = recorder();
    serve(await tfjsFiles(), { headers: { "content-encoding": "gzip", "content-length": "3" } });
    await loadModel("https://example.com/model.json", { onProgress });
    expect(events.filter(({ total }) => total !== null).map(({ total }) => total)).toEqual([expect.any(Number), 32]);
    expect(events.some(({ total }) => total === 3)).toBe(false);
  });

  it("an error that it throws ends the call; nothing is written or changed", async () => {
    const error = new RangeError("enough");
    const onProgress = () => {
      throw error;
    };
    const file = handle("m.safetensors");
    await expect(saveWeights(network(), file, { format: "safetensors", onProgress })).rejects.toBe(error);
    expect(file.state).toEqual({ closed: false, aborted: error });
    const bytes = await saveWeights(small(), { format: "npz" });
    const model = small();
    const before = model.getWeights();
    await expect(loadWeights(model, bytes, { format: "npz", onProgress })).rejects.toBe(error);
    expect(model.getWeights()).toEqual(before);
    serve(await tfjsFiles());
    await expect(loadModel("https://example.com/model.json", { onProgress })).rejects.toBe(error);
    await expect(saveModel(small(), { format: "keras", onProgress })).rejects.toBe(error);
  });

  it("must be a function", async () => {
    const refused = { code: "ERR_OPTION_TYPE", message: expect.stringContaining('"onProgress" must be a function') };
    const bytes = await saveWeights(small(), { format: "npz" });
    await expect(saveModel(small(), { format: "keras", onProgress: 1 as never })).rejects.toMatchObject(refused);
    await expect(loadWeights(small(), bytes, { format: "npz", onProgress: {} as never })).rejects.toMatchObject(
      refused,
    );
  });
});

describe("signal", () => {
  it.each([true, false])("ends the reading of shards, with its reason (onProgress: %s)", async (isTold) => {
    const reason = new Error("stopped");
    const controller = new AbortController();
    const { events, onProgress } = recorder();
    const files = await tfjsFiles();
    const asked = serve(files);
    const { fetch } = globalThis;
    vi.stubGlobal("fetch", async (url: string, options: RequestInit) => {
      if (url.endsWith(".bin")) controller.abort(reason);
      return await fetch(url, options);
    });
    const { signal } = controller;
    const loading = loadModel("https://example.com/model.json", { signal, ...(isTold ? { onProgress } : {}) });
    await expect(loading).rejects.toBe(reason);
    expect(asked).toEqual(["https://example.com/model.json"]);
    expect(events.some(({ file }) => file.endsWith(".bin"))).toBe(false);
  });

  it("between two parts, by the callback", async () => {
    const reason = new Error("stopped");
    const controller = new AbortController();
    const file = handle("m.safetensors");
    const onProgress = () => controller.abort(reason);
    const { signal } = controller;
    await expect(saveWeights(network(), file, { format: "safetensors", signal, onProgress })).rejects.toBe(reason);
    expect(file.state).toEqual({ closed: false, aborted: reason });
    expect(file.written.length).toBe(1);
    await expect(loadModel(new Uint8Array(4), { format: "keras", signal, onProgress })).rejects.toBe(reason);
  });
});

/** A TensorFlow.js model of one layer, with 32 bytes of weights. */
async function tfjsFiles(): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const dense = { class_name: "Dense", config: { name: "d", units: 2, batch_input_shape: [null, 3] } };
  const weights = [
    { name: "d/kernel", shape: [3, 2], dtype: "float32" },
    { name: "d/bias", shape: [2], dtype: "float32" },
  ];
  const json = {
    modelTopology: { class_name: "Sequential", config: { name: "s", layers: [dense] } },
    format: "layers-model",
    weightsManifest: [{ paths: ["w.bin"], weights }],
  };
  return {
    "model.json": new TextEncoder().encode(JSON.stringify(json)),
    "w.bin": new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8).buffer),
  };
}
