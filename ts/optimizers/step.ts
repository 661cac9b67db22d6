/**
 * One step, from the caller's gradients to the core: everything is checked before the first write.
 *
 * @module
 */

import { isOfRows, type RowGradients } from "../autodiff/row-places.js";
import { isFloat32Array, lengthOf } from "../brands.js";
import { lastMove } from "../changes.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { entriesOf, shown } from "../options.js";
import type { Outcome, Plan } from "../runtime/plan.js";
import { sameShape } from "../shape.js";
import { isTensor, type Tensor } from "../tensor.js";
import type { Variable } from "../variable.js";
import { checkGradient, GradientSlab, type NestedGradient } from "./gradients.js";
import { checkedVariable, outlastingInputs, type StepInputs, variablesOf } from "./step-inputs.js";

/** Outcome of a step. */
export type StepResult = Outcome;

/** Mode of a step. */
export interface Mode {
  readonly clip: boolean;
  /** Name for messages. */
  readonly label: string;
  /** Divisor of gradients, instead of the optimizer's `lossScaleFactor`. */
  readonly unscale?: number;
  /** Change nothing when a gradient is not finite. */
  readonly checkFinite?: boolean;
  /** Called before the core's step, to measure it. */
  readonly measure?: (plan: Plan) => void;
}

/** Everything a step needs in addition to gradients and variables. */
export interface StepCall extends Mode {
  readonly rate: number;
  readonly calls: number;
  readonly unscale: number;
  /** Variables without a gradient are written too, for the moving average and accumulated gradients. */
  readonly all: boolean;
}

/** Checks the variables of a build. */
export function checkVariables(owner: string, variables: unknown): Variable[] {
  const list = entriesOf(variables);
  if (list === undefined) {
    throw new ArgumentTypeError("ERR_OPTION_TYPE", `${owner}: "variables" must be a list, got ${shown(variables)}.`);
  }
  const checked = list.map((variable, at) => checkedVariable(owner, variable, at));
  for (const variable of checked) variable.address; // throws when it was disposed of
  refuseTwice(owner, checked);
  return checked;
}

function refuseTwice(owner: string, variables: readonly Variable[]): void {
  const seen = new Set<Variable>();
  for (const variable of variables) {
    if (seen.has(variable)) {
      throw new ValueError(
        "ERR_VARIABLE_DUPLICATE",
        `${owner}: the variable "${variable.name}" is passed twice. Add its gradients and pass it once.`,
      );
    }
    seen.add(variable);
  }
}

/** Refuses a row gradient, which few optimizers take. @throws ValueError */
type RefuseRows = (owner: string, variable: string, gradient: RowGradients) => void;

const NONE: readonly Variable[] = [];

/** Finds rows, checks gradients, and passes their addresses to the core. */
export class StepInput {
  readonly #variables: readonly Variable[];
  readonly #rows = new Map<Variable, number>();
  readonly #addresses: Uint32Array;
  readonly #slab: GradientSlab;
  /** Variables whose missing gradient caused a warning: once each, so that the output of a training loop stays readable. */
  readonly #warned = new Set<Variable>();
  /** Result of {@link StepInput.check}: gradients from JavaScript, missing ones, and variables with a constraint. */
  #isOutside = false;
  #isMissing = false;
  #isConstrained = false;
  #byRows: readonly (readonly [row: number, gradient: RowGradients])[] = [];
  readonly #refuseRows: RefuseRows | undefined;

  /** Whether a row has accumulated gradients; undefined if gradients are not accumulated. */
  readonly #hasGathered: ((row: number) => boolean) | undefined;
  /** Variables with a constraint that are updated only by accumulated gradients. */
  #late: readonly Variable[] = NONE;
  /** Inputs that {@link StepInput.check} has checked as a whole, and the last change of addresses then. */
  #token: object | undefined;
  #move = 0;

  constructor(variables: readonly Variable[], hasGathered?: (row: number) => boolean, refuseRows?: RefuseRows) {
    this.#variables = variables;
    this.#refuseRows = refuseRows;
    this.#hasGathered = hasGathered;
    variables.forEach((variable, row) => {
      this.#rows.set(variable, row);
    });
    this.#addresses = new Uint32Array(variables.length);
    this.#slab = new GradientSlab(variables);
  }

  /** Throws if a step would refuse, and records the addresses of gradients in WebAssembly memory. */
  check(owner: string, given: StepInputs): void {
    const move = lastMove();
    const addresses = this.#addresses;
    const variables = this.#variables;
    const { length, token } = given;
    const isKnown = token !== undefined && token === this.#token && move === this.#move;
    // New constraints count as moves, too.
    if (isKnown && !(this.#isOutside && haveMoved(given))) return;
    this.#token = undefined;
    addresses.fill(0);
    let present = 0;
    let isInOrder = true;
    let isOutside = false;
    let isConstrained = false;
    const byRows: (readonly [row: number, gradient: RowGradients])[] = [];
    for (let i = 0; i < length; i++) {
      const variable = given.variable(i);
      // Gradients usually come in the order of the build: guessing the row saves a look-up.
      let row = i;
      if (variables[i] !== variable) {
        isInOrder = false;
        row = this.#rows.get(variable) ?? refuseUnknown(owner, variable);
      }
      variable.address; // throws when it was disposed of
      const gradient = given.gradient(i);
      if (gradient === null) continue;
      present++;
      // The common case first, in calls that engines inline: a thousand small variables take a third less time.
      if (isOfRows(gradient) && sameShape(gradient.shape, variable.shape)) {
        this.#refuseRows?.(owner, variable.name, gradient);
        byRows.push([row, gradient]);
      } else if (isTensor(gradient) && gradient.dtype === "float32" && sameShape(gradient.shape, variable.shape)) {
        addresses[row] = gradient.address;
      } else {
        checkGradient(gradient, variable); // refuses all other tensors
        isOutside = true;
      }
      if (variable.constraint !== null) isConstrained = true;
    }
    if (present === 0 && !given.isPart) refuseNone(owner, given);
    if (!isInOrder) refuseTwice(owner, variablesOf(given));
    this.#byRows = byRows;
    this.#isOutside = isOutside;
    this.#isMissing = present < length;
    this.#late = this.#hasGathered === undefined ? NONE : this.#lateOf(this.#hasGathered, given);
    this.#isConstrained = isConstrained || this.#late.length > 0;
    if (!(this.#isMissing || this.#hasGathered || byRows.length)) this.#token = token;
    this.#move = move;
  }

  #lateOf(hasGathered: (row: number) => boolean, given: StepInputs): readonly Variable[] {
    if (!haveConstraint(this.#variables)) return NONE;
    const present = new Set(variablesOf(given).filter((_, at) => given.gradient(at) !== null));
    return this.#variables.filter(
      (variable, row) => variable.constraint !== null && !present.has(variable) && hasGathered(row),
    );
  }

  /** Takes a step with the inputs just checked. */
  step(plan: Plan, given: StepInputs, call: StepCall): Outcome {
    if (call.all) for (const variable of this.#variables) variable.address; // throws when disposed of
    if (this.#isOutside) this.#copyOutside(call.label, given);
    for (const [row, gradient] of this.#byRows) gradient.give(plan, row);
    const outcome = plan.step(
      this.#addresses,
      call.rate,
      call.calls,
      call.unscale,
      call.clip,
      call.checkFinite ?? false,
    );
    return outcome;
  }

  /** Rows about to be updated by accumulated gradients, without a gradient in this step. */
  gathered(): readonly number[] {
    const has = this.#hasGathered;
    if (has === undefined) return [];
    return this.#variables.flatMap((_, row) => (has(row) ? [row] : []));
  }

  /** Rows that had a gradient in the last step. */
  stepped(): readonly number[] {
    return [...this.#addresses].flatMap((address, row) => (address === 0 ? [] : [row]));
  }

  /** Whether a variable in the checked step has a constraint. */
  get isConstrained(): boolean {
    return this.#isConstrained;
  }

  /** Applies the constraints of the updated variables. @throws whatever they throw */
  constrain(given: StepInputs): void {
    for (let i = 0; i < given.length; i++) {
      if (given.gradient(i) !== null) constrain(given.variable(i));
    }
    for (const variable of this.#late) constrain(variable);
  }

  /** Copies gradients into WebAssembly memory, all or none: nested numbers may still turn out ragged. */
  #copyOutside(label: string, given: StepInputs): void {
    const safe = this.#slab.reserved ? given : outlastingInputs(label, given);
    this.#slab.reserve();
    const { room } = this.#slab;
    const { length } = safe;
    for (let i = 0; i < length; i++) {
      const gradient = safe.gradient(i) as Tensor | Float32Array | NestedGradient | null;
      const isArray = isFloat32Array(gradient);
      if (!isArray && (gradient === null || isTensor(gradient))) continue;
      const variable = safe.variable(i);
      const row = this.#variables[i] === variable ? i : (this.#rows.get(variable) as number);
      this.#addresses[row] = this.#slab.copy(isArray ? gradient : gradient.flat, row, room);
    }
  }

  /** Warns about missing gradients after a step. */
  warn(label: string, given: StepInputs): void {
    if (!this.#isMissing) return;
    const missing = variablesOf(given).filter(
      (variable, at) => given.gradient(at) === null && !this.#warned.has(variable),
    );
    if (missing.length === 0) return;
    const names = missing.map(({ name }) => `"${name}"`).join(", ");
    console.warn(`${label}: no gradient for ${names}; skipped. Is the loss a function of it?`);
    for (const variable of missing) this.#warned.add(variable);
  }

  /** Frees the memory for gradients. */
  free(): void {
    this.#slab.free();
  }
}

/** Not by `some`, whose calls cost more than the rest of the checks. */
function haveConstraint(variables: readonly Variable[]): boolean {
  for (const { constraint } of variables) if (constraint !== null) return true;
  return false;
}

/** Whether a gradient from JavaScript has lost its numbers, whose buffer was transferred or shrunk. */
function haveMoved(given: StepInputs): boolean {
  for (let i = 0; i < given.length; i++) {
    const gradient = given.gradient(i);
    if (!isFloat32Array(gradient)) continue;
    const length = lengthOf(gradient);
    if (length === 0 || length !== given.variable(i).size) return true;
  }
  return false;
}

function constrain(variable: Variable): void {
  if (variable.constraint === null) return;
  const { assignments, constraint } = variable;
  if (typeof constraint !== "function") {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `The constraint of "${variable.name}" must be a function or null, got ${shown(constraint)}. Pass asFunction() of a Constraint.`,
    );
  }
  const values = constraint(variable);
  if (values !== null) variable.assign(values);
  // Part of the step, not an external change.
  variable.assignments = assignments;
}

function refuseUnknown(owner: string, variable: Variable): never {
  throw new ValueError(
    "ERR_VARIABLE_UNKNOWN",
    `${owner} was not built for the variable "${variable.name}". An optimizer keeps the variables of its first build: make a new one and compile the model with it, or call build with all variables, frozen ones too, before the first step.`,
  );
}

function refuseNone(owner: string, given: StepInputs): never {
  const names = variablesOf(given).map(({ name }) => `"${name}"`);
  throw new ValueError(
    "ERR_GRADIENT_NONE",
    `${owner}: no gradients provided for any variable: ${names.join(", ")}. The loss must be computed from them, inside the tape.`,
  );
}
