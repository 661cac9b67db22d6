/**
 * Files that share modules leave nothing behind for the next ones: open tapes, which would record their operations and keep their
 * temporaries in one arena, and spies. scripts/suites/vitest.mjs has it loaded.
 *
 * @module
 */

import { afterAll, vi } from "vitest";
import { activeRecorders, stopRecorder } from "../../ts/autodiff/record.js";
import { currentArena, leaveArena } from "../../ts/runtime/arena.js";

afterAll(() => {
  for (const recorder of activeRecorders()) stopRecorder(recorder);
  for (let arena = currentArena(); arena !== undefined; arena = currentArena()) leaveArena(arena);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});
