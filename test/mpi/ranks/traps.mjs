// Signal handlers of the MPI library: WebAssembly's accesses out of bounds still throw, and do not end the process.

import { MpiGroup } from "gradstep/mpi";
import { errorOf, report } from "./report.mjs";

const group = await MpiGroup.open();
// (module (memory 1) (func (export "load") (param i32) (result i32) (i32.load (local.get 0))))
const bytes = [
  [0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 127, 1, 127, 3, 2, 1, 0, 5, 3, 1, 0, 1],
  [7, 8, 1, 4, 108, 111, 97, 100, 0, 0, 10, 9, 1, 7, 0, 32, 0, 40, 2, 0, 11],
].flat();
const { load } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes))).exports;
report(group, { error: errorOf(() => load(-16)) });
