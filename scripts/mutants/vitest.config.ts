// The project "node" as the only one: in the order given to it, one file after another, until the first failure. Without
// the suites that install the package, and those that read ts/ as text, in which they would find the mutants.

import { defineConfig } from "vitest/config";
import type { TestSpecification } from "vitest/node";
import base from "../../vitest.config.js";

const { projects, ...shared } = base.test ?? {};
const node = projects?.flatMap((project) =>
  typeof project === "object" && "test" in project && project.test?.name === "node" ? [project.test] : [],
)[0];
if (!node) throw new Error('vitest.config.ts has no project "node"');

class GivenOrder {
  shard = (files: TestSpecification[]): TestSpecification[] => files;
  sort = (files: TestSpecification[]): TestSpecification[] => files;
}

export default defineConfig({
  ...base,
  test: {
    ...shared,
    ...node,
    include: (node.include ?? []).filter((pattern) => !/packaging|examples|source/.test(pattern)),
    setupFiles: ["scripts/mutants/coverage.ts"],
    sequence: { sequencer: GivenOrder },
    maxWorkers: 1,
    reporters: [{}],
  },
});
