/**
 * Files that share modules: tapes that a file leaves open would record what the next files do. Loaded by scripts/suites/vitest.mjs.
 *
 * @module
 */

import { afterAll } from "vitest";
import { activeRecorders, stopRecorder } from "../../ts/autodiff/record.js";

afterAll(() => {
  for (const recorder of activeRecorders()) stopRecorder(recorder);
});
