/** Workers that share the work of a step among threads: the bits of one thread, on this one. */

import type { FitStrategy } from "gradstep";
import { layers, Sequential, setRandomSeed, tensor } from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { offload } from "gradstep/worker";
import { afterEach, expect, it, vi } from "vitest";

afterEach(() => vi.unstubAllGlobals());

function numbers(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.fround(((i * 7919 + seed * 104_729) % 1009) / 1009 - 0.5));
}

function made(distribute?: FitStrategy): Sequential {
  setRandomSeed(11);
  const model = new Sequential([
    new layers.Conv2D(16, 3, { activation: "relu", padding: "same", inputShape: [12, 12, 3] }),
    new layers.Flatten(),
    new layers.Dense(96, { activation: "relu" }),
    new layers.Dense(4),
  ]);
  model.compile({ optimizer: "adam", loss: "mse", ...(distribute && { distribute }) });
  return model;
}

const data = () => [tensor(numbers(48 * 432, 1), [48, 12, 12, 3]), tensor(numbers(192, 2), [48, 4])] as const;
const options = { batchSize: 24, epochs: 2, verbose: 0, shuffle: false } as const;

async function trained(model: Sequential): Promise<readonly unknown[]> {
  const [x, y] = data();
  await model.fit(x, y, options);
  return model.getWeights().map(({ data }) => data);
}

it.each([2, 3, "auto"] as const)("a model in a worker with %s threads", async (threads) => {
  const expected = await trained(made());
  await using remote = await offload(made(), { threads });
  const [x, y] = data();
  await remote.fit(x, y, options);
  expect((await remote.getWeights()).map(({ data }) => data)).toEqual(expected);
});

it("replicas in one worker with two threads", async () => {
  await using plain = new MirroredStrategy({ replicas: 2 });
  const expected = await trained(made(plain));
  await using threaded = new MirroredStrategy({ replicas: 2, workers: 1, threads: 2 });
  expect(await trained(made(threaded))).toEqual(expected);
});

it("without shared memory", async () => {
  vi.stubGlobal("crossOriginIsolated", false);
  await expect(offload(made(), { threads: 2 })).rejects.toThrow(
    /^offload with "threads" needs memory that workers share.*Cross-Origin-Opener-Policy.*"auto"/,
  );
  const remote = await offload(made(), { threads: "auto" });
  expect(await remote.getWeights()).toHaveLength(6);
  await remote.dispose();
});

/** Threads of this process, if the system reports them. */
async function tasks(): Promise<number> {
  const { readdirSync } = await import("node:fs");
  return readdirSync("/proc/self/task").length;
}

// Only Linux reports the number of threads of a process.
if (isLinuxNode() && cores() > 1) {
  it("a worker with two threads has a helper, which ends with it", async () => {
    const counts = [];
    for (const threads of [1, 2, 2]) {
      const remote = await offload(made(), { threads });
      counts.push(await tasks());
      await remote.dispose();
    }
    const [one = 0, ...two] = counts;
    expect(two).toEqual([one + 1, one + 1]);
  });
}

// In other runtimes helpers end with their worker; in Deno they would stay.
if ("Deno" in globalThis && globalThis.process?.platform === "linux" && cores() > 1) {
  it("helpers end with workers that are disposed of", async () => {
    const cycle = async (threads: number) => {
      const remote = await offload(made(), { threads });
      await remote.getWeights();
      await remote.dispose();
    };
    await cycle(1);
    const before = await tasks();
    for (let i = 0; i < 6; i++) await cycle(2);
    // The runtime's own threads come and go.
    await vi.waitFor(async () => expect(await tasks()).toBeLessThanOrEqual(before + 3), { timeout: 30_000 });
  });
}

function isLinuxNode(): boolean {
  const { process } = globalThis as { process?: { platform: string; versions: Record<string, string> } };
  return process?.platform === "linux" && !("deno" in process.versions) && !("bun" in process.versions);
}

function cores(): number {
  const os = globalThis.process?.getBuiltinModule?.("node:os");
  return os?.availableParallelism() ?? 1;
}
