/** setThreads(n, { relaxed: true }) when threads run without it: refused where it would change bits, of no effect elsewhere. */

import { setThreads } from "gradstep/threads";
import { expect, it } from "vitest";
import { hasRelaxedSimd } from "../../ts/runtime/relaxed.js";

it("comes too late", async () => {
  expect(await setThreads(2)).toBe(2);
  const late = setThreads(3, { relaxed: true });
  if (hasRelaxedSimd()) {
    await expect(late).rejects.toMatchObject({
      name: "ModuleError",
      code: "ERR_MODULE_CONFLICT",
      message:
        'setThreads: the threads of this program have a module without relaxed SIMD. Pass "relaxed" in the first call with several threads.',
    });
    expect(await setThreads(2)).toBe(2);
  } else expect(await late).toBe(3);
  expect(await setThreads(1)).toBe(1);
});
