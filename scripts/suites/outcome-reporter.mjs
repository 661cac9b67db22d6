// A Vitest reporter of each file's outcome, which the JSON report does not distinguish: files that ended, files that
// did not, and errors outside of tests. scripts/suites/vitest.mjs counts by it; scripts/suites/lost-browser.mjs decides
// by it.

import { writeFileSync } from "node:fs";

/** An error's message and those of its causes, the outermost first. */
const chain = (error) => (error == null ? [] : [String(error.message), ...chain(error.cause)]);

export default class OutcomeReporter {
  /** By path; a file that did not start has no module. */
  #files = new Map();

  onTestRunStart(specifications) {
    for (const { moduleId } of specifications) this.#files.set(moduleId, { ended: false });
  }

  onTestModuleStart(module) {
    this.#files.set(module.moduleId, { ended: false, module });
  }

  onTestModuleEnd(module) {
    this.#files.set(module.moduleId, { ended: true, module });
  }

  onTestRunEnd(_modules, errors) {
    const files = [...this.#files].map(([path, { ended, module }]) => ({ path, ended, ...count(module) }));
    writeFileSync(process.env.GRADSTEP_OUTCOME, JSON.stringify({ errors: errors.map(chain), files }));
  }
}

/** The outcome of one file. An error outside of its tests, such as in an import or a hook, counts as one failure. */
function count(module) {
  const states = [...(module?.children.allTests() ?? [])].map((test) => test.result().state);
  const number = (state) => states.filter((each) => each === state).length;
  const failed = number("failed") || (module?.state() === "failed" ? 1 : 0);
  return { passed: number("passed"), failed, skipped: states.length - number("passed") - number("failed") };
}
