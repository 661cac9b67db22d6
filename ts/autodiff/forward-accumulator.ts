/**
 * Forward mode: derivatives along a direction, computed together with the values.
 *
 * @module
 */

import { checkBody } from "../bodies.js";
import { COPY, refuseProxy } from "../copies.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { guardNew } from "../getters.js";
import { checkCount, checkKnownOptions, checkMethod, isList, oneOrMore, shown } from "../options.js";
import { sameShape } from "../shape.js";
import { isTensor, Tensor } from "../tensor.js";
import { readNumbers, type Values } from "../values.js";
import { isVariable } from "../variable.js";
import { type Operand, tidy } from "./arena.js";
import { wantsZeros } from "./backward.js";
import { directionsOf } from "./directions.js";
import type { JacobianOptions } from "./gradient-tape.js";
import { added } from "./nested.js";
import { type Entry, type Recorder, recordedAround, recordedBy } from "./record.js";

type Float = Tensor<"float32">;

/**
 * Computes Jacobian-vector products: how results change when `primals` change along `tangents`. One forward pass
 * computes the derivatives of all results along one direction; a {@link GradientTape} computes those of one result
 * along all directions. An accumulator around a tape computes derivatives of gradients; a tape around an accumulator
 * computes gradients of the products.
 *
 * @see [tf.autodiff.ForwardAccumulator](https://www.tensorflow.org/api_docs/python/tf/autodiff/ForwardAccumulator)
 * @example
 * ```ts
 * import { ForwardAccumulator, ops, Variable } from "gradstep";
 *
 * const x = new Variable([2, 3]);
 * const accumulator = new ForwardAccumulator(x, [1, 10]);
 * const y = accumulator.run(() => ops.square(x));
 * console.log(accumulator.jvp(y)?.array()); // Float32Array [4, 60]
 * ```
 */
export class ForwardAccumulator {
  readonly #recorder = new TangentRecorder();

  /**
   * Creates an accumulator for one direction.
   *
   * @param primals - A float32 tensor or variable, or a list of them.
   * @param tangents - The direction: numbers in the shape of each primal; a list if `primals` is a list.
   * @throws TypeError (`ERR_TAPE`, `ERR_OPTION_TYPE`) for anything but float32 tensors and variables
   * @throws ValueError (`ERR_SHAPE`, `ERR_TAPE`) for tangents of another shape, or of another number
   * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
   * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
   */
  constructor(primals: Operand | readonly Operand[], tangents: Operand | Values | readonly (Operand | Values)[]) {
    checkCount("ForwardAccumulator", arguments.length, 2);
    guardNew(this, ForwardAccumulator.prototype);
    const words = { operands: "primals", directions: "tangents" };
    const { operands, directions } = directionsOf("ForwardAccumulator", words, primals, tangents);
    const pairs = operands.map((primal, i) => [primal, tangentFor(primal, directions[i]!)] as const);
    for (const [primal, tangent] of pairs) this.#recorder.add(primal, tangent);
  }

  /**
   * Runs `body`, and computes the tangents of its operations. Results stay readable as long as those of {@link tidy}.
   *
   * @param body - A synchronous function that calls operations.
   * @returns The result of `body`.
   * @throws TypeError (`ERR_TAPE`) for anything but a synchronous function, and for one that returns a promise;
   * (`ERR_OPTION_TYPE`) on a proxy of the accumulator; errors of `body`
   */
  run<T>(body: () => T): T {
    checkMethod(this, "run", arguments.length, 1);
    ForwardAccumulator.#check(this);
    checkBody("run", body);
    return tidy(() => recordedBy(this.#recorder, body));
  }

  /**
   * Reads a Jacobian-vector product: the derivative of a result along the tangents.
   *
   * @param target - A primal, or a result of the function that was run, or a list of these.
   * @param options - `unconnectedGradients`: the derivative of a result that depends on no primal: `"none"` for `null`,
   *   or `"zero"`. Default: `"none"`.
   * @returns Numbers of the shape of the target, or `null`; a list if `target` is one.
   * @throws TypeError (`ERR_TAPE`) for anything but tensors and variables; ValueError, TypeError (`ERR_TAPE`,
   * `ERR_OPTION_UNKNOWN`, `ERR_OPTION_TYPE`) for options that are unknown or of the wrong type
   */
  jvp(target: Operand, options?: JacobianOptions): Tensor<"float32"> | null;
  jvp(target: readonly Operand[], options?: JacobianOptions): (Tensor<"float32"> | null)[];
  jvp(target: Operand | readonly Operand[], options: JacobianOptions = {}): Float | null | (Float | null)[] {
    checkMethod(this, "jvp", arguments.length, 2);
    ForwardAccumulator.#check(this);
    checkKnownOptions("jvp", options, ["unconnectedGradients"]);
    const fillsZeros = wantsZeros("jvp", options);
    const found = (oneOrMore(target) as readonly Operand[]).map((one) => {
      if (!(isTensor(one) || isVariable(one))) {
        throw new ArgumentTypeError("ERR_TAPE", `jvp: the target is a tensor or a list of them, got ${shown(one)}.`);
      }
      return this.#recorder.of(one) ?? (fillsZeros ? zeros(one) : null);
    });
    return isList(target) ? found : (found[0] ?? null);
  }

  static #check(accumulator: ForwardAccumulator): void {
    if (!(#recorder in accumulator)) refuseProxy("accumulator");
  }

  /** @internal */
  get gradstepCopy(): symbol {
    return COPY;
  }

  /** For Vue: see `copies.ts`. @internal */
  get __v_skip(): true {
    return true;
  }
}

/** Tangents of all results that depend on the primals, computed as each operation is recorded. */
class TangentRecorder implements Recorder {
  readonly #tangents = new Map<Operand, Float>();

  of(operand: Operand): Float | undefined {
    return this.#tangents.get(operand);
  }

  tracks(operand: Operand): boolean {
    return this.#tangents.has(operand);
  }

  add(operand: Operand, tangent: Float): void {
    const other = this.#tangents.get(operand);
    this.#tangents.set(operand, other === undefined ? tangent : added(other, tangent));
  }

  push(entry: Entry): void {
    const given = entry.inputs.map((input) => this.#tangents.get(input) ?? null);
    recordedAround(this, () => {
      const tangent = entry.tangent(given);
      if (tangent !== null) this.add(entry.output, tangent);
    });
  }
}

function zeros({ shape }: Operand): Float {
  const tensor = new Tensor(shape, "float32");
  tensor.numbers.fill(0);
  return tensor;
}

function tangentFor(primal: Operand, given: Operand | Values): Float {
  if (!(isTensor(primal) || isVariable(primal)) || primal.dtype !== "float32") {
    throw new ArgumentTypeError(
      "ERR_TAPE",
      `ForwardAccumulator: primals are float32 tensors or variables, got ${shown(primal)}.`,
    );
  }
  void primal.disposed; // Refuses a proxy.
  const { flat, shape } = readNumbers("ForwardAccumulator: the tangent", given as Values, "float32");
  const isFlat = ArrayBuffer.isView(given) && shape[0] === primal.size;
  if (!isFlat && !sameShape(shape, primal.shape)) {
    throw new ValueError(
      "ERR_SHAPE",
      `ForwardAccumulator: expected a tangent of [${primal.shape.join(", ")}], got [${shape.join(", ")}].`,
    );
  }
  // The tensor itself, because an outer tape may request its gradient.
  if (isTensor(given) && given.dtype === "float32") return given as Float;
  const tensor = new Tensor(primal.shape, "float32");
  tensor.numbers.set(flat);
  return tensor;
}
