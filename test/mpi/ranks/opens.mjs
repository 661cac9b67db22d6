// Opens the group with the options in the argument, and reports the outcome.

import { MpiGroup } from "gradstep/mpi";
import { report, shown } from "./report.mjs";

const [options = "{}"] = process.argv.slice(2);
try {
  const group = await MpiGroup.open(JSON.parse(options));
  const isSame = (await MpiGroup.open()) === group;
  const sum = group.allReduce("sum", new Float32Array([1]))[0];
  group.close();
  group.close();
  const errors = [];
  try {
    group.allReduce("sum", new Float32Array([1]));
  } catch (error) {
    errors.push(shown(error));
  }
  await MpiGroup.open().catch((error) => errors.push(shown(error)));
  report(group, { isSame, sum, errors });
} catch (error) {
  report({ rank: -1, size: 0 }, { error: shown(error) });
}
