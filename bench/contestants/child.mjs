// A contestant in a separate process, which lives for the whole run, so its rounds alternate with the others.
//
// Lines on its standard input, one line as answer to each:
//   make <optimizer> <count> <rows> <cols> <matrix 0|1> <pool of gradients> <pool of weights>   ->  ready | none
//   run <steps>      ->  milliseconds on its own clock
//   weights <n>      ->  n numbers
//   dispose          ->  done
// The end of its input ends it.

import { spawn, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Starts the program; resolves to `{ ask(line), close() }`. An answer that never comes rejects, with the program's errors. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { ...options, stdio: ["pipe", "pipe", "pipe"] });
  let errors = "";
  let ended;
  const waiting = [];
  const end = (reason) => {
    // The last line of a Python traceback is the error. The path of the program is local.
    ended ??= new Error(`${basename(command)} ended: ${reason}. ${errors.trim().split("\n").at(-1)}`);
    for (const { reject } of waiting.splice(0)) reject(ended);
  };
  child.stderr.setEncoding("utf8").on("data", (text) => {
    errors += text;
  });
  child.on("error", (error) => end(error.message));
  child.on("close", (code) => end(`code ${code}`));
  child.stdin.on("error", () => {});
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.resolve(line));
  return {
    ask: (line) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        waiting.push({ resolve, reject });
        child.stdin.write(`${line}\n`);
      }),
    close: () => child.stdin.end(),
  };
}

/** Opens a contestant in a process; `version` is its answer to the first line, "version". */
export async function openChild(command, args, pools, describe = (version) => version, options = {}) {
  const child = start(command, args, options);
  const version = describe(await child.ask("version"));
  async function make({ optimizer, count, rows, cols, shape, gradients }) {
    const pool = [pools.paths[gradients], pools.paths.normal];
    const answer = await child.ask(["make", optimizer, count, rows, cols, Number(shape.length > 1), ...pool].join(" "));
    if (answer !== "ready") return undefined;
    return {
      run: async (steps) => Number(await child.ask(`run ${steps}`)),
      weights: async (n) => (await child.ask(`weights ${n}`)).trim().split(" ").map(Number),
      dispose: () => child.ask("dispose"),
    };
  }
  return { version, make, close: () => child.close() };
}

// Native C, compiled on this machine: for the generic architecture, and for this processor.

const folder = fileURLToPath(new URL("../native", import.meta.url));

// Without -fno-math-errno GCC calls sqrtf for each element, to set errno. No other relaxation is enabled.
const FLAGS = ["-O3", "-std=gnu11", "-fno-math-errno", "-Wall", "-Wextra"];

function open(id, flags) {
  return (pools) => {
    const compiler = process.env.CC ?? "cc";
    const version = spawnSync(compiler, ["--version"], { encoding: "utf8" });
    if (version.status !== 0) return { missing: "no C compiler" };
    const program = join(pools.folder, id);
    const sources = readdirSync(folder).filter((name) => name.endsWith(".c"));
    const args = [...FLAGS, ...flags, ...sources.map((name) => join(folder, name)), "-o", program, "-lm"];
    const built = spawnSync(compiler, args, { encoding: "utf8" });
    if (built.status !== 0) return { missing: `the C compiler failed: ${built.stderr.trim().split("\n")[0]}` };
    // Distributions put a note in brackets: "cc (Debian 12.2.0-14) 12.2.0".
    const name = version.stdout.split("\n")[0].replace(/ *\([^)]*\)/, "");
    return openChild(program, [], pools, () => `${name} ${[...FLAGS.slice(0, 3), ...flags].join(" ")}`);
  };
}

const baseline = process.arch === "x64" ? "SSE2" : "baseline";

export const nativeBaseline = { id: "nativeBaseline", label: `native C, ${baseline}`, open: open("baseline", []) };
export const nativeFull = { id: "nativeFull", label: "native C, march=native", open: open("full", ["-march=native"]) };
