// A contestant in a separate process, which lives for the whole run, so its rounds alternate with the others.
//
// Lines on its standard input, one line as answer to each:
//   make <optimizer> <count> <rows> <cols> <matrix 0|1> <pool of gradients> <pool of weights>   ->  ready | none
//   run <steps>      ->  milliseconds on its own clock
//   weights <n>      ->  n numbers
//   dispose          ->  done
// The end of its input ends it.

import { spawn } from "node:child_process";
import { basename } from "node:path";
import { createInterface } from "node:readline";

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
