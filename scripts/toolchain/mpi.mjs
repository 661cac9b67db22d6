// Open MPI and MPICH for the tests and the benchmark of gradstep/mpi: installed ones, otherwise Debian's packages,
// which can be installed together.

import { capture, which } from "../process.mjs";
import { StepFailed } from "../steps.mjs";
import { aptCommand, aptInstall } from "./apt.mjs";

const packages = ["openmpi-bin", "libopenmpi-dev", "mpich", "libmpich-dev"];

/**
 * Name, suffix of Debian's programs, pattern in the output of `mpirun --version`, and the variable with the path of its
 * mpirun.
 */
const implementations = [
  { name: "Open MPI", suffix: "openmpi", shows: /Open ?MPI|OpenRTE/i, variable: "MPIRUN_OPENMPI" },
  { name: "MPICH", suffix: "mpich", shows: /HYDRA|MPICH/, variable: "MPIRUN_MPICH" },
];

/** `{ mpirun, mpicc, version }`, or undefined; a program without a suffix may belong to either. */
function find({ suffix, shows, variable }) {
  for (const mpirun of [process.env[variable], which(`mpirun.${suffix}`), which("mpirun"), which("mpiexec")]) {
    if (!mpirun) continue;
    const { ok, stdout, stderr } = capture(mpirun, ["--version"], { timeout: 20_000 });
    const shown = stdout + stderr;
    if (!ok || !shows.test(shown)) continue;
    const version = /\d+\.\d+(\.\d+)?/.exec(shown)?.[0] ?? "";
    return { mpirun, mpicc: which(`mpicc.${suffix}`) ?? which("mpicc"), version };
  }
  return undefined;
}

/** The implementations found, by name: `{ "Open MPI": { mpirun, mpicc, version }, MPICH: ... }`. */
export function findMpi() {
  return Object.fromEntries(
    implementations.flatMap((wanted) => {
      const found = find(wanted);
      return found ? [[wanted.name, found]] : [];
    }),
  );
}

/** Sets MPIRUN_OPENMPI and MPIRUN_MPICH, which test/mpi reads. */
export function prepareMpi(note) {
  let found = findMpi();
  const missing = () => implementations.filter(({ name }) => !(name in found)).map(({ name }) => name);
  if (missing().length > 0 && aptInstall(packages, missing().join(" and "), note) !== undefined) found = findMpi();
  if (missing().length > 0) {
    throw new StepFailed(
      `${missing().join(" and ")} ${missing().length > 1 ? "are" : "is"} missing, and the suite "mpi" starts real jobs of both. ` +
        `Install them (on Debian, as root: ${aptCommand(packages)}), name them in ` +
        `${implementations.map(({ variable }) => variable).join(" and ")}, or name the other suites: npm test -- node browser ...`,
    );
  }
  for (const { name, variable } of implementations) process.env[variable] = found[name].mpirun;
  return implementations.map(({ name }) => `${name} ${found[name].version}`).join(", ");
}
