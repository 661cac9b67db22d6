/**
 * Recording of a user's function that computes with operations and may update variables: one iteration of a training loop.
 *
 * The function may do anything. Therefore its calls may only read memory that a replay finds unchanged or refreshed: that of
 * the recording, which includes the arguments, and that of variables. Reading other memory refuses the recording.
 *
 * @module
 */

import { isOfRows } from "../autodiff/row-places.js";
import { Layer } from "../layers/layer.js";
import { Loss } from "../losses/loss.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import type { Mode } from "../optimizers/step.js";
import type { StepInputs } from "../optimizers/step-inputs.js";
import type { Arena } from "../runtime/arena.js";
import { CallRecorder } from "../runtime/call-recorder.js";
import { KERNELS } from "../runtime/recorded-kernels.js";
import { isTensor } from "../tensor.js";
import { Variable } from "../variable.js";
import { partsOf } from "./busy.js";
import { noteLayer, noteLoss, noteVariable } from "./recordable.js";
import { Unchanged } from "./unchanged.js";

/** Kernels whose result differs only if memory is full; a replay reports that as well as the function does. */
const MAY_FAIL_LATE: ReadonlySet<string> = new Set(["matmul_batched", "convolution"]);

/** Records one call of the function. */
export class LoopRecorder extends CallRecorder {
  override readonly isOwn = true;
  readonly #arena: Arena;
  readonly #parts = new Set<object>();
  /** Addresses outside of the recording's memory. */
  readonly #outside = new Set<number>();

  constructor(arena: Arena) {
    super(arena);
    this.#arena = arena;
  }

  override uses(part: object): void {
    this.#parts.add(part);
  }

  override repeat(work: () => void, reads: readonly number[] = [], owner?: object): void {
    for (const address of reads) this.#noteOutside(address);
    super.repeat(work, reads, owner);
  }

  override update(optimizer: Optimizer, given: StepInputs, mode: Mode): boolean {
    const kept = new KeptInputs(given);
    const { gradients, variables } = kept;
    if (gradients.some(isOfRows)) this.decline("a layer has sparseGradient");
    if (gradients.some((gradient) => gradient !== null && !isTensor(gradient))) {
      this.decline("an optimizer gets a gradient that is not a tensor");
    }
    for (const variable of variables) this.uses(variable);
    const reads = gradients.flatMap((gradient) => (isTensor(gradient) ? [gradient.address] : []));
    let isFirst = true;
    const work = () => {
      // The first time in the middle of the optimizer's own call.
      if (isFirst) optimizer.update(kept, mode);
      else optimizer.updateAlone(kept, mode);
      isFirst = false;
    };
    this.repeat(work, [...reads, ...variables.map(({ address }) => address)], optimizer);
    this.isLate = true;
    return true;
  }

  protected override noticed(name: string, args: readonly number[], result: number | undefined): void {
    for (const at of KERNELS.get(name) ?? []) this.#noteOutside(args[at]!);
    if (this.isLate && result !== undefined && !MAY_FAIL_LATE.has(name)) {
      this.decline("it reads numbers after an update");
    }
  }

  #noteOutside(address: number): void {
    if (address !== 0 && !this.#arena.holds(address)) this.#outside.add(address);
  }

  /** Everything that the call depended on; to be called after it. Declines if a part is unknown. */
  dependencies(): Unchanged {
    const unchanged = new Unchanged();
    const variables = new Set<Variable>();
    for (const part of this.#parts) {
      if (part instanceof Variable) variables.add(part);
      else if (part instanceof Loss) noteLoss(unchanged, part);
      else if (part instanceof Layer) {
        noteLayer(unchanged, part);
        for (const layer of partsOf<Layer>(part)) for (const weight of layer.weights) variables.add(weight);
      }
    }
    const known = [...variables].filter(({ disposed }) => !disposed);
    for (const variable of known) noteVariable(unchanged, variable);
    const isKnown = (at: number) => known.some(({ address, size }) => at >= address && at < address + size * 4);
    if (![...this.#outside].every(isKnown)) this.decline("it reads a tensor that is not an argument");
    return unchanged;
  }
}

/** Gradients and variables of an update, which stay the same. */
class KeptInputs implements StepInputs {
  readonly gradients: readonly unknown[];
  readonly variables: readonly Variable[];

  constructor(given: StepInputs) {
    const places = Array.from({ length: given.length }, (_, at) => at);
    this.gradients = places.map((at) => given.gradient(at));
    this.variables = places.map((at) => given.variable(at));
  }

  get length(): number {
    return this.variables.length;
  }

  gradient(at: number): unknown {
    return this.gradients[at];
  }

  variable(at: number): Variable {
    return this.variables[at]!;
  }
}
