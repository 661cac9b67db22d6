// Running other programs: one function streams their output, one reads it.

import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "./paths.mjs";
import { StepFailed } from "./steps.mjs";

/**
 * Runs a program with its output on this process's; resolves to `{ code, output }`. `output` is kept only if `tee` or
 * `silent` is set; `silent` does not print it.
 */
export function run(command, args, { env = {}, cwd = root, tee = false, silent = false } = {}) {
  return new Promise((done) => {
    const stream = tee || silent ? "pipe" : "inherit";
    const stdio = ["ignore", stream, stream];
    const child = spawn(command, args, { cwd, stdio, env: { ...process.env, ...env } });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text) => {
        output += text;
        if (!silent) process.stdout.write(text);
      });
    }
    child.on("error", (error) => done({ code: 127, output: `${output}${error.message}\n` }));
    child.on("close", (code, signal) => done({ code: code ?? (signal ? 1 : 0), output }));
  });
}

/** Runs a program silently; never throws. `ok` is also false if the program does not exist. */
export function capture(command, args, { env = {}, cwd = root, timeout } = {}) {
  const result = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "pipe"],
    timeout,
  });
  const stdout = result.stdout ?? "";
  const stderr = result.error ? result.error.message : (result.stderr ?? "");
  return { ok: result.status === 0, stdout, stderr };
}

/** Runs a program silently; when it fails, its output is printed, and `sentence` ends the script. */
export function captureOrStop(command, args, { env = {}, sentence }) {
  const { ok, stdout, stderr } = capture(command, args, { env });
  if (!ok) throw new StepFailed(sentence, stdout + stderr);
}

/** The full path of a program in PATH, or undefined. */
export function which(program) {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {}
  }
  return undefined;
}

/** Prepends a folder to PATH for all programs that are started from now on. */
export function prependPath(folder) {
  process.env.PATH = `${folder}${delimiter}${process.env.PATH ?? ""}`;
}

export const isRoot = process.getuid?.() === 0;
