/**
 * Sums of all replicas' gradients: the first part of a step.
 *
 * @module
 */

import type { RowGradients } from "../autodiff/row-places.js";
import { slabTensor } from "../autodiff/slab-tensor.js";
import { agree } from "../replicas/agreement.js";
import { formOf } from "../replicas/checksum.js";
import { gradientFactor } from "../replicas/current.js";
import type { ReplicaGroup } from "../replicas/replica-group.js";
import { padded } from "../runtime/cache-lines.js";
import { Block, float32 } from "../runtime/memory.js";
import { copyGradient, type Gradient } from "./gradients.js";
import { ListedInputs, outlastingInputs, type StepInputs, variablesOf } from "./step-inputs.js";

/** Memory for one optimizer's sums, reused in every step. */
export class SumsOverReplicas {
  #block: Block | undefined;

  /**
   * The sums of all replicas' gradients; the caller's gradients do not change.
   *
   * @param giving - This replica's gradients.
   * @param check - Throws if the step would refuse: then all replicas throw before anything is summed.
   * @throws the errors of `giving` and `check`; ReplicaError when another replica refuses, or has gradients for other
   * variables
   */
  of(owner: string, group: ReplicaGroup, giving: () => StepInputs, check: (given: StepInputs) => void): StepInputs {
    let run: Run | undefined;
    agree(group, owner, () => {
      const given = giving();
      if (given.length > 0) check(given);
      run = this.#gathered(owner, given);
      return run.form;
    });
    const { start, length, sums } = run as unknown as Run;
    if (length > 0) group.sumInPlace(float32(start, length));
    return sums;
  }

  /** Frees the memory. */
  free(): void {
    this.#block?.free();
    this.#block = undefined;
  }

  /**
   * All gradients, contiguous: a single run is reduced much faster than many. Not in the running step's arena:
   * a tape's gradients may be in the arena that a new step would reuse.
   */
  #gathered(owner: string, given: StepInputs): Run {
    const safe = outlastingInputs(owner, given);
    const variables = variablesOf(safe);
    const offsets: number[] = [];
    let length = 0;
    const sizes: number[] = [];
    variables.forEach(({ size }, at) => {
      offsets.push(length);
      const isMissing = safe.gradient(at) === null;
      sizes.push(isMissing ? -1 - size : size);
      if (!isMissing) length += padded(size);
    });
    const block = this.#room(length);
    const room = float32(block.address, length);
    const factor = gradientFactor();
    const sums = variables.map((variable, at) => {
      const gradient = safe.gradient(at) as Gradient | null;
      if (gradient === null) return null;
      (gradient as Partial<RowGradients>).refuseSum?.(owner, variable.name);
      const offset = offsets[at]!;
      const place = room.subarray(offset, offset + variable.size);
      copyGradient(gradient, place);
      if (factor === 0) place.fill(0);
      else if (factor !== 1) for (let i = 0; i < place.length; i++) place[i] = place[i]! * factor;
      return slabTensor(block, offset, variable.shape);
    });
    return { start: block.address, length, sums: new ListedInputs(owner, sums, variables), form: formOf(sizes) };
  }

  #room(length: number): Block {
    if (this.#block !== undefined && this.#block.length >= length) return this.#block;
    this.free();
    this.#block = new Block(length);
    return this.#block;
  }
}

interface Run {
  readonly start: number;
  readonly length: number;
  readonly sums: StepInputs;
  /** A checksum of which variables have gradients, and of their lengths. */
  readonly form: number;
}
