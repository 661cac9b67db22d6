/**
 * UCX, the transport that MPICH (and Open MPI on InfiniBand) may use, beside a JavaScript engine.
 *
 * It reads its environment when it is loaded. What the user has set stays.
 *
 * @module
 */

import { environment, setEnvironment } from "#mpi-ffi";

const SETTINGS = {
  // It would end the process at a segmentation fault, which engines handle: so they notice WebAssembly's accesses out of bounds.
  UCX_ERROR_SIGNALS: "",
  // It would patch the system's memory functions while the engine's threads run them: one job in fifty crashed, or hung.
  UCX_MEM_EVENTS: "n",
};

/** To be called before an MPI library is loaded. */
export function tameUcx(): void {
  for (const [name, value] of Object.entries(SETTINGS)) {
    if (environment(name) === undefined) setEnvironment(name, value);
  }
}
