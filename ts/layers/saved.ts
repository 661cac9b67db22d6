/**
 * A layer's parts as Keras's JSON.
 *
 * @module
 */

import type { Saved } from "../class-registry.js";
import * as constraints from "../constraints/index.js";
import * as initializers from "../initializers/index.js";
import * as regularizers from "../regularizers/index.js";
import type { Constraint as ConstraintFunction } from "../variable.js";

/** Each is `null` for none, and the name for a function. @throws ValueError for functions without a name */
export const saved = {
  initializer: (part: initializers.Initializer | initializers.InitializerFunction): Saved =>
    initializers.serialize(part),
  regularizer: (part: regularizers.Regularizer | regularizers.RegularizerFunction | null): Saved | null =>
    part === null ? null : regularizers.serialize(part),
  constraint: (part: constraints.Constraint | ConstraintFunction | null): Saved | null =>
    part === null ? null : constraints.serialize(part),
};
