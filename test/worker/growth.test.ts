/** Workers that were started and stopped leave nothing behind: no memory, no handle, no lock. */

import { layers, Sequential, SGD, Variable } from "gradstep";
import { offload, RemoteOptimizer } from "gradstep/worker";
import { expect, it } from "vitest";
import { holding } from "../support/holding.js";
import { isNode } from "./platform.js";

/** A thousand take a minute or more in pages. */
const WORKERS = isNode ? 1000 : 100;
const AT_ONCE = 4;
/** Till every pool and cache has its size. */
const WARM_UP = 40;

interface Locks {
  request(name: string, ...rest: unknown[]): Promise<unknown>;
  query(): Promise<Record<"held" | "pending", readonly { readonly name: string }[]>>;
}

const { locks } = (globalThis as unknown as { readonly navigator?: { readonly locks?: Locks } }).navigator ?? {};
/** Locks requested by this file: other tests in this browser have others. */
const asked = new Set<string>();
if (locks !== undefined && !isNode) {
  const request = locks.request.bind(locks);
  locks.request = (name, ...rest) => {
    asked.add(name);
    return request(name, ...rest);
  };
}

/** Locks of this file that are held or pending. */
async function lockCount(): Promise<number> {
  const { held = [], pending = [] } = (await locks?.query()) ?? {};
  return [...held, ...pending].filter(({ name }) => asked.has(name)).length;
}

it(`${WORKERS} workers are started and stopped without growth`, { timeout: 600_000 }, async () => {
  const model = new Sequential([new layers.Dense(1, { inputShape: [2] })]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  const w = new Variable([1, 2], { name: "w" });
  const optimizer = new SGD();
  /** Half of them with a model, half with an optimizer, that have done something. */
  const cycle = async (i: number) => {
    if (i % 2 === 0) {
      const remote = await offload(model);
      await remote.fit([[1, 2]], [1], { callbacks: [{ onEpochEnd() {} }] });
      await remote.dispose();
    } else {
      const remote = await RemoteOptimizer.create(optimizer, [w]);
      await remote.apply([[1, 1]]);
      await remote.dispose();
    }
  };
  const cycles = async (count: number) => {
    for (let i = 0; i < count; i += AT_ONCE) {
      await Promise.all(Array.from({ length: AT_ONCE }, (_, k) => cycle(i + k)));
    }
  };
  await cycles(WARM_UP);
  const held = async () => ({ ...(await holding()), locks: await lockCount() });
  const before = await held();
  await cycles(WORKERS);
  const after = await held();
  expect(after.handles).toBeLessThanOrEqual(before.handles);
  expect([before.locks, after.locks]).toEqual([0, 0]);
  // One for each, where they are watched by locks.
  expect([0, WARM_UP + WORKERS]).toContain(asked.size);
  // A worker has some 10 MB, and a proxy that stays a few kB.
  expect((after.heap - before.heap) / WORKERS).toBeLessThan(2_000);
  expect((after.resident - before.resident) / WORKERS).toBeLessThan(100_000);
});
