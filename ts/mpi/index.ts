/**
 * Training on the processes of an MPI job: `gradstep/mpi`.
 *
 * @module
 */

export { MpiGroup, type MpiOptions } from "./mpi-group.js";
