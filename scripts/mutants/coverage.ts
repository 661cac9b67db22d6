// Runs before each test file of the dry run, and records which mutants each test reaches, and which are reached by
// loading a file.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect } from "vitest";

interface Seen {
  currentTestId?: string | undefined;
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
}

const folder = process.env.GRADSTEP_MUTANTS_SEEN;

if (folder) {
  // The name that Stryker's instrumented code writes to.
  const scope = globalThis as { __stryker__?: Seen };
  scope.__stryker__ ??= {};
  const seen = scope.__stryker__;
  beforeEach(({ task }) => {
    seen.currentTestId = task.id;
  });
  afterEach(() => {
    seen.currentTestId = undefined;
  });
  afterAll(() => {
    const { static: loading = {}, perTest = {} } = seen.mutantCoverage ?? {};
    const numbers = (counts: Record<string, number>) => Object.keys(counts);
    const tests = Object.fromEntries(Object.entries(perTest).map(([id, counts]) => [id, numbers(counts)]));
    const name = `${encodeURIComponent(expect.getState().testPath ?? "")}.json`;
    writeFileSync(join(folder, name), JSON.stringify({ loading: numbers(loading), tests }));
  });
}
