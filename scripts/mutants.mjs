// npm run mutants -- FOLDER: makes small changes to the code, one at a time, and checks whether a test fails.

import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { mutateCrate } from "./mutants/crates.mjs";
import { kinds } from "./mutants/report.mjs";
import { mutateTypeScript } from "./mutants/typescript.mjs";
import { setUp } from "./setup.mjs";
import { runScript, StepFailed } from "./steps.mjs";

const help = `npm run mutants -- FOLDER [options]

FOLDER is ts, a folder or a file in it, or crates/core, crates/nn. Each mutant is one small change of the code, such as
"<" for "<=", or an empty block. The tests that reach it run until one fails, and the mutant is caught; otherwise it survives.
ts/mpi is left out, because jobs of mpirun test it. A sample of 200 takes an hour on two cores; the first ten minutes record
the code that each test reaches. The checkout is built first, and is not changed otherwise.

  --sample N   number of mutants, drawn at random (default 200)
  --seed N     seed of the sample (default 1)
  --kind K     only "behaviour" or "error text" mutants; for ts only
  --limit S    seconds of tests for each mutant (default 120); tests that are quick and likely to fail come first
  --cap S      seconds (default 240) after which a mutant counts as caught, because it loops
  --only KEYS  these mutants instead of a sample: keys from the report, separated by commas
  --tests T    only test files whose path contains T; may be given more than once

Survivors are printed with file, line, change and key. Put one that changes nothing into scripts/mutants/judged.json,
with the reason; it is then not counted. Error messages are counted separately from behaviour.`;

const options = {
  help: { type: "boolean", default: false },
  sample: { type: "string", default: "200" },
  seed: { type: "string", default: "1" },
  kind: { type: "string" },
  limit: { type: "string", default: "120" },
  cap: { type: "string", default: "240" },
  only: { type: "string" },
  tests: { type: "string", multiple: true, default: [] },
};

function readArguments() {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new StepFailed(error.message);
  }
}

function wholeNumber(name, text, least) {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least)
    throw new StepFailed(`--${name} takes a whole number of at least ${least}, got "${text}".`);
  return value;
}

await runScript(async () => {
  const { values, positionals } = readArguments();
  if (values.help) return console.log(help);
  if (positionals.length !== 1)
    throw new StepFailed(`Name a folder, as in npm run mutants -- ts/metrics (--help lists the options)`);
  if (values.kind !== undefined && !kinds.includes(values.kind))
    throw new StepFailed(`--kind takes "behaviour" or "error text", got "${values.kind}".`);
  const folder = positionals[0].replace(/\/+$/, "");
  const settings = {
    sample: wholeNumber("sample", values.sample, 1),
    seed: wholeNumber("seed", values.seed, 0),
    limit: wholeNumber("limit", values.limit, 1),
    cap: wholeNumber("cap", values.cap, 1),
    kind: values.kind,
    only: values.only?.split(","),
    tests: values.tests,
  };
  if (folder === "ts" || folder.startsWith("ts/")) {
    await build({ ...(await setUp()), scalar: true });
    return mutateTypeScript(folder, settings);
  }
  if (folder.startsWith("crates/")) return mutateCrate(folder, settings);
  throw new StepFailed(`"${folder}" is neither in ts nor in crates.`);
});
