/**
 * Files that share modules leave nothing behind for the next ones: open tapes, which would record what these do, and spies.
 * scripts/suites/vitest.mjs has it loaded.
 *
 * @module
 */

import { afterAll, vi } from "vitest";
import { activeRecorders, stopRecorder } from "../../ts/autodiff/record.js";

afterAll(() => {
  for (const recorder of activeRecorders()) stopRecorder(recorder);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});
