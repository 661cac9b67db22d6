/** Models in IndexedDB, the private file system, handles, blobs, streams, and from a server: in a page, in its worker, in two pages. */

import { describe, expect, it } from "vitest";
import { layers, Sequential } from "../../ts/index.js";
import { loadModel, removeModel, saveModel } from "../../ts/saving/index.js";
import { CHECKS } from "./kept-models.js";

/** One after the other: they share the origin's stores. */
describe("in a page", () => {
  it.each(Object.keys(CHECKS))("%s", async (name) => {
    await CHECKS[name]!();
  });
});

/** The next message of a worker. */
const answer = (worker: Worker) =>
  new Promise<unknown>((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  });

const started = async () => {
  const worker = new Worker(new URL("./kept-models-worker.ts", import.meta.url), { type: "module" });
  expect(await answer(worker)).toBe("ready");
  return worker;
};

describe("in a worker", () => {
  it.each(Object.keys(CHECKS))("%s", async (name) => {
    const worker = await started();
    worker.postMessage(name);
    expect(await answer(worker)).toBe(null);
    worker.terminate();
  });
});

it.each(["indexeddb://", "opfs://"])("a page and a worker write to one place of %s at once", async (scheme) => {
  const name = Object.keys(CHECKS).find(
    (each) => each.includes("at once") && each.includes(scheme[0] === "i" ? "Indexed" : "private"),
  )!;
  const worker = await started();
  const model = new Sequential([new layers.Dense(2, { inputShape: [3] })]);
  worker.postMessage(name);
  const done = answer(worker);
  const place = `${scheme}${scheme[0] === "i" ? "" : "some/folder/"}other.keras`;
  for (let i = 0; i < 10; i++) {
    await saveModel(model, place);
    expect((await loadModel(place)).getWeights()).toEqual(model.getWeights());
  }
  expect(await done).toBe(null);
  worker.terminate();
  await removeModel(place);
});
