/**
 * Every place of ts/ that throws is reached by a row of the tables in test/errors/, so that its whole message is
 * compared. Places that a table cannot reach are listed below, each with the test that reaches it.
 */

import { expect, it, vi } from "vitest";
import { thrownBy } from "../errors/row.js";
import { tables } from "../errors/tables.js";
import { type Site, throwSites } from "./throw-sites.js";

/** Folders with separate tables, and those whose errors need another runtime or a broken module. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "ts/worker/hosts/host-": "test/worker: what starts workers is of the built package",
  "ts/worker/hosts/scope-": "test/worker",
  "ts/threads/": "test/worker/threads.test.ts, and pages that are not isolated",
  "ts/saving/": "test/saving, where the places are promises",
  "ts/mpi/ffi-": "test/mpi, in each runtime",
  "ts/tfjs/": "test/adapters, beside the real package",
  "ts/jax/": "test/adapters, beside the real package",
  "ts/init.ts": "test/regression/relaxed.test.ts and relaxed-slim.test.ts, before there is a module",
  "ts/runtime/relaxed.ts": "test/regression/relaxed-slim.test.ts",
  "ts/runtime/module.ts": "test/packaging: no WebAssembly, no module, another module",
  "ts/runtime/shared-memory.ts": "test/packaging, in pages that may not share memory",
  "ts/errors.ts": "it declares the classes",
};

/** Single places that no row can reach, by file and what they throw. */
const UNREACHED: readonly (readonly [file: string, text: string, why: string])[] = [
  ["ts/callbacks/csv-logger.ts", "there are no files here", "Node has files"],
  ["ts/worker/model-mirror.ts", 'refuseOutside(this.name, "saving")', "only callbacks that save ask for a copy"],
  ["ts/callbacks/known-hooks.ts", "takes an object with hooks", "its callers have looked already"],
  ["ts/distribute/mirrored-strategy.ts", "This MirroredStrategy was closed", "test/distribute, with workers"],
  ["ts/autodiff/row-gradient.ts", "which replicas do not sum", "test/distribute/gradients.test.ts"],
  ["ts/optimizers/aggregate.ts", "refuseSum?.(", "test/distribute/gradients.test.ts"],
  ["ts/replicas/shared-memory-group.ts", "new OutOfMemoryError", "test/distribute/many-runs.test.ts"],
  ["ts/replicas/shared-barrier.ts", "ERR_REPLICA_LOST", "test/distribute, with workers"],
  ["ts/replicas/shared-barrier.ts", "this.#lost()", "test/distribute, with workers"],
  ["ts/metrics/metric.ts", "another run uses this metric", "test/regression/runs-at-once.test.ts"],
  ["ts/models/objective.ts", "has a loss, but no labels", "fit has counted the labels already"],
  ["ts/models/recorded-steps.ts", "The replay differs", "caught where it is thrown"],
  ["ts/models/compiled.ts", "The replay differs", "caught where it is thrown"],
  ["ts/models/replicated.ts", "a custom step needs a worker", "test/worker/training-steps.test.ts"],
  ["ts/models/replicated.ts", "refuse(error)", "test/worker/training-steps.test.ts"],
  ["ts/models/sequential.ts", "this.#busy.refuse(this.name)", "test/properties: calls inside of calls"],
  ["ts/ops/convolve.ts", "new OutOfMemoryError", "test/memory/too-large.test.ts"],
  ["ts/options.ts", 'refuseType(owner, name, "a number", value)', "losses are numbers"],
  ["ts/options.ts", 'refuseType(owner, "own", "a list", own)', "for JavaScript's subclasses; test/regression"],
  ["ts/runtime/call-recorder.ts", "fault()", "test/memory/failing-allocations.test.ts"],
  ["ts/runtime/clip.ts", "fault()", "test/memory/failing-allocations.test.ts"],
  ["ts/runtime/loose.ts", "new DisposedError", "test/memory: tensors outside of steps"],
  ["ts/runtime/memory.ts", "", "test/memory; a freed block has no owner that could ask"],
  ["ts/runtime/plan.ts", "", "test/memory, and a broken module"],
  ["ts/runtime/unpacked.ts", "", "test/source/packed-text.test.ts"],
  ["ts/runtime/products.ts", "fault()", "test/memory/failing-allocations.test.ts"],
  ["ts/shape.ts", "new OutOfMemoryError(length * 4, 0)", "only where the engine's own memory ends"],
  ["ts/worker/worker-threads.ts", "instead of", "test/regression/relaxed-slim.test.ts"],
  ["ts/worker/client.ts", "No worker can be started here", "test/packaging, in pages that may start none"],
  ["ts/worker/hosts/endpoint.ts", "new ModuleError", "test/packaging: Jest with jsdom has no MessageChannel"],
  ["ts/worker/data/errors-on-the-wire.ts", "", "errors that other places have thrown; test/worker/errors.test.ts"],
  [
    "ts/worker/question-ports.ts",
    'unsendable("A question of the worker"',
    "only a browser's memory limits make a message unreadable",
  ],
  ...["client", "question-ports", "service"].map(
    (name) => [`ts/worker/${name}.ts`, "Wire(", "copies of errors that other places have thrown"] as const,
  ),
  ["ts/values.ts", "refuseValues(owner, values)", "naturalShape is asked of lists and numbers"],
];

vi.spyOn(console, "warn").mockImplementation(() => {});

/** Lines of ts/ in the stacks of what the rows throw, as `file:line`. */
async function reachedLines(): Promise<ReadonlySet<string>> {
  const lines = new Set<string>();
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 50;
  for (const [, rows] of tables) {
    for (const [call] of rows) {
      const { stack = "" } = (await thrownBy(call)) as Error;
      for (const [, place] of stack.matchAll(/\b(ts\/[\w./-]+\.ts:\d+):\d+/g)) lines.add(place as string);
    }
  }
  Error.stackTraceLimit = stackTraceLimit;
  return lines;
}

const isReached = ({ file, line, lastLine }: Site, lines: ReadonlySet<string>): boolean => {
  for (let at = line; at <= lastLine; at++) if (lines.has(`${file}:${at}`)) return true;
  return false;
};

it("each place that throws has a row", { timeout: 300_000 }, async () => {
  const elsewhere = Object.keys(ELSEWHERE);
  const sites = throwSites().filter(({ file }) => !elsewhere.some((start) => file.startsWith(start)));
  expect(sites.length).toBeGreaterThan(300);
  const lines = await reachedLines();
  const isExempt = ({ file, text }: Site) => UNREACHED.some((row) => row[0] === file && text.includes(row[1]));
  const missing = sites.filter((site) => !isReached(site, lines) && !isExempt(site));
  const words = missing.map(({ file, line, text }) => `${file}:${line} throws what no row of test/errors has: ${text}`);
  expect(words).toEqual([]);
  const idle = UNREACHED.filter((row) => !sites.some(({ file, text }) => row[0] === file && text.includes(row[1])));
  expect(idle).toEqual([]);
});
