// test/mpi/: real jobs of mpirun.

import { step } from "../steps.mjs";
import { prepareMpi } from "../toolchain/mpi.mjs";
import { vitestSuite } from "./vitest.mjs";

export async function mpiSuite(name, options) {
  await step("mpi", prepareMpi);
  return vitestSuite(name, options);
}
