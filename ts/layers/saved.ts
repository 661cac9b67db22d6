/**
 * A layer's parts as Keras's JSON.
 *
 * @module
 */

import type { Saveable, Saved } from "../class-registry.js";
import * as constraints from "../constraints/index.js";
import { ValueError } from "../errors.js";
import * as initializers from "../initializers/index.js";
import * as regularizers from "../regularizers/index.js";

type Part = Saveable | ((...args: never[]) => unknown) | null;

/** Each `null` for none. @throws ValueError for plain functions, which JSON cannot hold */
export const saved = {
  initializer: (part: Part): Saved | null => savedPart("initializer", part, initializers.serialize as never),
  regularizer: (part: Part): Saved | null => savedPart("regularizer", part, regularizers.serialize as never),
  constraint: (part: Part): Saved | null => savedPart("constraint", part, constraints.serialize as never),
};

function savedPart(kind: string, part: Part, serialize: (part: Saveable) => Saved): Saved | null {
  if (part === null) return null;
  if (typeof part !== "function") return serialize(part);
  throw new ValueError(
    "ERR_CONFIG_INVALID",
    `A function as ${kind} cannot be put into a config. Write a class of your own that extends the base of every ${kind}.`,
  );
}
