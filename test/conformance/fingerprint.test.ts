/**
 * One hash per optimizer of 500 steps with every configuration of its golden file. The same file is
 * checked in Node, Deno, Chromium and Firefox, so equal hashes mean equal bits in all of them.
 *
 * After a change that is meant to change bits, or a new optimizer: put `{}` into
 * test/golden/fingerprints.json, run `npx vitest run --project node fingerprint`, and paste the JSON of the failure.
 */

import { expect, it, vi } from "vitest";
import committed from "../golden/fingerprints.json" with { type: "json" };
import { hashOf } from "../support/bytes.js";
import { CLASS_NAMES, started, trialsOf, variablesOf } from "../support/optimizers.js";
import { Random } from "../support/random.js";

vi.spyOn(console, "warn").mockImplementation(() => {}); // Missing gradients are part of the plan.

const STEPS = 500;

function fingerprint(className: string): Promise<string> {
  const seen: (Float32Array | Int32Array | Float64Array)[] = [];
  for (const trial of trialsOf(className)) {
    const random = new Random(500);
    const optimizer = started(trial);
    const variables = variablesOf((length) => random.values(length, 0.5));
    for (let step = 0; step < STEPS; step++) {
      // Large, small, and now and then missing gradients.
      const size = step % 10 === 9 ? 100 : 1 / (1 + (step % 4));
      const gradients = variables.map(({ size: length }, i) => {
        const gradient = random.values(length, size, 5);
        return (step + i) % 11 === 0 ? null : gradient;
      });
      optimizer.apply(gradients, variables);
      if (step % 50 === 49) seen.push(...variables.map((variable) => variable.array()));
    }
    // The rate is among the variables or comes from a schedule: its bits count as well.
    seen.push(...optimizer.variables.map((variable) => variable.array()), Float32Array.of(optimizer.learningRate));
    optimizer.dispose();
    for (const variable of variables) variable.dispose();
  }
  return hashOf(seen);
}

it("every optimizer has the committed hash", async () => {
  const hashes: Record<string, string> = {};
  for (const className of CLASS_NAMES) hashes[className] = await fingerprint(className);
  expect(hashes, `fingerprints.json would be\n${JSON.stringify(hashes, null, 2)}`).toEqual(committed);
});
