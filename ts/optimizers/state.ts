/**
 * An optimizer's state, as a list of variables: in Keras 3's order (`variables`, and saved files) and in
 * the order of Keras 2 (`weights`, `getWeights`).
 *
 * @module
 */

import { type CounterDType, counterArray, counterDType } from "../counters.js";
import type { Float32s, Float64s, Int32s } from "../platform-types.js";
import { float32 } from "../runtime/memory.js";
import type { Plan, StateKind } from "../runtime/plan.js";
import type { OptimizerSpec } from "../runtime/specs.js";
import type { Shape } from "../shape.js";
import type { Variable } from "../variable.js";

type StateNumbers = Float32s | Int32s | Float64s;

/** One variable of an optimizer's state. */
export interface OptimizerVariable {
  /** Full name, as in Keras's saved files: `"adam/dense_kernel_momentum"`. */
  readonly path: string;
  /** Shape, `[]` for single numbers. */
  readonly shape: readonly number[];
  /** Element type: float32; of counters int32, and float64 from 2^31 on. */
  readonly dtype: "float32" | CounterDType;
  /**
   * The numbers: a fresh view of WebAssembly memory for slots; a copy for counters and for slots of another
   * `stateDtype`, which float32 represents exactly.
   */
  readonly value: StateNumbers;
  /** View of a slot's WebAssembly memory. @internal */
  readonly memory?: Float32s;
  /**
   * Returns a flat copy of the numbers.
   *
   * @returns the numbers, row by row
   */
  array(): StateNumbers;
  /** Overwrites the numbers; `values` has as many, or those of a part that begins at `at`. @internal */
  write(values: ArrayLike<number>, at?: number): void;
  /** Whether it can be written in parts. @internal */
  readonly takesParts?: boolean;
  /** Refuses numbers that it does not take. @internal */
  check?(values: ArrayLike<number>): void;
}

/** A slot of another `stateDtype`. */
interface SmallSlot {
  /** Its length in WebAssembly memory. */
  readonly words: number;
  /** A copy of its numbers, or of `values`, which are written. */
  small(values?: ArrayLike<number>): Float32s;
}

/** State in WebAssembly memory. */
export function slotVariable(
  path: string,
  shape: Shape,
  size: number,
  address: () => number,
  slot?: SmallSlot,
): OptimizerVariable {
  return {
    path,
    shape,
    dtype: "float32",
    get value() {
      const at = address();
      return slot?.small() ?? float32(at, size);
    },
    array() {
      return this.value.slice();
    },
    write(values, at) {
      if (slot === undefined) this.value.set(values, at);
      else slot.small(values);
    },
    takesParts: slot === undefined,
    get memory() {
      return float32(address(), slot?.words ?? size);
    },
  };
}

/** A single number kept in JavaScript: a rate, or, as "int32", a counter. */
export function scalarVariable(
  path: string,
  dtype: "float32" | "int32",
  read: () => number,
  write: (value: number) => void,
  check: (value: number) => void = () => {},
): OptimizerVariable {
  const isCounter = dtype === "int32";
  const copy = () => (isCounter ? counterArray(read()) : Float32Array.of(read()));
  return {
    path,
    shape: [],
    get dtype() {
      return isCounter ? counterDType(read()) : dtype;
    },
    get value() {
      return copy();
    },
    array: copy,
    write(values) {
      write(values[0]!);
    },
    check(values) {
      check(values[0]!);
    },
  };
}

/** The parts of an optimizer that {@link stateLists} uses. */
export interface StateOwner {
  readonly name: string;
  /** Path prefix of the build: "", or the path of the enclosing optimizer with a slash. */
  readonly scope: string;
  readonly spec: OptimizerSpec;
  readonly plan: Plan;
  readonly variables: readonly Variable[];
  readonly useEma: boolean;
  readonly accumulates: boolean;
  /** Called before state that follows a variable is read or written. */
  settle(row: number): void;
}

/** State without iterations and learning rate: `keras` by groups of slots, `bySlot` slot by slot. */
export interface StateLists {
  readonly keras: readonly OptimizerVariable[];
  readonly bySlot: readonly OptimizerVariable[];
}

/** The state of a built optimizer. */
export function stateLists(owner: StateOwner): StateLists {
  const { spec, plan } = owner;
  const each = (make: (variable: Variable, row: number) => OptimizerVariable | undefined) =>
    owner.variables.map(make).filter((made) => made !== undefined);
  const common = [
    ...(owner.useEma ? each((v, row) => full(owner, v, row, "average", "average")) : []),
    ...(owner.accumulates ? each((v, row) => full(owner, v, row, "accumulator", "gradient_accumulator")) : []),
  ];
  const slot = (index: number) => (v: Variable, row: number) => slotOf(owner, v, row, index);
  const groups = [...new Set(spec.slots.map(({ group }) => group))].map((group) =>
    spec.slots.flatMap((candidate, index) => (candidate.group === group ? [index] : [])),
  );
  const keras = groups.flatMap((indices) =>
    owner.variables.flatMap((v, row) => indices.map((index) => slot(index)(v, row)).filter((s) => s !== undefined)),
  );
  const slots = spec.slots.flatMap((_, index) => each(slot(index)));
  // When an optimizer is built inside another one, Keras loses state that is not a slot: Nadam's shared number, and
  // Adafactor's placeholders. `keras` follows Keras's files, which lack them. Rules beyond Keras keep such state.
  const tracked = owner.scope === "" || spec.shared.length > 1;
  const shared = spec.shared.map((name, at) =>
    slotVariable(`${owner.scope}${owner.name}/${name}`, [], 1, () => plan.shared() + at * 4),
  );
  // Keras 3 creates the shared number last, without a name; Keras 2 created it before the slots.
  return {
    keras: [...common, ...(tracked ? [...keras, ...shared] : keras.filter(({ dtype }) => dtype !== "int32"))],
    bySlot: [...common, ...shared, ...slots],
  };
}

function full(owner: StateOwner, variable: Variable, row: number, kind: StateKind, slot: string): OptimizerVariable {
  const path = slotPath(owner, variable, slot);
  return slotVariable(path, variable.shape, variable.size, () => settled(owner, row, kind));
}

function slotOf(owner: StateOwner, variable: Variable, row: number, index: number): OptimizerVariable | undefined {
  const spec = owner.spec.slots[index]!;
  const { shape } = variable;
  const isOutputs = spec.extent === "outputs";
  if (spec.extent !== "full" && !isOutputs && shape.length < 2) {
    // Keras keeps an integer 0 instead of a factor that a vector does not have.
    return scalarVariable(
      slotPath(owner, variable, spec.name),
      "int32",
      () => 0,
      () => {},
    );
  }
  const own =
    spec.extent === "rows"
      ? shape.slice(0, -1)
      : isOutputs
        ? shape.slice(-1)
        : spec.extent === "columns"
          ? [...shape.slice(0, -2), shape.at(-1) as number]
          : shape;
  const size = own.reduce((product, n) => product * n, 1);
  if ((size > 0 || isOutputs) && owner.plan.state(row, index) === 0) return undefined;
  const { plan } = owner;
  const words = plan.smallWords(row, index);
  const small = (values?: ArrayLike<number>) => plan.small(row, index, size, values);
  return slotVariable(
    slotPath(owner, variable, spec.name),
    own,
    size,
    () => settled(owner, row, index),
    words === 0 ? undefined : { words, small },
  );
}

/** Address of a row's state, after it followed its variable. */
function settled(owner: StateOwner, row: number, kind: StateKind): number {
  owner.settle(row);
  return owner.plan.state(row, kind) || EMPTY;
}

/** Any aligned address does for a view of no elements. */
const EMPTY = 64;

/** As in Keras, a slot without a name is named after the last part of the variable's path. */
export function slotPath(
  { scope, name }: Pick<StateOwner, "scope" | "name">,
  variable: Variable,
  slot: string,
): string {
  const parts = variable.path.split("/");
  return `${scope}${name}/${slot === "" ? parts.at(-1) : `${parts.join("_")}_${slot}`}`;
}
