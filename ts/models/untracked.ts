/**
 * A warning about variables that a step reads and does not train: those in private fields, and in objects of other classes, which
 * layers do not search. The model would train without them, and the loss would only be a little higher.
 *
 * @module
 */

import { counted } from "../options.js";
import type { Variable } from "../variable.js";
import { warnOnce } from "../warnings.js";

/** A model, as far as its weights matter. */
interface Owner {
  readonly name: string;
  readonly weights: readonly Variable[];
}

/** Warns of trainable variables that are not the model's; once per `owner`. */
export function warnOfUntracked(owner: object, model: Owner, read: readonly Variable[]): void {
  const known = new Set(model.weights);
  const others = read.filter((variable) => variable.trainable && !known.has(variable));
  const [first] = others;
  if (first === undefined) return;
  const more = others.length > 1 ? ` and ${counted(others.length - 1, "other variable")}` : "";
  warnOnce(
    owner,
    `${model.name}: a step reads "${first.name}"${more}, which the model does not have among its weights: they are neither trained nor saved. Make them with addWeight, or keep them and their layers in public fields, not in private ones (#field) or in objects of other classes. Set trainable = false for what fit should not train.`,
  );
}
