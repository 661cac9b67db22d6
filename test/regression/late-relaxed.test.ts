/** `initSync({ relaxed: true })` after the first tensor: refused if it would change bits, otherwise without effect. */

import { expect, it } from "vitest";
import { initSync, ops } from "../../ts/index.js";
import { hasRelaxedSimd } from "../../ts/runtime/relaxed.js";
import { thrown } from "../support/refusal.js";

it("is refused, and changes nothing", () => {
  expect(ops.sum([1, 2]).item()).toBe(3);
  const late = () => initSync({ relaxed: true });
  if (!hasRelaxedSimd()) return expect(late()).toBe(false);
  expect(late).toThrow(
    thrown(
      "ModuleError",
      "ERR_MODULE_CONFLICT",
      "gradstep has a WebAssembly module already; one program can use only one. Call initSync({ relaxed: true }) before anything else.",
    ),
  );
  return expect(initSync({ relaxed: false })).toBe(false);
});
