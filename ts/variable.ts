/**
 * Variables: the numbers that are trained.
 *
 * Over 300 lines: one class, whose methods are fully documented.
 *
 * @module
 */

import { nextChange, noteMove } from "./changes.js";
import { COPY, isObject, refuseProxy } from "./copies.js";
import {
  displayed,
  INSPECT,
  type NestedList,
  NOTEBOOK,
  type Notebook,
  type NumbersJSON,
  nestedList,
  notebook,
  numbersJSON,
} from "./display.js";
import { DisposedError } from "./errors.js";
import { refuseAssignments } from "./getters.js";
import { uniqueName } from "./names.js";
import { boolean, checkCount, checkKnownOptions, checkMethod, text } from "./options.js";
import type { Float32s } from "./platform-types.js";
import { primitive } from "./primitive.js";
import { Block, float32 } from "./runtime/memory.js";
import { checkedShape, type Shape, sizeOf } from "./shape.js";
import { beforeState, beforeView } from "./undo.js";
import { fitting, readNumbers, type Values } from "./values.js";

/** Options of a {@link Variable}. */
export interface VariableOptions {
  /** Lengths of the axes. Default: the nesting, or the length, of the data. */
  readonly shape?: Shape | null | undefined;
  /** A name such as `"dense/kernel"`, for messages, weight decay exclusions and saved files. Default: `"variable"`, made unique. */
  readonly name?: string | null | undefined;
  /** Whether models train it. Default: true. */
  readonly trainable?: boolean | undefined;
}

/** Called with a variable after each update: returns the new values, or null after changing them in place. */
export type Constraint = (variable: Variable) => Values | null;

/** The last step of an optimizer, for all its variables: writing the number to each would take longer than many updates. */
export interface LastStep {
  /** Number of the change, from `nextChange()`. */
  changed: number;
}

/** Of variables without an optimizer. */
export const NO_STEP: LastStep = { changed: 0 };

let count = 0;

/**
 * Float32 numbers in WebAssembly memory that an optimizer trains.
 *
 * @see [tf.Variable](https://js.tensorflow.org/api/latest/#class:Variable)
 * @example
 * ```ts
 * import { Variable } from "gradstep";
 *
 * const kernel = new Variable([[1, 2], [3, 4], [5, 6]], { name: "dense/kernel" });
 * console.log(kernel.shape); // [3, 2]
 * kernel.value[0] = 10; // writes to WebAssembly memory
 * console.log(kernel.array()); // Float32Array [10, 2, 3, 4, 5, 6]
 * ```
 */
export class Variable {
  /** Its full name, such as `"dense/kernel"`. */
  readonly name: string;
  /** Lengths of the axes, outermost first. */
  readonly shape: readonly number[];
  /** Number of elements. */
  readonly size: number;
  /** Element type. */
  readonly dtype = "float32" as const;
  /** Whether models train it. */
  trainable: boolean;
  /** The last step of the optimizer that was built for it first; other changes are in `ownChange`. @internal */
  lastStep: LastStep = NO_STEP;
  /** See {@link Variable.changed}. @internal */
  ownChange = 0;
  /** See {@link Variable.constraint}. @internal */
  ownConstraint: Constraint | null = null;
  /** Counts changes from outside, by `assign` and `setWeights`, which optimizers have to follow. @internal */
  assignments = 0;
  /** Unique number of the variable. @internal */
  readonly id = count++;
  readonly #block: Block;

  /**
   * Makes a variable: float32 numbers in WebAssembly memory that an optimizer trains.
   *
   * @param data - A typed array, a tensor, a number, or nested lists of these; copied and rounded to float32.
   * @param options - {@link VariableOptions}.
   * @throws ValueError (`ERR_VALUES_SHAPE`) when `data` does not fill the shape, or its rows differ in length;
   * ValueError, TypeError (`ERR_SHAPE`) for lengths that are not whole numbers
   * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_DETACHED`) for anything but numbers
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_TYPE`) for an option that is unknown or of the
   * wrong type
   * @throws OutOfMemoryError (`ERR_OUT_OF_MEMORY`) when memory is full
   */
  constructor(data: Values, options: VariableOptions = {}) {
    checkCount("Variable", arguments.length, 2);
    checkKnownOptions("Variable", options, ["shape", "name", "trainable"]);
    const { shape, name: givenName, trainable } = options;
    const name = givenName === undefined || givenName === null ? undefined : text("Variable", "name", givenName);
    const owner = name === undefined ? "Variable" : `Variable "${name}"`;
    const given = shape === undefined || shape === null ? undefined : checkedShape(owner, shape);
    this.trainable = boolean(owner, "trainable", trainable ?? true);
    const read = readNumbers(owner, data, "float32");
    this.shape = given ?? read.shape;
    this.size = sizeOf(this.shape);
    const flat = fitting(owner, read, this.shape);
    this.#block = new Block(this.size);
    this.numbers.set(flat);
    // Last, so that a refused variable does not use up a name.
    this.name = name ?? uniqueName("variable");
  }

  /** @throws TypeError for a proxy */
  static #of(variable: Variable): Block {
    return isObject(variable) && #block in variable ? variable.#block : refuseProxy("variable");
  }

  /** Applied after each update, and after the moving average of the weights, as in Keras. */
  get constraint(): Constraint | null {
    return this.ownConstraint;
  }

  set constraint(constraint: Constraint | null) {
    this.ownConstraint = constraint;
    // Optimizers look for constraints only when something has moved.
    noteMove();
  }

  /**
   * Number of the last in-place change, from `nextChange()`: a tape must not differentiate at overwritten values. @internal
   */
  get changed(): number {
    return Math.max(this.ownChange, this.lastStep.changed);
  }

  /** @internal */
  set changed(change: number) {
    this.ownChange = change;
  }

  /** Keras's word for {@link Variable.name}. */
  get path(): string {
    return this.name;
  }

  /**
   * View of the numbers in WebAssembly memory, created at each use. Write to it to change the variable. The next call
   * into gradstep that allocates detaches it: don't keep it. A tape cannot detect writes to a view: between recording
   * and `gradient()` use {@link Variable.assign}, which it detects and refuses.
   *
   * @throws DisposedError (`ERR_DISPOSED`) after {@link Variable.dispose}; TypeError (`ERR_OPTION_TYPE`) for a proxy
   */
  get value(): Float32s {
    Variable.#of(this);
    beforeView(this, saved);
    return float32(this.address, this.size);
  }

  /** The same as {@link Variable.value}, under the name used by tensors. @internal */
  get numbers(): Float32s {
    return float32(this.address, this.size);
  }

  /**
   * Copies the numbers.
   *
   * @returns A flat `Float32Array` of all numbers, row by row.
   * @throws DisposedError (`ERR_DISPOSED`) after {@link Variable.dispose}; TypeError (`ERR_OPTION_TYPE`) for a proxy
   */
  array(): Float32s {
    checkMethod(this, "array", arguments.length, 0);
    return this.numbers.slice();
  }

  /**
   * Overwrites the numbers.
   *
   * @param values - As many as the variable has: a typed array, a tensor, or nested lists of its shape.
   * @returns The variable itself.
   * @throws ValueError (`ERR_VALUES_SHAPE`) when the values do not fit the shape, or their rows differ in length
   * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_DETACHED`) for anything but numbers; nothing is
   * written then
   * @throws DisposedError (`ERR_DISPOSED`) after {@link Variable.dispose}; TypeError (`ERR_OPTION_TYPE`) for a proxy
   */
  assign(values: Values): this {
    checkMethod(this, "assign", arguments.length, 1);
    this.write(fittingVariable(this, values));
    return this;
  }

  /**
   * Adds to the numbers, each rounded to float32.
   *
   * @param values - As many as the variable has, as for {@link Variable.assign}.
   * @returns The variable itself.
   * @throws ValueError (`ERR_VALUES_SHAPE`) when the values do not fit the shape, or their rows differ in length
   * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_DETACHED`) for anything but numbers; nothing is
   * written then
   * @throws DisposedError (`ERR_DISPOSED`) after {@link Variable.dispose}; TypeError (`ERR_OPTION_TYPE`) for a proxy
   */
  assignAdd(values: Values): this {
    checkMethod(this, "assignAdd", arguments.length, 1);
    return this.change(values, 1);
  }

  /**
   * Subtracts from the numbers, each rounded to float32.
   *
   * @param values - As many as the variable has, as for {@link Variable.assign}.
   * @returns The variable itself.
   * @throws ValueError (`ERR_VALUES_SHAPE`) when the values do not fit the shape, or their rows differ in length
   * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_DETACHED`) for anything but numbers; nothing is
   * written then
   * @throws DisposedError (`ERR_DISPOSED`) after {@link Variable.dispose}; TypeError (`ERR_OPTION_TYPE`) for a proxy
   */
  assignSub(values: Values): this {
    checkMethod(this, "assignSub", arguments.length, 1);
    return this.change(values, -1);
  }

  /** @internal */
  protected change(values: Values, sign: 1 | -1): this {
    const flat = fittingVariable(this, values);
    beforeState(this, saved);
    const { numbers } = this;
    let hasChanged = false;
    for (let i = 0; i < numbers.length; i++) {
      const old = numbers[i]!;
      // The sum of two float32 numbers in float64, rounded once, has the bits of a float32 addition.
      const next = Math.fround(old + sign * Math.fround(flat[i]!));
      numbers[i] = next;
      if (isOther(old, next)) hasChanged = true;
    }
    if (hasChanged) this.assignments++;
    this.changed = nextChange();
    return this;
  }

  /** Overwrites the numbers; `values` has as many, or those of a part that begins at `at`. @internal */
  write(values: ArrayLike<number>, at = 0): void {
    beforeState(this, saved);
    // Replicas that agree, and a model whose weights go to a worker and come back, are given the numbers that they have.
    if (this.differs(values, at)) this.assignments++;
    this.numbers.set(values, at);
    this.changed = nextChange();
  }

  /** Whether its numbers from `at` on differ from `values`, which are no more. @internal */
  differs(values: ArrayLike<number>, at = 0): boolean {
    const { numbers } = this;
    for (let i = 0; i < values.length; i++) if (isOther(numbers[at + i]!, Math.fround(values[i]!))) return true;
    return false;
  }

  /**
   * Whether {@link Variable.dispose} was called.
   *
   * @throws TypeError (`ERR_OPTION_TYPE`) for a proxy of a variable
   */
  get disposed(): boolean {
    return Variable.#of(this).freed;
  }

  /**
   * Frees the memory. Using the variable afterwards is an error, disposing of it again is not.
   *
   * @throws TypeError (`ERR_OPTION_TYPE`) for a proxy of a variable
   */
  dispose(): void {
    checkMethod(this, "dispose", arguments.length, 0);
    Variable.#of(this).free();
  }

  /**
   * Copies the numbers into nested lists.
   *
   * @returns Lists as deep as the shape is long; a number if the shape is `[]`.
   * @throws DisposedError (`ERR_DISPOSED`) after {@link Variable.dispose}; TypeError (`ERR_OPTION_TYPE`) for a proxy
   */
  toArray(): NestedList {
    checkMethod(this, "toArray", arguments.length, 0);
    return nestedList(this.numbers, this.shape);
  }

  /**
   * Text that `console.log` shows: name, shape, type and numbers, shortened as NumPy does.
   *
   * @returns Several lines of text; that of a freed variable says so.
   */
  toString(): string {
    checkMethod(this, "toString", arguments.length, 0);
    return displayed(`Variable "${this.name}"`, this);
  }

  /**
   * Value for `JSON.stringify`, which `setWeights` reads. NaN and Infinity become `null` in the text.
   *
   * @param _key - Ignored: `JSON.stringify` passes it.
   * @returns Flat numbers, shape and type.
   * @throws DisposedError (`ERR_DISPOSED`) after {@link Variable.dispose}; TypeError (`ERR_OPTION_TYPE`) for a proxy
   */
  toJSON(_key?: string): NumbersJSON {
    checkMethod(this, "toJSON", arguments.length, 1);
    return numbersJSON(this);
  }

  /** For `+`, `*`, `<` and the like. @internal */
  [Symbol.toPrimitive](hint: string): string | number {
    return primitive(this, hint);
  }

  /** @internal */
  [INSPECT](): string {
    return this.toString();
  }

  /** @internal */
  [NOTEBOOK](): Notebook {
    return notebook(this.toString());
  }

  /** Does the same as {@link Variable.dispose}, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** No arena: it has separate memory. @internal */
  get arena(): undefined {
    return undefined;
  }

  /** Address of the numbers in WebAssembly memory. @internal */
  get address(): number {
    const block = Variable.#of(this);
    if (block.freed) {
      throw new DisposedError(`Variable "${this.name}" was disposed of. Make a new one, or dispose of it later.`);
    }
    return block.address;
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

refuseAssignments(Variable.prototype);

/** Saves the state, which is restored after a trial call of a layer. */
function saved(variable: Variable): () => void {
  const { changed, assignments } = variable;
  const before = variable.array();
  return () => {
    if (variable.disposed) return;
    variable.numbers.set(before);
    variable.changed = changed;
    variable.assignments = assignments;
  };
}

/** Whether two numbers differ; all NaNs are equal. */
function isOther(a: number, b: number): boolean {
  return a !== b && !(Number.isNaN(a) && Number.isNaN(b));
}

function fittingVariable({ name, shape }: Variable, values: Values): ArrayLike<number> {
  const owner = `Variable "${name}"`;
  return fitting(owner, readNumbers(owner, values, "float32"), shape);
}

/** Whether it is a variable. Not `isA`: engines optimize a test for a single class far better. @internal */
export function isVariable(value: unknown): value is Variable {
  try {
    return value instanceof Variable;
  } catch {
    return false;
  }
}
