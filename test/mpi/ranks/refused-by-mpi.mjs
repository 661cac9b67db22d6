// A call that MPI itself refuses: engine calls, past all checks, of different amounts.

import { MpiGroup } from "gradstep/mpi";
import { errorOf, report } from "./report.mjs";

const group = await MpiGroup.open();
const error = errorOf(() => group.copy(new Float32Array(group.rank === 1 ? 1 : 4), 0));
const later = group.rank === 1 ? errorOf(() => group.barrier()) : null;
const noRank = errorOf(() => group.copy(new Float32Array(1), 99));
report(group, { error, later, noRank });
group.abort("this test is over");
