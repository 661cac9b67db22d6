/**
 * Arguments of `initSync` and `init`, before and after a module is loaded. Anything but an object threw a bare TypeError. A URL passed
 * after the first module was fetched, and when that failed, the unhandled rejection ended Node's process.
 */

import { expect, it } from "vitest";
import { init, initSync, memoryUse } from "../../ts/slim.js";
import { limitedModule } from "../support/limited-module.js";
import { thrown } from "../support/refusal.js";

const NONE = [undefined, null, 5, "/gradstep.wasm", [], {}, new Uint8Array(8), { module: 5 }, { module: null }];
const invalid = thrown(
  "ModuleError",
  "ERR_MODULE_INVALID",
  "initSync: expected { module: WebAssembly.Module } or { bytes }.",
);

it("refuses values other than modules and bytes, and accepts the next call", async () => {
  for (const source of NONE) {
    expect(() => initSync(source as never)).toThrow(invalid);
    await expect(init(source as never)).rejects.toThrow(invalid);
  }
  for (const bytes of [5, "x", new Uint8Array(3)]) {
    expect(() => initSync({ bytes: bytes as never })).toThrow(
      thrown(
        "ModuleError",
        "ERR_MODULE_INVALID",
        "The WebAssembly module could not be compiled. A page's script-src needs 'wasm-unsafe-eval'; workerd and edge runtimes need gradstep/slim: import the module from gradstep/gradstep.wasm and call initSync({ module }).",
      ),
    );
  }
  initSync({ bytes: limitedModule(2 ** 21) });
  expect(memoryUse().inUse).toBe(0);
});

it("fetches nothing once there is a module", async () => {
  await expect(init({ url: "nowhere:/gradstep.wasm" })).resolves.toBe(false);
  await expect(init({ bytes: new Uint8Array(3) })).resolves.toBe(false);
  expect(() => initSync({ module: 5 as never })).toThrow(
    thrown(
      "ModuleError",
      "ERR_MODULE_CONFLICT",
      "gradstep has a WebAssembly module already; one program can use only one. Call initSync once, before anything else.",
    ),
  );
});
