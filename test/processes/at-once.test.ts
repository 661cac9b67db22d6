/**
 * Files that are written from the model's memory: they contain the values at the time of the call, and no copy is
 * made.
 */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { initializers, layers, Sequential } from "../../ts/index.js";
import { loadModel, loadWeights, type SaveWeightsOptions, saveModel, saveWeights } from "../../ts/saving/index.js";
import { writeAtOnce } from "../../ts/saving/stores/at-once.js";

const folder = mkdtempSync(join(tmpdir(), "gradstep-at-once-"));
afterAll(() => rmSync(folder, { recursive: true }));

const network = (value: number) => {
  const kernelInitializer = new initializers.Constant(value);
  return new Sequential([new layers.Dense(1000, { inputShape: [3000], name: "d", kernelInitializer })]);
};
const change = (model: Sequential) => model.weights[0]?.assign(new Float32Array(3_000_000).fill(7));
const first = (model: Sequential) => model.weights[0]?.value[2_999_999];

it.each(["w.safetensors", "w.npz", "w.weights.h5"])("%s: weights that change while it is written", async (name) => {
  const model = network(1);
  const path = join(folder, "new", name);
  const saved = saveWeights(model, path);
  change(model);
  await saved;
  const again = network(2);
  await loadWeights(again, path);
  expect(first(again)).toBe(1);
});

it.each(["m.keras", "m.zip", "tfjs/model.json"])("%s: a model that changes while it is written", async (name) => {
  const model = network(1);
  const path = join(folder, name);
  const saved = saveModel(model, path, { format: name.endsWith("keras") ? "keras" : "tfjs" });
  change(model);
  await saved;
  const again = await loadModel(path, { format: name.endsWith("keras") ? "keras" : "tfjs" });
  expect(again.weights[0]?.value[2_999_999]).toBe(1);
});

it("a file needs no copy of the weights, and a watched one needs one", async () => {
  const model = network(1);
  const path = join(folder, "memory.safetensors");
  const { signal } = new AbortController();
  const made = async (options: SaveWeightsOptions) => {
    // Otherwise garbage of earlier tests would be collected during the call, and be subtracted.
    (globalThis as { gc?: () => void }).gc?.();
    const before = process.memoryUsage().arrayBuffers;
    const saved = saveWeights(model, path, options);
    const grown = process.memoryUsage().arrayBuffers - before;
    await saved;
    return grown;
  };
  expect(await made({})).toBeLessThan(2 ** 20);
  expect(await made({ signal })).toBeGreaterThan(12_000_000);
});

describe("bytes", () => {
  const pieces = () => [new Uint8Array(10).fill(1), new Uint8Array(9_000_000).fill(2), new Uint8Array(0)] as const;
  const expectWhole = (path: string) => {
    const found = readFileSync(path);
    expect(found.length).toBe(9_000_010);
    expect(found.subarray(0, 10).every((byte) => byte === 1)).toBe(true);
    expect(found.subarray(10).every((byte) => byte === 2)).toBe(true);
  };

  it.each([
    ["a quick disk", Number.POSITIVE_INFINITY],
    ["a slow disk, from its first part on", -1],
  ])("%s", async (_, patience) => {
    const path = join(folder, "bytes");
    const given = pieces();
    const done = writeAtOnce(path, given, patience);
    for (const piece of given) piece.fill(9);
    await done;
    expectWhole(path);
  });

  it("in shared memory", async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(9_000_000)).fill(2) as unknown as Uint8Array<ArrayBuffer>;
    await writeAtOnce(join(folder, "shared"), [new Uint8Array(10).fill(1), shared]);
    expectWhole(join(folder, "shared"));
  });

  it("a place that is a folder: an error, and nothing is left", async () => {
    const inside = join(folder, "refused");
    mkdirSync(join(inside, "w.safetensors"), { recursive: true });
    await expect(saveWeights(network(1), join(inside, "w.safetensors"))).rejects.toMatchObject({
      name: "FileError",
      code: "ERR_FILE_ACCESS",
    });
    expect(readdirSync(inside)).toEqual(["w.safetensors"]);
  });
});

it("NaN and infinity of a large file are refused wherever they stand, parts that were examined early or not", async () => {
  const path = join(folder, "finite.safetensors");
  const model = network(1);
  for (const [place, value] of [
    [0, Number.NaN],
    [2_097_000, Number.POSITIVE_INFINITY],
    [2_999_999, Number.NEGATIVE_INFINITY],
  ] as const) {
    const numbers = new Float32Array(3_000_000).fill(2);
    numbers[place] = value;
    model.weights[0]?.assign(numbers);
    await saveWeights(model, path);
    const again = network(3);
    await expect(loadWeights(again, path)).rejects.toMatchObject({ code: "ERR_FILE_INVALID" });
    expect(first(again)).toBe(3);
    await loadWeights(again, path, { allowNonfinite: true });
    expect(again.weights[0]?.value[place]).toBe(value);
  }
});
