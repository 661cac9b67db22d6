// Every suite of npm test: the question that it answers, what it runs, and how long it takes. vitest.config.ts and
// scripts/test.mjs read this table; test/source/suites.test.ts compares it with test/README.md and with the files there.
// Over 300 lines: one entry after the other.

/** Folders whose tests run in every runtime: they import no Node modules. */
export const everywhere = [
  "conformance",
  "errors",
  "properties",
  "memory",
  "regression",
  "gradients",
  "saving",
  "adapters",
].map((folder) => `test/${folder}`);

/** Folders whose tests start workers of the built package, as users do. */
export const workers = ["test/worker", "test/distribute"];

const filesOf = (folder, names) => names.split(" ").map((name) => `${folder}/${name}.test.ts`);

/**
 * Folders whose files share one process, or one page, with the files before them: otherwise each file would load about
 * 300 modules again, which takes as long as its tests.
 */
const shared = ["gradients", "saving"].map((folder) => `test/${folder}`);

/**
 * Files in these folders that need unused modules: those that measure memory, or read counters of names or methods of tensors
 * that other files add.
 */
const fresh = [
  ...filesOf("test/conformance", "display minimize scalar small-states texts"),
  ...filesOf(
    "test/conformance/training",
    "fit layer-behaviour losses-api metrics-api model-texts models recorded-events sparse-gradients training-steps",
  ),
  ...filesOf("test/gradients", "nested-tapes step-memory tape-memory"),
  ...filesOf(
    "test/regression",
    "first-hour first-module first-step late-relaxed loop-lifetimes memory-of-parts recorded-after-large-steps relaxed relaxed-slim",
  ),
  ...filesOf("test/saving", "damage hostile/keras"),
  // Runs all rows of test/errors.
  ...filesOf("test/source", "throw-sites"),
  // setThreads comes before the first tensor.
  ...filesOf("test/worker", "late-relaxed-threads relaxed-threads shared-rows threads"),
  // They count the threads, and the handles, of their process.
  ...filesOf("test/worker", "threads-of-workers"),
  ...filesOf("test/distribute", "many-runs"),
];

/** Like Vitest's arguments: whether `path` is one of `paths`, or in one of these folders. */
export const isIn = (path, paths) => paths.some((each) => path === each || path.startsWith(`${each}/`));

/**
 * The parts of a suite: one for each list of folders in `sharing`, whose files share modules, and one for all other files; with
 * arguments as in `suites`.
 */
export function partsOf({ paths, without = [], sharing = [shared] }) {
  const isShared = (path) => isIn(path, sharing.flat()) && !fresh.includes(path);
  const within = fresh.filter((file) => isIn(file, paths) && !isIn(file, without));
  return [
    ...sharing.map((folders) => ({
      isolate: false,
      paths: paths.filter((path) => isShared(path) && isIn(path, folders)),
      without: [...without, ...fresh],
    })),
    { isolate: true, paths: [...paths.filter((path) => !isShared(path)), ...within], without },
  ].filter((part) => part.paths.length > 0);
}

/**
 * Tests that depend on the engine: bits, growing memory, realms, proxies, streams, garbage collection, performance
 * marks. Error messages, checks of arguments, configurations and gradients do not: they are the same TypeScript and the
 * same WebAssembly everywhere.
 */
const engine = [
  // The hashes of `fingerprint` have the bits of every configuration in `golden`, and of whole runs.
  ...filesOf("test/conformance", "documented-page fingerprint performance-mark schedules"),
  ...filesOf("test/conformance/training", "callbacks documented-page fingerprint fit"),
  "test/memory",
  "test/saving",
  ...filesOf(
    "test/regression",
    "data-of-fit hostile-values late-relaxed loop-lifetimes other-realms reactive-proxies relaxed relaxed-slim release-faults runs-at-once runs-that-end views-as-data",
  ),
];

/**
 * In Deno: bits, files, and features that its platform provides. Its engine is that of Node and Chromium, so the rest of `engine`
 * repeats `node` and `browser`, and is in `deno-rest`.
 */
const denoEngine = [
  ...filesOf("test/conformance", "documented-page fingerprint performance-mark"),
  ...filesOf("test/conformance/training", "callbacks documented-page fingerprint fit"),
  "test/saving",
  ...filesOf("test/regression", "late-relaxed other-realms relaxed relaxed-slim runs-at-once runs-that-end"),
];

/** From test/worker, with Deno's workers: all but those that take minutes on few cores. */
const denoWorkers = filesOf(
  "test/worker",
  "callbacks call-arguments copying errors expose fit fuzz optimizer runs-at-once strangers waits",
);

/** From test/worker, with Deno's workers: those that take longest. */
const denoWaits = filesOf("test/worker", "custom-objects lost threads threads-of-workers");

/**
 * From test/worker, features in which a page's workers differ from Node's: streams, clones, waits. Threads and kills are
 * in `browser-rest`.
 */
const pageWorkers = [
  ...filesOf("test/worker", "copying errors fit runs-at-once strangers waits"),
  "test/worker/conformance/runs.test.ts",
];

/** Thousands of calls with values of every kind, which together take minutes. */
const hostile = filesOf("test/properties", "hostile-calls hostile-runs re-entrant-calls");

/** Every block of the documents in a separate process; `documents` runs many in one. */
const blocks = "test/examples/documentation.test.ts";

/** Examples that train for a minute. */
const longExamples = filesOf("test/examples", "transfer-learning worker-training");

/** The cases of test/conformance once more, in workers of the same engine; of the runs, `browser` has them too. */
const inWorkers = filesOf("test/worker/conformance", "optimizers runs");

/** Every name alone, and every program of the documents, through each bundler. */
const bundledOneByOne = filesOf("test/packaging", "bundled-worker-pages documents globals methods names");

/** A thousand workers, started and ended or killed: leaks of threads, handles, locks and promises. */
const growth = "test/worker/growth.test.ts";

/** 5,000 mutated files; other suites run more. */
const damage = "test/saving/damage.test.ts";

const kills = "test/worker/many-kills.test.ts";

/** The suite thread-life runs them, the first two in larger numbers. */
const lives = [
  ...filesOf("test/worker", "thread-life"),
  ...filesOf("test/processes", "thread-kills"),
  ...filesOf("test/processes", "suspended busy-cores"),
];

/** Runs that are killed 50 times each. */
const processKills = "test/processes/many-kills.test.ts";

/**
 * `minutes` are for two idle cores, after set-up; scripts/suites/durations.mjs measures this machine's. `paths` are
 * folders and files of tests, `without` excludes some of them. Suites with `named` run when they are named; `npm test
 * -- all` names all but those in `apart`; `sharing` has lists of folders whose files share modules.
 */
export const suites = {
  check: { question: "Are format, lint and types in order?", minutes: 0.8 },
  rust: {
    question: "Are the kernels right against float64 and central differences, and sound (AddressSanitizer)?",
    minutes: 1.5,
  },
  node: {
    question: "Does everything follow Keras, and keep its promises?",
    minutes: 4.7,
    project: "node",
    paths: [...everywhere, ...workers, "test/processes", "test/source"],
    without: [growth, kills, processKills, ...hostile, ...lives, ...inWorkers],
    // In three processes: some files of `conformance` failed behind those of `regression`, and files about workers load the
    // built package.
    sharing: [[...shared, "test/conformance", "test/source"], ["test/regression"], workers],
  },
  browser: {
    question: "Are bits, memory, realms, streams and workers the same in Chromium?",
    minutes: 1.6,
    project: "browser",
    paths: [...engine, ...pageWorkers, "test/browser"],
    sharing: [[...shared, "test/worker"]],
  },
  deno: {
    question: "Are bits, files and workers the same in Deno?",
    minutes: 0.6,
    project: "node",
    paths: [...denoEngine, ...denoWorkers],
  },
  "deno-package": { question: "Does the packed package run in Deno without permissions?", minutes: 0.1 },
  bun: { question: "Does the packed package run in Bun?", minutes: 0.1 },
  mpi: {
    question: "Do jobs of Open MPI and MPICH sum correctly, and refuse data that do not match?",
    minutes: 0.5,
    project: "mpi",
    paths: filesOf("test/mpi", "calls reduce refusals"),
  },
  packaging: {
    question: "Do bundlers, Jest, strict TypeScript, pages and runtimes accept the packed package?",
    minutes: 1.2,
    project: "node",
    paths: ["test/packaging"],
    without: bundledOneByOne,
  },
  documents: {
    question: "Do the examples and the programs in the documents run, and are the documents complete?",
    minutes: 1,
    project: "node",
    paths: ["test/examples"],
    without: longExamples,
  },
  "documents-rest": {
    question: "Do the examples that train longest learn, and does every block of the documents run alone?",
    minutes: 1.7,
    named: true,
    project: "node",
    paths: [...longExamples, blocks],
    env: { GRADSTEP_ALONE: "1" },
  },
  "packaging-rest": {
    question: "Does every public name work when it is bundled alone, and every program of the documents?",
    minutes: 1.5,
    named: true,
    project: "node",
    paths: bundledOneByOne,
  },
  hostile: {
    question: "Are calls with values of every kind answered, or refused with a code?",
    minutes: 1.2,
    named: true,
    project: "node",
    paths: hostile,
  },
  "node-rest": {
    question:
      "Do thousands of workers leave nothing behind, does training in a worker follow Keras, and are 20,000 mutated files read or refused?",
    minutes: 1.8,
    named: true,
    project: "node",
    paths: [growth, kills, ...inWorkers, damage],
    env: { GRADSTEP_FILES: "20000", GRADSTEP_SEED: "1" },
  },
  kills: {
    question: "Does training that is killed 50 times, and started again, learn the same bits?",
    minutes: 1.5,
    named: true,
    project: "node",
    paths: [processKills],
  },
  "thread-life": {
    question:
      "Do threads survive a thousand pools, 50 killed helpers, suspended programs and busy cores, and leave nothing behind?",
    minutes: 1,
    named: true,
    project: "node",
    paths: lives,
    env: { GRADSTEP_POOLS: "1000", GRADSTEP_KILLS: "50" },
  },
  costs: {
    question: "Does every kernel execute as few instructions as before?",
    minutes: 0.2,
    named: true,
  },
  "browser-rest": {
    question: "Do the remaining tests of `node` pass in Chromium?",
    minutes: 3.4,
    named: true,
    project: "browser",
    paths: [...everywhere, ...workers],
    without: [...engine, ...pageWorkers, kills],
  },
  "deno-rest": {
    question: "Do the remaining tests of `node` pass in Deno?",
    minutes: 1.5,
    named: true,
    project: "node",
    paths: [...everywhere, ...denoWaits],
    without: denoEngine,
  },
  threads: {
    question: "Does test/conformance pass in worker threads of Node?",
    minutes: 0.4,
    named: true,
    project: "threads",
    paths: ["test/conformance"],
  },
  "two-threads": {
    question: "Does test/conformance pass on shared memory, with two threads inside of a step?",
    minutes: 1,
    named: true,
    project: "two-threads",
    paths: ["test/conformance"],
  },
  "mpi-rest": {
    question: "Do MPI jobs in which a rank fails end cleanly, and is the right library found?",
    minutes: 0.6,
    named: true,
    project: "mpi",
    paths: filesOf("test/mpi", "failed-ranks example library"),
  },
  fuzz: {
    question: "Are 1,000,000 mutated files read, or refused with a code?",
    minutes: 10,
    named: true,
    project: "node",
    paths: [damage],
    env: { GRADSTEP_FILES: "1000000" },
  },
  hosts: {
    question: "Does gradstep train, with workers, in every host of docs/hosts.md, as npm installs them (2 GB)?",
    minutes: 8,
    named: true,
    project: "hosts",
    paths: ["test/hosts"],
  },
  firefox: {
    question: "Does everything that runs in Chromium run in Firefox?",
    minutes: 6,
    named: true,
    project: "firefox",
    paths: [...everywhere, ...workers, "test/browser"],
  },
};

/** Suites that run only when named: they need a Firefox, fetch 2 GB, or repeat a test for minutes. */
const apart = ["hosts", "firefox", "fuzz"];

/** The suites that `npm test` runs, and those of `npm test -- all`. */
export const byDefault = Object.keys(suites).filter((name) => !suites[name].named);
export const all = Object.keys(suites).filter((name) => !apart.includes(name));
