// The tests, run in a process that can be ended: a mutant may loop forever.

import { fork } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { inRoot } from "../paths.mjs";
import { StepFailed } from "../steps.mjs";
import { tree } from "./tree.mjs";

const seen = join(tree, "seen");

/** Starts the process of runner.mjs; `ask(message, seconds)` resolves to its answer, or to undefined after that time. */
export function startTests() {
  let child;
  const start = async () => {
    // A separate group, so that the processes of the tests end with it.
    child = fork(inRoot("scripts/mutants/runner.mjs"), {
      cwd: tree,
      detached: true,
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    await answer();
  };
  const answer = () =>
    new Promise((resolve, reject) => {
      child.once("message", (message) => {
        child.off("exit", reject);
        resolve(message);
      });
      child.once("exit", reject);
    });
  const stop = () => {
    if (child) process.kill(-child.pid, "SIGKILL");
    child = undefined;
  };
  const ask = async (message, seconds) => {
    if (!child) await start();
    child.send(message);
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, seconds * 1000);
    });
    const reply = await Promise.race([answer().catch(() => undefined), late]);
    clearTimeout(timer);
    if (!reply) stop();
    return reply;
  };

  /** Runs the tests without a mutant: `{ files: [{ path, ok, loading, tests: [{ id, seconds, reaches }] }], errors }`. */
  const dryRun = async (filters) => {
    rmSync(seen, { recursive: true, force: true });
    mkdirSync(seen);
    process.env.GRADSTEP_MUTANTS_SEEN = seen;
    const reply = await ask({ filters }, 3600);
    if (!reply) throw new StepFailed("The tests did not end within an hour, or ended the process that ran them.");
    delete process.env.GRADSTEP_MUTANTS_SEEN;
    stop();
    const { files, errors } = reply;
    return { errors, files: files.map((file) => withReach(file, readReach(file.path))) };
  };
  return { ask, dryRun, stop };
}

/** The coverage that coverage.ts wrote; nothing if the file did not load. */
function readReach(path) {
  const name = join(seen, `${encodeURIComponent(path)}.json`);
  return existsSync(name) ? JSON.parse(readFileSync(name, "utf8")) : { loading: [], tests: {} };
}

function withReach(file, { loading, tests }) {
  const reaching = file.tests.map((test) => ({ ...test, reaches: new Set(tests[test.id] ?? []) }));
  return { ...file, loading: new Set(loading), tests: reaching };
}
