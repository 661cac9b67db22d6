/**
 * The gradients of operations with custom gradients, and the gradients of these.
 *
 * Only the function `g` of the operation is known, which maps the gradient `dy` of its value to those of its inputs.
 * For a true gradient, `g` is linear in `dy`, but it may, for instance, clip `dy`. So the tangent is that of `g` at the
 * `dy` of the call: the gradient of the sum of `t g(dy)` with respect to `dy`. The tangent's gradients are those of
 * this sum.
 *
 * @module
 */

import { allocate, type Operand } from "../autodiff/arena.js";
import { between, gradientsOf } from "../autodiff/backward.js";
import { asDefined, recordedGradients } from "../autodiff/nested.js";
import { record } from "../autodiff/operation.js";
import {
  type Backward,
  type Entry,
  isNested,
  pushAgain,
  type Question,
  type Recorder,
  recordedBy,
  unrecorded,
} from "../autodiff/record.js";
import { Recording } from "../autodiff/recording.js";
import { runBody } from "../bodies.js";
import { ValueError } from "../errors.js";
import { isList } from "../options.js";
import { wasm } from "../runtime/module.js";
import { type Shape, sameShape } from "../shape.js";
import { isTensor, Tensor } from "../tensor.js";
import { alike, stopGradient } from "./control.js";
import { floatOperand, type TensorLike } from "./operand.js";

type Float = Tensor<"float32">;
type Gradients = (dy: Float) => TensorLike | null | readonly (TensorLike | null)[];

/** One call of an operation. */
export class CustomRule {
  readonly #inputs: readonly Float[];
  readonly #shape: Shape;
  readonly #gradient: Gradients;
  /** Operations of the forward function, whose results the gradient function may use. */
  readonly #forward: readonly Entry[];
  /** The gradient of the value in the last call of `gradient()` whose result may be differentiated again. */
  #dy: Float | undefined;

  constructor(inputs: readonly Float[], shape: Shape, gradient: Gradients, forward: readonly Entry[]) {
    this.#inputs = inputs;
    this.#shape = shape;
    this.#gradient = gradient;
    this.#forward = forward;
  }

  /** The gradients of the inputs that need one. @throws ValueError for another shape */
  gradients(dy: Float, wants: (index: number) => boolean): (Float | null)[] {
    // In separate memory: the memory of the backward pass is reused.
    if (isNested()) this.#dy = new Tensor(dy.shape, "float32").assign(dy);
    return this.#gradients(dy, wants);
  }

  /** The rule for the gradient that was just computed, and the operands that it reads. */
  ofCall(): Pick<Entry, "tangent" | "reads"> {
    const dy = this.#dy;
    const reads = [...this.#operands(dy), ...beginnings(this.#forward)];
    return { tangent: (given) => this.tangent(dy, given), reads };
  }

  /** @param at - The gradient of the value; without one the gradient function is assumed to be linear. */
  tangent(at: Float | undefined, given: readonly (Float | null)[]): Float | null {
    for (const entry of this.#forward) pushAgain(entry);
    const tangents = this.#inputs.map((_, i) => given[i] ?? null);
    const operands = this.#operands(at);
    const value = unrecorded(() => this.#transposed(at, tangents, (asked) => gradientsOf(asked, new Map())));
    if (value === null) return null;
    const inputs = [...tangents.filter((t) => t !== null), ...operands];
    const backward: Backward = (dy, into) => {
      const again = new Recording(false);
      for (const operand of operands) again.watch(operand);
      const gradients = recordedBy(again, () => this.#gradients(dy, (i) => tangents[i] !== null));
      let count = 0;
      const [targets, seeds]: [Float[], Float[]] = [[], []];
      gradients.forEach((gradient, i) => {
        const t = tangents[i] ?? null;
        if (t === null) return;
        if (gradient !== null) {
          into.pass(count, gradient);
          targets.push(gradient);
          seeds.push(t);
        }
        count++;
      });
      gradientsOf(between(again, targets, operands, seeds), new Map()).forEach((gradient, i) => {
        if (gradient !== null) into.pass(count + i, gradient);
      });
    };
    const definition = () => this.#transposed(at, tangents, recordedGradients) as Float;
    return record("customGradient", inputs, stopGradient(value), backward, asDefined(inputs, definition));
  }

  /** The gradient of the sum of `t g(dy)` with respect to `dy`. */
  #transposed(
    at: Float | undefined,
    tangents: readonly (Float | null)[],
    gradientsFor: (asked: Question) => readonly (Float | null)[],
  ): Float | null {
    const dy = this.#copied(at);
    const recording = new Recording(false);
    recording.watch(dy);
    const gradients = recordedBy(recording, () => this.#gradients(dy, (i) => tangents[i] !== null));
    const given = gradients.map((_, i) => i).filter((i) => gradients[i] !== null);
    const targets = given.map((i) => gradients[i]!);
    const seeds = given.map((i) => tangents[i]!);
    return gradientsFor(between(recording, targets, [dy], seeds))[0] ?? null;
  }

  /** The inputs, and other operands that the gradient function reads. */
  #operands(at: Float | undefined): Operand[] {
    const dy = this.#copied(at);
    const recording = new FullRecording();
    unrecorded(() => recordedBy(recording, () => this.#gradients(dy, () => true)));
    const operands = new Set([...this.#inputs, ...beginnings(recording.entries)]);
    operands.delete(dy);
    return [...operands];
  }

  #copied(dy: Float | undefined): Float {
    const copy = allocate(this.#shape);
    if (dy === undefined) wasm().fill_values(copy.address, copy.size, 1);
    else wasm().copy_values(dy.address, copy.size, copy.address);
    return copy;
  }

  #gradients(dy: Float, wants: (index: number) => boolean): (Float | null)[] {
    const given = runBody("customGradient's gradient", () => this.#gradient(dy));
    const list = isList(given) && this.#inputs.length > 1 ? given : [given];
    return this.#inputs.map(({ shape }, i) => {
      const one = (list[i] ?? null) as TensorLike | null;
      if (one === null || !wants(i)) return null;
      const own = floatOperand("customGradient", one);
      if (!sameShape(own.shape, shape)) {
        throw new ValueError(
          "ERR_TAPE",
          `customGradient: gradient ${i} must have its input's shape [${shape.join(", ")}], got [${own.shape.join(", ")}].`,
        );
      }
      return isTensor(own) ? own : alike("customGradient", own, stopGradient(own));
    });
  }
}

/** A tape that tracks everything. */
export class FullRecording implements Recorder {
  readonly entries: Entry[] = [];

  tracks(): boolean {
    return true;
  }

  push(entry: Entry): void {
    this.entries.push(entry);
  }
}

/** Operands that are not results of these operations. */
function beginnings(entries: readonly Entry[]): Operand[] {
  const made = new Set<Operand>();
  const others = new Set<Operand>();
  for (const { inputs, output } of entries) {
    for (const input of inputs) if (!made.has(input)) others.add(input);
    made.add(output);
  }
  return [...others];
}
