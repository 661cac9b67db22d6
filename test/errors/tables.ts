/** The tables of errors, one for each part of ts/: the errors that are thrown, to the letter. */

import * as options from "./arguments.js";
import * as customOptimizers from "./custom-optimizers.js";
import * as firstHour from "./first-hour.js";
import * as fit from "./fit.js";
import * as forwardMode from "./forward-mode.js";
import * as functions from "./functions.js";
import * as layers from "./layers.js";
import * as lookups from "./lookups.js";
import * as losses from "./losses.js";
import * as metrics from "./metrics.js";
import * as models from "./models.js";
import * as mpi from "./mpi.js";
import * as objects from "./objects.js";
import * as ops from "./ops.js";
import * as optimizers from "./optimizers.js";
import * as parts from "./parts.js";
import * as replicas from "./replicas.js";
import type { Rows } from "./row.js";
import * as schedules from "./schedules.js";
import * as steps from "./steps.js";
import * as tape from "./tape.js";
import * as unfinishedClasses from "./unfinished-classes.js";
import * as values from "./values.js";
import * as workers from "./workers.js";

const files = {
  options,
  functions,
  values,
  ops,
  tape,
  customOptimizers,
  forwardMode,
  optimizers,
  schedules,
  losses,
  metrics,
  parts,
  layers,
  models,
  fit,
  steps,
  firstHour,
  lookups,
  objects,
  unfinishedClasses,
  replicas,
  workers,
  mpi,
};

/** Rows by the name of their table. */
export const tables: readonly (readonly [name: string, rows: Rows])[] = Object.entries(files)
  .flatMap(([file, exported]) =>
    Object.entries<Rows>(exported).map(([name, rows]) => [`${file}: ${name}`, rows] as const),
  )
  // Not every platform has all of them.
  .filter(([, rows]) => rows.length > 0);
