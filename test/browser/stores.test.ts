/** Weights in the stores of a page: IndexedDB, the origin's private file system, downloads, blob: URLs. */

import { describe, expect, it } from "vitest";
import { layers, Sequential } from "../../ts/index.js";
import {
  listModels,
  loadModel,
  loadWeights,
  ModelCheckpoint,
  removeModel,
  saveWeights,
} from "../../ts/saving/index.js";

const network = () => new Sequential([new layers.Dense(2, { inputShape: [3], name: "dense" })]);
const fileError = (message: string) => expect.objectContaining({ name: "FileError", code: "ERR_FILE_ACCESS", message });

describe.each(["indexeddb://", "opfs://some/folder/"])("%s", (scheme) => {
  it("keeps weights, lists, overwrites and removes them", async () => {
    const [model, again] = [network(), network()];
    const place = `${scheme}größe 1.safetensors`;
    await saveWeights(again, place);
    await saveWeights(model, place);
    await saveWeights(model, `${scheme}two.npz`);
    await loadWeights(again, place);
    expect(again.getWeights()).toEqual(model.getWeights());
    const length = (await saveWeights(model, { format: "safetensors" })).length;
    expect(await listModels()).toContainEqual({ place, bytes: length });
    expect(await removeModel(place)).toBe(true);
    expect(await removeModel(place)).toBe(false);
    expect((await listModels()).map((stored) => stored.place)).toEqual([`${scheme}two.npz`]);
    expect(await removeModel(`${scheme}two.npz`)).toBe(true);
    await expect(loadWeights(network(), place)).rejects.toThrowError(
      expect.objectContaining({ name: "FileError", code: "ERR_FILE_ACCESS" }),
    );
  });

  it("ModelCheckpoint writes a model after each epoch, and one that continues with the same bits", async () => {
    const model = network();
    model.compile({ optimizer: "adam", loss: "mse" });
    const [x, y] = [[[1, 2, 3]], [[1, 0]]];
    const checkpoint = new ModelCheckpoint({ filepath: `${scheme}m-{epoch:02d}.keras` });
    await model.fit(x, y, { epochs: 2, verbose: 0, callbacks: [checkpoint] });
    const places = ["01", "02"].map((epoch) => `${scheme}m-${epoch}.keras`);
    expect((await listModels()).map((stored) => stored.place).sort()).toEqual(places);
    const again = await loadModel(places[0] as string);
    await again.fit(x, y, { initialEpoch: 1, epochs: 2, verbose: 0 });
    expect(again.getWeights()).toEqual(model.getWeights());
    for (const place of places) await removeModel(place);
  });

  it("an abort while writing leaves the old file", async () => {
    const [model, again] = [network(), network()];
    const place = `${scheme}kept.npz`;
    await saveWeights(model, place);
    const reason = new Error("enough");
    await expect(saveWeights(network(), place, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await loadWeights(again, place);
    expect(again.getWeights()).toEqual(model.getWeights());
    await removeModel(place);
  });
});

it("a file handle is written and read", async () => {
  const [model, again] = [network(), network()];
  const folder = await navigator.storage.getDirectory();
  const handle = await folder.getFileHandle("handle.npz", { create: true });
  await saveWeights(model, handle);
  await loadWeights(again, handle);
  expect(again.getWeights()).toEqual(model.getWeights());
  await folder.removeEntry("handle.npz");
});

it("a download has the name and the bytes", async () => {
  const model = network();
  const clicked = new Promise<HTMLAnchorElement>((resolve) => {
    const click = HTMLAnchorElement.prototype.click;
    HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
      HTMLAnchorElement.prototype.click = click;
      resolve(this);
    };
  });
  await saveWeights(model, "download://weights.npz");
  const link = await clicked;
  expect(link.download).toBe("weights.npz");
  const again = network();
  await loadWeights(again, link.href, { format: "npz" });
  expect(again.getWeights()).toEqual(model.getWeights());
  await expect(loadWeights(again, "download://weights.npz")).rejects.toThrowError(
    fileError("download://weights.npz: downloads can only be written. Let the user choose a file, and pass that File."),
  );
});

it("paths are refused: a page has no file system", async () => {
  const message =
    'weights.npz: this host has no file system. In a page use "indexeddb://name", "opfs://path", "download://name", a FileSystemFileHandle, or a URL to read from.';
  await expect(saveWeights(network(), "weights.npz")).rejects.toThrowError(fileError(message));
  await expect(loadWeights(network(), "weights.npz")).rejects.toThrowError(fileError(message));
});
