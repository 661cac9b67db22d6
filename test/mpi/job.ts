/** Jobs of mpirun, of processes of Node, Deno and Bun. None runs for longer than its limit. */

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { inject } from "vitest";

/** Both, on every machine that runs this suite: see scripts/toolchain/mpi.mjs. */
export const IMPLEMENTATIONS = ["Open MPI", "MPICH"] as const;
export type Implementation = (typeof IMPLEMENTATIONS)[number];
export const RUNTIMES = ["Node", "Deno", "Bun"] as const;
export type Runtime = (typeof RUNTIMES)[number];

/** Seconds after which mpirun ends a job, and after which we end mpirun. */
const LIMIT = 40;

const tool = (name: string) => resolve(import.meta.dirname, "../../node_modules/.bin", name);

let denoPath: string | undefined;
/** The program itself: npm's is a script round it, through which MPICH's connection to mpirun does not reach it. */
function deno(): string {
  denoPath ??= execFileSync(tool("deno"), ["eval", "console.log(Deno.execPath())"], { encoding: "utf8" }).trim();
  return denoPath;
}

/** Command line of a runtime; Deno gets all permissions unless others are given. */
export function command(runtime: Runtime, permissions: readonly string[] = ["-A"]): readonly string[] {
  if (runtime === "Node") return [process.execPath];
  if (runtime === "Bun") return [tool("bun")];
  return [deno(), "run", "--no-prompt", "--no-lock", ...permissions];
}

/** A process that ended, or a whole job. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Values that scripts passed to `report`, in the order of the ranks. */
  // biome-ignore lint/suspicious/noExplicitAny: any report of a script; the tests compare it
  readonly reports: readonly any[];
}

/** A job to start. */
export interface Job {
  readonly ranks: number;
  readonly runtime?: Runtime;
  readonly permissions?: readonly string[];
}

/** Runs a script of `ranks/` as a job; several parts make one job of different runtimes. */
export function mpirun(mpi: Implementation, job: Job | readonly Job[], ...script: readonly string[]): Promise<Outcome> {
  const parts = (Array.isArray(job) ? job : [job]) as readonly Job[];
  const args = parts.flatMap(({ ranks, runtime = "Node", permissions }, at) => [
    ...(at > 0 ? [":"] : []),
    "-n",
    String(ranks),
    ...command(runtime, permissions),
    ...script,
  ]);
  return mpi === "Open MPI"
    ? ended(process.env.MPIRUN_OPENMPI ?? "mpirun.openmpi", ["--allow-run-as-root", "--oversubscribe", ...args])
    : ended(process.env.MPIRUN_MPICH ?? "mpirun.mpich", args);
}

/** Runs a script of `ranks/` without mpirun. */
export function alone(
  runtime: Runtime,
  script: readonly string[],
  { permissions = ["-A"], cwd = "." }: { readonly permissions?: readonly string[]; readonly cwd?: string } = {},
): Promise<Outcome> {
  const [program = "", ...args] = command(runtime, permissions);
  return ended(program, [...args, ...script], cwd);
}

/** Runs a program in the consumer, and stops it when its time is over. */
async function ended(program: string, args: readonly string[], cwd = "."): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "gradstep-reports-"));
  const env = { ...process.env, NO_COLOR: "1", MPIEXEC_TIMEOUT: String(LIMIT), REPORTS: folder };
  const child = spawn(program, args, { cwd: resolve(inject("consumer"), cwd), env, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  // mpirun passes it on; one that does not even hear of it is killed.
  const timers = [
    setTimeout(() => child.kill("SIGTERM"), (LIMIT + 3) * 1000),
    setTimeout(() => child.kill("SIGKILL"), (LIMIT + 8) * 1000),
  ];
  try {
    const code = await new Promise<number | null>((done, failed) => {
      child.on("error", failed);
      child.on("close", done);
    });
    const printed = [...output.stdout.matchAll(/^REPORT (.*)$/gm)].map(([, json = ""]) => json);
    const written = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
    const reports = [...printed, ...written].map((json) => JSON.parse(json));
    return { code, ...output, reports: reports.sort((a, b) => a.rank - b.rank) };
  } finally {
    timers.forEach(clearTimeout);
    rmSync(folder, { recursive: true, force: true });
  }
}
