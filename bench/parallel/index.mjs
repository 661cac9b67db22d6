// Measurements of workers, replicas and files, in the order of the page. A measurement is
// `{ id, title, means, measure(context) }`:
//
// `id` is its word for `npm run bench -- id`; `title` and `means` are printed above its table. `measure` resolves to rows
// `{ label, measured, against?, note? }`: `measured` is a `summary` of milliseconds (measure/rounds.mjs), or
// undefined where it could not be measured, and `note` then says why; `against` is the label of the row whose median
// its own is compared with. `context` is `{ seconds }`, about how long it may take.

import { allReduce } from "./all-reduce.mjs";
import { files } from "./files.mjs";
import { fitScaling } from "./fit-scaling.mjs";
import { mainThread } from "./main-thread.mjs";
import { mpi } from "./mpi.mjs";
import { groupStep, remoteStep, workerLoss } from "./remote-step.mjs";

export const PARALLEL = [remoteStep, groupStep, mainThread, workerLoss, allReduce, mpi, fitScaling, files];

/** About so long for each. */
const SECONDS = 20;

/** Measures these, and prints the results. Resolves to `[{ title, means, rows }]`. */
export async function measureParallel(measurements, print) {
  const measured = [];
  for (const { id, title, means, measure } of measurements) {
    let rows;
    try {
      rows = await measure({ seconds: SECONDS });
    } catch (error) {
      rows = [{ label: id, measured: undefined, note: error.message.split("\n")[0] }];
    }
    measured.push({ title, means, rows });
    print(measured.at(-1));
  }
  return measured;
}
