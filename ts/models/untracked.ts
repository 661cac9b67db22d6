/**
 * A warning about variables that a step reads and does not train: those in private fields, and in objects of other classes, which
 * layers do not search. The model would train without them, and the loss would only be a little higher. In custom loops nothing
 * tells which variables belong to the model: docs/loops.md shows how to find them.
 *
 * @module
 */

import { isRecording } from "../autodiff/record.js";
import { counted } from "../options.js";
import { recorderNow, recordWith, type StepRecorder } from "../runtime/recording.js";
import { isVariable, type Variable } from "../variable.js";
import { warnOnce } from "../warnings.js";

/** A model, as far as its weights matter. */
interface Owner {
  readonly name: string;
  readonly weights: readonly Variable[];
}

/** Notes the variables that a custom step reads while a tape records, and those that its optimizers update. */
class Witness implements StepRecorder {
  readonly isOwn = false;
  readonly read = new Set<Variable>();
  readonly updated = new Set<Variable>();

  uses(part: object): void {
    if (isVariable(part) && isRecording()) this.read.add(part);
  }

  update(_optimizer: object, given: { readonly length: number; variable(at: number): Variable }): boolean {
    for (let at = 0; at < given.length; at++) this.updated.add(given.variable(at));
    return false;
  }

  repeat(work: () => void): void {
    work();
  }

  drew(): void {}

  decline(): void {}
}

/** Runs a custom step, and warns of the variables that its tapes read, and neither the model nor an optimizer of it has. */
export function lookedAt<T>(owner: object, model: Owner, step: () => T): T {
  if (recorderNow() !== undefined) return step();
  const witness = new Witness();
  recordWith(witness);
  let made: T;
  try {
    made = step();
  } finally {
    recordWith(undefined);
  }
  const { read, updated } = witness;
  warnOfUntracked(
    owner,
    model,
    [...read].filter((variable) => !updated.has(variable)),
  );
  return made;
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
    `${model.name}: a step reads "${first.name}"${more}, which the model does not have among its weights: the step does not train them, and they are not saved. Make them with addWeight, or keep them and their layers in public fields, not in private ones (#field) or in objects of other classes. Set trainable = false for what fit should not train.`,
  );
}
