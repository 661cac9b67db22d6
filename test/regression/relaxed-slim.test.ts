/** Relaxed SIMD with gradstep/slim: the bytes are the caller's, and are not changed. */

import { expect, it } from "vitest";
import { MirroredStrategy } from "../../ts/distribute/mirrored-strategy.js";
import { size, text } from "../../ts/runtime/generated/bytes.js";
import { places } from "../../ts/runtime/generated/fusible.js";
import { fused, hasRelaxedSimd } from "../../ts/runtime/relaxed.js";
import { unpacked } from "../../ts/runtime/unpacked.js";
import { init, initSync, layers, memoryUse, ops, Sequential } from "../../ts/slim.js";
import { relaxedModule } from "../../ts/worker/worker-threads.js";
import { thrown } from "../support/refusal.js";

const bytes = unpacked(text, size);
const missingIn = (owner: string) =>
  thrown(
    "ModuleError",
    "ERR_MODULE_MISSING",
    `${owner}: "relaxed" changes the module that "gradstep" carries: import "gradstep" instead of "gradstep/slim".`,
  );

it("needs bytes, of this version", async () => {
  const missing = thrown(
    "ModuleError",
    "ERR_MODULE_MISSING",
    'initSync: gradstep/slim has no WebAssembly module yet: pass { bytes, relaxed: true }, or import "gradstep", which carries its own.',
  );
  expect(() => initSync({ relaxed: true })).toThrow(missing);
  await expect(init({ relaxed: true })).rejects.toThrow(missing);
  const other = thrown(
    "ModuleError",
    "ERR_MODULE_INVALID",
    'initSync: "relaxed" needs the bytes of this version\'s gradstep/gradstep.wasm, unchanged.',
  );
  expect(() => fused(new Uint8Array(8), places.module)).toThrow(other);
  expect(() => fused(bytes, [...places.module.slice(0, -1), 3])).toThrow(other);
  if (!hasRelaxedSimd()) return;
  await expect(relaxedModule("offload")).rejects.toThrow(missingIn("offload"));
});

it("changes a copy, of the same length, of bytes at any offset", () => {
  const before = bytes.slice();
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  const changed = fused(shifted.subarray(3), places.module);
  expect(bytes).toEqual(before);
  expect(changed.length).toBe(bytes.length);
  expect(changed.filter((byte, i) => byte !== bytes[i]).length).toBeGreaterThan(100);
  expect(fused(bytes.buffer, places.module)).toEqual(changed);
  expect(WebAssembly.validate(changed)).toBe(hasRelaxedSimd());
});

it("starts with what the engine has, and keeps it", async () => {
  expect(await init({ bytes, relaxed: true })).toBe(hasRelaxedSimd());
  expect(initSync({ bytes, relaxed: true })).toBe(hasRelaxedSimd());
  expect(ops.sum([1, 2]).item()).toBe(3);
  expect(memoryUse().inUse).toBeLessThan(1000);
  if (!hasRelaxedSimd()) return;
  const strategy = new MirroredStrategy({ replicas: 2, relaxed: true });
  const model = new Sequential([new layers.Dense(1, { inputShape: [1] })]);
  model.compile({ optimizer: "sgd", loss: "mse", distribute: strategy });
  // A second time too: no rejected start is kept.
  for (let run = 0; run < 2; run++) {
    await expect(model.fit([[1]], [1], { verbose: 0 })).rejects.toThrow(missingIn("MirroredStrategy"));
  }
  await strategy.close();
});
