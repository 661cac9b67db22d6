/**
 * A tape's records, separate from the tape, because a tape can be dropped while it records.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import { Variable } from "../variable.js";
import type { Operand } from "./arena.js";
import type { Entry, Recorder } from "./record.js";

/** Operations, in their order, and the operands on which they depend. */
export class Recording implements Recorder {
  readonly entries: Entry[] = [];
  readonly #watchVariables: boolean;
  readonly #tracked = new Set<Operand>();

  constructor(watchVariables: boolean) {
    this.#watchVariables = watchVariables;
  }

  tracks(operand: Operand): boolean {
    if (this.#tracked.has(operand)) return true;
    return this.#watchVariables && operand instanceof Variable && operand.trainable;
  }

  push(entry: Entry): void {
    this.entries.push(entry);
    this.#tracked.add(entry.output);
  }

  /** Tracks an operand that is not a result of an operation. */
  watch(operand: Operand): void {
    this.#tracked.add(operand);
  }

  /** The variables that it tracks, in the order of their first use. */
  variables(): Variable[] {
    const met = new Set<Variable>();
    for (const { inputs } of this.entries) {
      for (const input of inputs) if (input instanceof Variable && this.tracks(input)) met.add(input);
    }
    return [...met];
  }

  /** Forgets the operations, but not the tracked operands. */
  forgetEntries(): void {
    this.entries.length = 0;
  }

  /** Forgets everything. */
  forget(): void {
    this.entries.length = 0;
    this.#tracked.clear();
  }
}

/**
 * The backward pass reads operands again, so they must be unchanged.
 *
 * @throws ValueError when one of the operation's was changed in place since
 */
export function checkUnchanged({ name, inputs, output, reads, change }: Entry): void {
  for (const input of inputs) if (input.changed > change) refuse(name, input);
  if (output.changed > change) refuse(name, output);
  for (const tensor of reads) if (tensor.changed > change) refuse(name, tensor);
}

function refuse(name: string, operand: Operand): never {
  const what =
    operand instanceof Variable
      ? `The variable "${operand.name}"`
      : `A tensor [${operand.shape.join(", ")}] of the operation "${name}"`;
  throw new ValueError(
    "ERR_TAPE",
    `${what} was changed after the tape had recorded its use, so gradients would be wrong. Call gradient() before applyGradients, apply or assign.`,
  );
}
