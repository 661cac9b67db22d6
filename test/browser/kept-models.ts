/**
 * Models in the stores of a page, and from every kind of source: each check throws if something is lost. They run in
 * the page and in its worker.
 *
 * @module
 */

import { Input, layers, Sequential } from "../../ts/index.js";
import { listModels, loadModel, loadWeights, removeModel, saveModel, saveWeights } from "../../ts/saving/index.js";

/** A compiled model after a step, so that there is state. */
async function trained(): Promise<Sequential> {
  const model = network();
  await model.fit([[1, 2, 3]], [[1, 0]], { verbose: 0 });
  return model;
}

function network(): Sequential {
  const model = new Sequential([Input({ shape: [3], name: "in" }), new layers.Dense(2, { name: "dense" })], {
    name: "kept",
  });
  model.compile({ optimizer: "adam", loss: "mse" });
  return model;
}

type Holder = Pick<Sequential, "getWeights" | "optimizer">;

const numbersOf = (model: Holder) =>
  JSON.stringify([...model.getWeights(), ...model.optimizer!.getWeights()].map(({ data }) => [...data]));

function expectSame(what: string, got: Holder, expected: Holder): void {
  if (numbersOf(got) !== numbersOf(expected)) throw new Error(`${what}: ${numbersOf(got)}, not ${numbersOf(expected)}`);
}

function expectTrue(what: string, holds: boolean): void {
  if (!holds) throw new Error(`${what} does not hold`);
}

/** The code of what a call rejects with. */
async function rejection(call: Promise<unknown>): Promise<{ code?: string; message: string; name: string }> {
  try {
    await call;
  } catch (error) {
    return error as { code?: string; message: string; name: string };
  }
  throw new Error("nothing was refused");
}

const OF_MODELS = ["m.keras", "folder/model.json"];
const OF_WEIGHTS = ["w.safetensors", "w.npz", "w.weights.h5"];

/** Saves over an older file, lists, loads, removes. */
async function keep(scheme: string): Promise<void> {
  const [model, other] = [await trained(), await trained()];
  for (const name of [...OF_MODELS, ...OF_WEIGHTS]) {
    const place = `${scheme}${name}`;
    for (const each of [other, model]) {
      if (OF_MODELS.includes(name)) await saveModel(each, place);
      else await saveWeights(each, place);
    }
    const again = OF_MODELS.includes(name) ? await loadModel(place) : network();
    if (!OF_MODELS.includes(name)) await loadWeights(again, place);
    expectSame(place, again, model);
    const found = (await listModels()).filter((stored) => stored.place === place);
    expectTrue(`${place} is listed once, with its length`, found.length === 1 && found[0]!.bytes > 100);
    expectTrue(`${place} is removed`, await removeModel(place));
    expectTrue(`${place} is removed once`, !(await removeModel(place)));
    const { code, message } = await rejection(loadModel(place, { format: "keras" }));
    expectTrue(`${place}: ${code} ${message}`, code === "ERR_FILE_ACCESS" && message.includes(place));
  }
  for (const { place } of await listModels()) await removeModel(place);
}

/** Writers at once, of whole files: one of them is kept. */
async function together(scheme: string): Promise<void> {
  const models = await Promise.all(Array.from({ length: 6 }, trained));
  const place = `${scheme}shared.keras`;
  await Promise.all(models.map((model) => saveModel(model, place)));
  const kept = numbersOf(await loadModel(place));
  expectTrue("one writer's file is whole", models.map(numbersOf).includes(kept));
  await removeModel(place);
}

/** An abort before, and in the middle of, writing: the old file stays, and no new one comes. */
async function abort(scheme: string): Promise<void> {
  const [model, other] = [await trained(), await trained()];
  const [place, fresh] = [`${scheme}old.keras`, `${scheme}new.keras`];
  await saveModel(model, place);
  for (const target of [place, fresh]) {
    // As many turns as it takes until it is too late.
    for (let turns = 0, refused = true; refused; turns += 1 + (turns >> 2)) {
      const controller = new AbortController();
      const reason = new Error("enough");
      const saving = saveModel(other, target, { signal: controller.signal }).then(
        () => undefined,
        (error: unknown) => error,
      );
      for (let i = 0; i < turns; i++) await new Promise((done) => void requestTurn(done));
      controller.abort(reason);
      const error = await saving;
      refused = error !== undefined;
      if (!refused) break;
      expectTrue(`the reason of an abort after ${turns} turns, not ${String(error)}`, error === reason);
      if (target === place) expectSame("the old file", await loadModel(place), model);
      else expectTrue("there is no new file", !(await listModels()).some((stored) => stored.place === fresh));
    }
  }
  expectSame("written at last", await loadModel(fresh), other);
  for (const { place: stored } of await listModels()) await removeModel(stored);
}

function requestTurn(done: (value: unknown) => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    done(undefined);
  };
  port2.postMessage(null);
}

/** A store that is full says so, and keeps the old file. */
async function full(scheme: string, prototype: object, method: string): Promise<void> {
  const [model, other] = [await trained(), await trained()];
  const [place, fresh] = [`${scheme}old.keras`, `${scheme}new.keras`];
  await saveModel(model, place);
  const real = Reflect.get(prototype, method) as unknown;
  Reflect.set(prototype, method, () => {
    throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
  });
  try {
    for (const target of [place, fresh]) {
      const error = await rejection(saveModel(other, target));
      expectTrue(`${error.code} ${error.message}`, error.code === "ERR_FILE_ACCESS" && error.name === "FileError");
      expectTrue(error.message, error.message === `${target}: The quota has been exceeded.`);
      expectTrue("the cause is the host's", (error as { cause?: Error }).cause?.name === "QuotaExceededError");
    }
  } finally {
    Reflect.set(prototype, method, real);
  }
  expectSame("the old file", await loadModel(place), model);
  expectTrue("there is no new file", !(await listModels()).some((stored) => stored.place === fresh));
  await removeModel(place);
}

/** Blobs, files, streams, handles, and a server. */
async function sources(): Promise<void> {
  const model = await trained();
  const keras = await saveModel(model, { format: "keras" });
  const weights = await saveWeights(model, { format: "safetensors" });
  const given: readonly (readonly [string, () => Parameters<typeof loadModel>[0]])[] = [
    ["a Blob", () => new Blob([keras])],
    ["a File", () => new File([keras], "a.keras")],
    ["a stream", () => new Blob([keras]).stream()],
    ["an answer's stream", () => new Response(keras).body as ReadableStream<Uint8Array>],
    ["a buffer", () => keras.slice().buffer],
    ["a view", () => new DataView(keras.slice().buffer)],
    ["a blob: URL", () => URL.createObjectURL(new Blob([keras]))],
  ];
  for (const [what, source] of given) expectSame(what, await loadModel(source(), { format: "keras" }), model);
  expectSame("a File's ending", await loadModel(new File([keras], "a.keras")), model);
  const again = network();
  await loadWeights(again, new File([weights], "a.safetensors"));
  expectSame("a File of weights", again, model);

  const folder = await navigator.storage.getDirectory();
  for (const name of ["handle.keras", "model.json"]) {
    const handle = await folder.getFileHandle(name, { create: true });
    await saveModel(await trained(), handle);
    await saveModel(model, handle);
    expectSame(`the handle of ${name}`, await loadModel(handle), model);
    await folder.removeEntry(name);
  }

  const parts = ["model.json", "group1-shard1of1.bin"];
  await saveModel(model, "opfs://parts/model.json");
  const inside = await folder.getDirectoryHandle("parts");
  const chosen = await Promise.all(parts.map(async (name) => await (await inside.getFileHandle(name)).getFile()));
  expectSame("a list of files", await loadModel(chosen.reverse()), model);
  await folder.removeEntry("parts", { recursive: true });

  const place = new URL("/examples/transfer-learning/public/pretrained/model.json", location.origin);
  const served = await loadModel(`${place.href}?a=1#b`);
  expectTrue("a server's model has weights", served.countParams() > 1000);
  const missing = await rejection(loadModel(new URL("/no/such/model.json", location.origin)));
  expectTrue(`${missing.code} ${missing.message}`, /^ERR_FILE_(ACCESS|INVALID)$/.test(missing.code ?? ""));
}

const [INDEXED, PRIVATE] = ["indexeddb://", "opfs://some/folder/"] as const;

/** By name. */
export const CHECKS: Readonly<Record<string, () => Promise<void>>> = {
  "IndexedDB keeps every format": () => keep(INDEXED),
  "the private file system keeps every format": () => keep(PRIVATE),
  "writers at once, in IndexedDB": () => together(INDEXED),
  "writers at once, in the private file system": () => together(PRIVATE),
  "aborts, in IndexedDB": () => abort(INDEXED),
  "aborts, in the private file system": () => abort(PRIVATE),
  "a full IndexedDB": () => full(INDEXED, IDBObjectStore.prototype, "put"),
  "a private file system that is full when it is written to": () =>
    full(PRIVATE, FileSystemWritableFileStream.prototype, "write"),
  "a private file system that is full when a file is closed": () => full(PRIVATE, WritableStream.prototype, "close"),
  "blobs, files, streams, handles, a server": sources,
};
