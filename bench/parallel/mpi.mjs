// All-reduce through MPI: from Node, and from C on the same libraries.

import { mkdirSync } from "node:fs";
import { inRoot } from "../../scripts/paths.mjs";
import { capture } from "../../scripts/process.mjs";
import { findMpi } from "../../scripts/toolchain/mpi.mjs";
import { summary } from "../measure/rounds.mjs";

const LENGTH = 1_000_000;
const RANKS = 2;
const WARM_UP = 20;
const SAMPLES = 41;
/** Jobs of each, in turns: what the machine does in between happens to all. */
const JOBS = 5;

const FOLDER = inRoot(".cache/bench-mpi");

/** Starts a job, and resolves to its samples. */
function job(name, mpirun, program) {
  const flags = name === "Open MPI" ? ["--allow-run-as-root", "--oversubscribe"] : [];
  const args = [...flags, "-n", String(RANKS), ...program, ...[LENGTH, WARM_UP, SAMPLES].map(String)];
  const { ok, stdout, stderr } = capture(mpirun, args, { timeout: 60_000 });
  const [, samples] = /^SAMPLES (.*)$/m.exec(stdout) ?? [];
  if (!ok || samples === undefined) throw new Error(stderr.trim().split("\n")[0] || "the job printed no samples");
  return JSON.parse(samples);
}

/** The same in C; undefined where it cannot be compiled. */
function compiled(name, mpicc) {
  if (!mpicc) return undefined;
  mkdirSync(FOLDER, { recursive: true });
  const out = `${FOLDER}/reduce-${name.replace(/\W/g, "")}`;
  const source = inRoot("bench/parallel/mpi/reduce.c");
  return capture(mpicc, ["-O3", "-march=native", source, "-o", out]).ok ? [out] : undefined;
}

const node = [process.execPath, inRoot("bench/parallel/mpi/reduce.mjs")];

export const mpi = {
  id: "mpi",
  title: "All-reduce through MPI",
  means: `The sum of ${LENGTH.toLocaleString("en")} float32 over ${RANKS} processes on this machine, in place: \`MpiGroup.allReduce\`, which first compares the arguments of all ranks, and \`MPI_Allreduce\` in C (\`mpicc -O3 -march=native\`).`,
  async measure() {
    const installed = findMpi();
    const contestants = ["Open MPI", "MPICH"].flatMap((name) => {
      const { mpirun, mpicc, version = "" } = installed[name] ?? {};
      if (!mpirun) return [{ label: name, note: "not installed here" }];
      const label = `${name} ${version}`;
      return [
        {
          label: `${label}, C`,
          name,
          mpirun,
          program: compiled(name, mpicc),
          samples: [],
          note: "does not compile here",
        },
        { label: `${label}, Node`, name, mpirun, program: node, samples: [], against: `${label}, C` },
      ];
    });
    for (let round = 0; round < JOBS; round++) {
      for (const { name, mpirun, program, samples } of contestants) {
        if (program) samples.push(...job(name, mpirun, program));
      }
    }
    return contestants.map(({ label, samples = [], against, note }) =>
      samples.length === 0 ? { label, measured: undefined, note } : { label, measured: summary(samples), against },
    );
  },
};
