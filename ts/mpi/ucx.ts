/**
 * Settings of UCX, the transport that MPICH (and Open MPI on InfiniBand) may use, for running in a JavaScript engine.
 *
 * UCX reads its environment when it is loaded. Variables that the user has set stay.
 *
 * @module
 */

import { environment, setEnvironment } from "#mpi-ffi";

const SETTINGS = {
  // UCX would end the process at a segmentation fault, but engines handle these: they detect WebAssembly's
  // out-of-bounds accesses with them.
  UCX_ERROR_SIGNALS: "",
  // UCX would patch the system's memory functions while the engine's threads run them: one job in fifty crashed or
  // hung.
  UCX_MEM_EVENTS: "n",
};

/** To be called before an MPI library is loaded. */
export function tameUcx(): void {
  for (const [name, value] of Object.entries(SETTINGS)) {
    if (environment(name) === undefined) setEnvironment(name, value);
  }
}
