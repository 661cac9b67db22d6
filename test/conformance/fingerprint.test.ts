/**
 * One hash per optimizer of 500 steps with every configuration of its golden file. The same file is checked in Node,
 * Deno, Chromium and Firefox, so equal hashes mean equal bits in all of them.
 *
 * `npm run generate` adds the hash of a new optimizer. After an intended change of bits, first delete the lines that
 * change.
 */

import { expect, it, vi } from "vitest";
import committed from "../golden/fingerprints.json" with { type: "json" };
import { fingerprint } from "../support/fingerprint.js";
import { CLASS_NAMES } from "../support/optimizers.js";

vi.spyOn(console, "warn").mockImplementation(() => {}); // Missing gradients are part of the plan.

it("every optimizer has the committed hash", async () => {
  const hashes: Record<string, string> = {};
  for (const className of CLASS_NAMES) hashes[className] = await fingerprint(className);
  expect(hashes, "npm run generate adds the hashes that are missing").toEqual(committed);
});
