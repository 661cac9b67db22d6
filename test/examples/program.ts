/**
 * Runs programs as a person would, and returns their output.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** Exit code and output of a program. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in `cwd`, from the repository's root; `input` is its standard input. */
export function program(
  command: string,
  args: readonly string[],
  { cwd = ".", input = "" }: { cwd?: string; input?: string } = {},
): Promise<Outcome> {
  return new Promise((done, failed) => {
    const env = { ...process.env, NO_COLOR: "1" };
    const child = spawn(command, args, { cwd: `${root}/${cwd}`, env, stdio: "pipe" });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    child.on("error", failed);
    child.on("close", (code) => done({ code, stdout, stderr }));
    child.stdin.end(input);
  });
}

/** Runs a module, given as text, in Node; `import ... from "gradstep"` is this repository's build. */
export const nodeModule = (text: string): Promise<Outcome> =>
  program(process.execPath, ["--input-type=module"], { input: text });
