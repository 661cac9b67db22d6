/** Large files that are read in parts: never whole in memory, checked before the first weight changes, and the same as small ones. */

import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { Adam, initializers, layers, Sequential } from "../../ts/index.js";
import { loadWeights, saveWeights } from "../../ts/saving/index.js";
import { FileInParts, type OpenFile } from "../../ts/saving/stores/in-parts.js";

const folder = mkdtempSync(join(tmpdir(), "gradstep-in-parts-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

const PART = 2 ** 20;
const SIZE = 3_000_000;

const network = (value: number) => {
  const kernelInitializer = new initializers.Constant(value);
  return new Sequential([new layers.Dense(1000, { inputShape: [3000], name: "d", kernelInitializer })]);
};
/** Not by `toEqual`, which takes a minute for millions of numbers. */
const sameBits = (a: ArrayBufferView, b: ArrayBufferView) =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));
const expectSame = (a: readonly ArrayBufferView[], b: readonly ArrayBufferView[]) => {
  expect(a.length).toBe(b.length);
  a.forEach((one, i) => expect(sameBits(one, b[i]!)).toBe(true));
};
const arrays = (model: Sequential) =>
  [...model.weights, ...(model.optimizer?.variables ?? [])].map((one) => one.array());
const numbersOf = (model: Sequential) => model.weights[0]!.array();
const saved = async (name: string, each: (i: number) => number) => {
  const model = network(0);
  model.weights[0]!.assign(Float32Array.from({ length: SIZE }, (_, i) => each(i)));
  const path = join(folder, name);
  await saveWeights(model, path);
  return path;
};

/** Bytes as a file that counts how it is read. */
const fake = (bytes: Uint8Array, { most = PART, readNow = true } = {}) => {
  const calls = { waited: 0, now: 0 };
  let stamp = "";
  const take = (into: Uint8Array, at: number) => {
    const some = bytes.subarray(at, at + Math.min(into.length, most));
    into.set(some);
    return some.length;
  };
  const file: OpenFile = {
    length: bytes.length,
    read: async (into, at) => {
      calls.waited++;
      return take(into, at);
    },
    readNow(into, at) {
      if (!readNow) throw new Error("no");
      calls.now++;
      return take(into, at);
    },
    stamp: () => stamp,
    close: async () => undefined,
  };
  const change = () => {
    stamp = "changed";
  };
  return { file, calls, change };
};
const listeners = { signal: undefined, tell: undefined };
const floats = (count: number) => Float32Array.from({ length: count }, (_, i) => i % 1000);

describe("a file", () => {
  it.each([PART, 1000])("gives its numbers in parts, whatever the host reads at once (%d bytes)", async (most) => {
    const numbers = floats(700_001);
    const open = new FileInParts("a", fake(new Uint8Array(numbers.buffer), { most }).file, listeners);
    await open.examine(0);
    expect(open.isFinite(0, open.length)).toBe(true);
    for (const [start, end] of [
      [0, 700_001],
      [5, 6],
      [262_143, 262_145],
      [9, 9],
    ] as const) {
      const parts = [...open.numbers(start * 4, end * 4)].map(({ length }) => length);
      expect(Math.max(0, ...parts)).toBeLessThanOrEqual(PART / 4);
      let at = start;
      for (const part of open.numbers(start * 4, end * 4)) {
        expect(sameBits(part, numbers.subarray(at, at + part.length))).toBe(true);
        at += part.length;
      }
      expect(at).toBe(end);
    }
  });

  it("knows which of its numbers are finite", async () => {
    const numbers = floats(800_000);
    numbers[300_000] = Number.NaN;
    const bytes = new Uint8Array(4 + numbers.byteLength);
    bytes.set(new Uint8Array(numbers.buffer), 4);
    const open = new FileInParts("a", fake(bytes).file, listeners);
    await open.examine(4);
    const at = (i: number) => 4 + 4 * i;
    expect(open.isFinite(at(0), at(262_144))).toBe(true);
    expect(open.isFinite(at(0), at(262_145))).toBe(false);
    expect(open.isFinite(at(300_000), at(300_001))).toBe(false);
    expect(open.isFinite(at(524_287), at(524_288))).toBe(false);
    expect(open.isFinite(at(524_288), at(800_000))).toBe(true);
    // The file has other numbers.
    expect(open.isFinite(at(600_000) + 1, at(600_001) + 1)).toBe(false);
  });

  it("waits for one part in eight of a quick disk, and for all but one in eight of a slow one", async () => {
    const bytes = new Uint8Array(80 * PART);
    let [time, step] = [0, 1];
    vi.spyOn(performance, "now").mockImplementation(() => (time += step));
    const quick = fake(bytes);
    await new FileInParts("a", quick.file, listeners).examine(0);
    expect(quick.calls).toEqual({ waited: 10, now: 70 });
    step = 100;
    const slow = fake(bytes);
    await new FileInParts("a", slow.file, listeners).examine(0);
    expect(slow.calls).toEqual({ waited: 70, now: 10 });
  });

  it("that is truncated, changes or fails to read is refused", async () => {
    const numbers = new Uint8Array(100);
    const { file, change } = fake(numbers);
    const refused = { name: "FileError", code: "ERR_FILE_ACCESS" };
    const short = new FileInParts("a", { ...file, length: 200 }, listeners);
    await expect(short.examine(0)).rejects.toMatchObject(refused);
    expect(() => [...short.numbers(0, 200)]).toThrow("a: another program changed it while it was read.");
    const open = new FileInParts("a", file, listeners);
    open.checkUnchanged();
    change();
    expect(() => open.checkUnchanged()).toThrow("a: another program changed it while it was read.");
    const failing = new FileInParts("a", fake(numbers, { readNow: false }).file, listeners);
    expect(() => [...failing.numbers(0, 100)]).toThrow(expect.objectContaining(refused));
  });
});

describe("loadWeights", () => {
  it("takes less memory than the file has", async () => {
    const path = await saved("memory.safetensors", (i) => i % 7);
    const model = network(1);
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    await loadWeights(model, path, {
      onProgress: () => {
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      },
    });
    expect(most).toBeLessThan(3 * PART);
    expect(numbersOf(model).every((value, i) => value === i % 7)).toBe(true);
  });

  it("counts a weight as changed exactly when a number is another one", async () => {
    const path = await saved("same.safetensors", (i) => (i === SIZE - 1 ? 2 : 1));
    const model = network(1);
    const kernel = model.weights[0]!;
    const { assignments } = kernel;
    await loadWeights(model, path);
    expect(kernel.assignments).toBe(assignments + 1);
    await loadWeights(model, path);
    expect(kernel.assignments).toBe(assignments + 1);
    expect(kernel.value[SIZE - 1]).toBe(2);
  });

  it("has the bits of the file with the optimizer's state, and continues to the same numbers", async () => {
    const make = () => {
      const model = network(0.001);
      model.compile({ optimizer: new Adam({ useEma: true }), loss: "mse" });
      return model;
    };
    const x = [0, 1].map((row) => Array.from({ length: 3000 }, (_, i) => ((i + row) % 17) / 17));
    const y = [new Array(1000).fill(1), new Array(1000).fill(2)];
    const train = (model: Sequential, initialEpoch: number, epochs: number) =>
      model.fit(x, y, { verbose: 0, initialEpoch, epochs });
    const whole = make();
    const half = make();
    await train(half, 0, 1);
    const path = join(folder, "state.safetensors");
    await saveWeights(half, path);
    const again = make();
    await loadWeights(again, path);
    expectSame(arrays(again), arrays(half));
    await loadWeights(whole, readFileSync(path), { format: "safetensors" });
    await train(again, 1, 2);
    await train(whole, 1, 2);
    expectSame(arrays(again), arrays(whole));
  });

  it.each(["bfloat16", "uint8"] as const)("state in %s", async (stateDtype) => {
    const make = () => {
      const model = network(0.001);
      model.compile({ optimizer: new Adam({ stateDtype } as never), loss: "mse" });
      return model;
    };
    const model = make();
    await model.trainOnBatch([new Array(3000).fill(1)], [new Array(1000).fill(0)]);
    const path = join(folder, "small-state.safetensors");
    await saveWeights(model, path);
    const again = make();
    await loadWeights(again, path);
    expectSame(arrays(again), arrays(model));
  });

  it("reads values of other dtypes, and float32 values at odd places, as from bytes", async () => {
    const count = 2 ** 21;
    const header = JSON.stringify({
      "d/kernel": { dtype: "F32", shape: [1, count], data_offsets: [count + 1, 5 * count + 1] },
      "d/bias": { dtype: "U8", shape: [count], data_offsets: [0, count] },
      odd: { dtype: "BOOL", shape: [1], data_offsets: [count, count + 1] },
    }).padEnd(256);
    const bytes = new Uint8Array(8 + 256 + 5 * count + 1);
    new DataView(bytes.buffer).setUint32(0, 256, true);
    bytes.set(new TextEncoder().encode(header), 8);
    bytes.fill(3, 264, 264 + count);
    bytes.set(new Uint8Array(floats(count).buffer), 264 + count + 1);
    const path = join(folder, "odd.safetensors");
    writeFileSync(path, bytes);
    const make = () => new Sequential([new layers.Dense(count, { inputShape: [1], name: "d" })]);
    const [fromPath, fromBytes] = [make(), make()];
    await loadWeights(fromPath, path, { byName: true });
    await loadWeights(fromBytes, bytes, { format: "safetensors", byName: true });
    expectSame(arrays(fromPath), arrays(fromBytes));
    expect(fromPath.weights[1]!.value[count - 1]).toBe(3);
    expect(fromPath.weights[0]!.value[999]).toBe(999);
  });

  const refused: readonly (readonly [fault: string, code: string, damage: (path: string) => void])[] = [
    ["cut off", "ERR_FILE_INVALID", (path) => truncateSync(path, 9_000_000)],
    ["with a header of rubbish", "ERR_FILE_INVALID", (path) => overwrite(path, 8, [0x78])],
    ["with NaN", "ERR_FILE_INVALID", (path) => overwrite(path, readFileSync(path).length - 4, [0, 0, 0xc0, 0x7f])],
  ];
  it.each(refused)("%s: refused, and nothing is changed", async (_, code, damage) => {
    const path = await saved("damaged.safetensors", () => 2);
    damage(path);
    const model = network(1);
    await expect(loadWeights(model, path)).rejects.toMatchObject({ code });
    expect(numbersOf(model).every((value) => value === 1)).toBe(true);
  });

  it("a file that another program changes in between: refused, and nothing is changed", async () => {
    const path = await saved("changed.safetensors", () => 2);
    const model = network(1);
    let isChanged = false;
    const onProgress = () => {
      if (!isChanged) writeFileSync(path, readFileSync(path).fill(0, 5_000_000, 5_000_004));
      isChanged = true;
    };
    await expect(loadWeights(model, path, { onProgress })).rejects.toMatchObject({
      code: "ERR_FILE_ACCESS",
      message: `${path}: another program changed it while it was read.`,
    });
    expect(numbersOf(model).every((value) => value === 1)).toBe(true);
  });

  it("an abort: its reason, and nothing is changed", async () => {
    const path = await saved("aborted.safetensors", () => 2);
    const model = network(1);
    const controller = new AbortController();
    const reason = new RangeError("enough");
    const onProgress = ({ loaded }: { loaded: number }) => {
      if (loaded > 6_000_000) controller.abort(reason);
    };
    await expect(loadWeights(model, path, { onProgress, signal: controller.signal })).rejects.toBe(reason);
    expect(numbersOf(model).every((value) => value === 1)).toBe(true);
  });

  it("leaves no file open", async () => {
    const path = await saved("open.safetensors", () => 2);
    const open = () => readdirSync("/proc/self/fd").length;
    const before = open();
    await loadWeights(network(1), path);
    await loadWeights(network(1), join(folder, "none.safetensors")).catch(() => undefined);
    truncateSync(path, 9_000_000);
    await loadWeights(network(1), path).catch(() => undefined);
    expect(open()).toBe(before);
  });
});

function overwrite(path: string, at: number, bytes: readonly number[]): void {
  const file = openSync(path, "r+");
  writeSync(file, Uint8Array.from(bytes), 0, bytes.length, at);
  closeSync(file);
}
