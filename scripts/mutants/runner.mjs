// A process that keeps one Vitest, so files are transformed once for all mutants. tests.mjs starts it, and ends it if a
// mutant loops. It is sent `{ mutant, files: [{ path, ids? }], bail }`, or `{ filters }` for whole files, and answers
// with `{ files, errors }`.

import { join } from "node:path";
import { createVitest } from "vitest/node";

const root = process.cwd();
const config = join(root, "scripts/mutants/vitest.config.ts");
const vitest = await createVitest("test", { root, config, watch: false, run: true, bail: 0 }, { logLevel: "silent" });
await vitest.standalone();
const project = vitest.getRootProject();

const describe = (module) => ({
  id: module.id,
  path: module.moduleId,
  ok: module.ok(),
  // Other failures too: a file that does not load, a worker that has ended.
  failure: firstFailure(module),
  tests: [...module.children.allTests()].map((test) => ({
    id: test.id,
    state: test.result().state,
    seconds: (test.diagnostic()?.duration ?? 0) / 1000,
  })),
});

/** The name of the first failed test and the first line of its message. */
function firstFailure(module) {
  for (const test of module.children.allTests("failed"))
    return `${test.fullName}: ${test.result().errors?.[0]?.message?.split("\n")[0]}`;
  return module.errors()[0]?.message;
}

process.on("message", async ({ mutant, files, bail, filters = [] }) => {
  if (mutant === undefined) delete process.env.__STRYKER_ACTIVE_MUTANT__;
  else process.env.__STRYKER_ACTIVE_MUTANT__ = mutant;
  try {
    vitest.config.bail = bail ? 1 : 0;
    // Results of the mutant before.
    vitest.state.filesMap.clear();
    vitest.state.idMap.clear();
    const specifications = files
      ? files.map(({ path, ids }) => project.createSpecification(path, ids ? { testIds: ids } : undefined))
      : await vitest.globTestSpecifications(filters);
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
    vitest.state.errorsSet.clear();
    process.send({
      files: testModules.map(describe),
      errors: unhandledErrors.map((error) => String(error?.message ?? error)),
    });
  } catch (error) {
    process.send({ files: [], errors: [String(error?.stack ?? error)] });
  }
});
process.send({ ready: true });
