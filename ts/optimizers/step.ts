/**
 * One step, from the caller's gradients to the core: everything is checked before the first write.
 *
 * @module
 */

import { ArgumentTypeError, ValueError } from "../errors.js";
import { shown } from "../options.js";
import { outlasting } from "../runtime/memory.js";
import type { Outcome, Plan } from "../runtime/plan.js";
import { Tensor } from "../tensor.js";
import { Variable } from "../variable.js";
import { checkGradient, type Gradient, GradientSlab } from "./gradients.js";

/** What a step did. */
export type StepResult = Outcome;

/** How a step is taken. */
export interface Mode {
  readonly clip: boolean;
  /** Name for messages. */
  readonly label: string;
  /** Divide gradients by this, instead of the optimizer's `lossScaleFactor`. */
  readonly unscale?: number;
  /** Change nothing when a gradient is not finite. */
  readonly checkFinite?: boolean;
}

/** All that a step needs beside gradients and variables. */
export interface StepCall extends Mode {
  readonly rate: number;
  readonly calls: number;
  readonly unscale: number;
  /** Variables without a gradient are written as well: the moving average. */
  readonly all: boolean;
}

/** The part of the core's table that comes from the variable itself. */
export function planRow(variable: Variable): { address: number; shape: readonly number[] } {
  return { address: variable.address, shape: variable.shape };
}

/** Checks the variables that an optimizer is to be built for. */
export function checkVariables(owner: string, variables: unknown): Variable[] {
  if (typeof variables !== "object" || variables === null || !(Symbol.iterator in variables)) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${owner}: build takes a list of variables, got ${shown(variables)}.`,
    );
  }
  const list: Variable[] = [];
  for (const variable of variables as Iterable<unknown>) {
    if (!(variable instanceof Variable)) {
      throw new ArgumentTypeError(
        "ERR_OPTION_TYPE",
        `${owner}: build takes Variables, got ${shown(variable)} at ${list.length}.`,
      );
    }
    variable.address; // throws when it was disposed of
    list.push(variable);
  }
  refuseTwice(owner, list);
  return list;
}

function refuseTwice(owner: string, variables: readonly Variable[]): void {
  const seen = new Set<Variable>();
  for (const variable of variables) {
    if (seen.has(variable)) {
      throw new ValueError(
        "ERR_VARIABLE_DUPLICATE",
        `${owner}: the variable "${variable.name}" comes twice. Add its gradients and pass it once.`,
      );
    }
    seen.add(variable);
  }
}

/** Finds rows, checks gradients, and hands their addresses to the core. */
export class StepInput {
  readonly #plan: Plan;
  readonly #variables: readonly Variable[];
  readonly #rows = new Map<Variable, number>();
  readonly #addresses: Uint32Array;
  readonly #slab: GradientSlab;
  /** Variables whose missing gradient was warned about: once each, so that a training loop stays readable. */
  readonly #warned = new Set<Variable>();

  constructor(plan: Plan, variables: readonly Variable[]) {
    this.#plan = plan;
    this.#variables = variables;
    variables.forEach((variable, row) => {
      this.#rows.set(variable, row);
    });
    this.#addresses = new Uint32Array(variables.length);
    this.#slab = new GradientSlab(variables);
  }

  /** Refuses whatever the step would refuse, also for an optimizer that is yet to be built. */
  static check(
    owner: string,
    gradients: readonly (Gradient | null)[],
    variables: readonly Variable[],
    input: StepInput | undefined,
  ): void {
    let present = 0;
    let inOrder = input !== undefined;
    for (let i = 0; i < variables.length; i++) {
      const variable = variables[i] as Variable;
      if (!(variable instanceof Variable)) checkVariables(owner, variables);
      if (input !== undefined && input.#variables[i] !== variable) {
        inOrder = false;
        if (!input.#rows.has(variable)) refuseUnknown(owner, variable);
      }
      variable.address; // throws when it was disposed of
      const gradient = gradients[i];
      if (gradient === null) continue;
      present++;
      checkGradient(gradient, variable);
    }
    if (present === 0) {
      const names = variables.map(({ name }) => `"${name}"`).join(", ");
      throw new ValueError("ERR_GRADIENT_NONE", `${owner}: no gradients provided for any variable: ${names}.`);
    }
    if (!inOrder) refuseTwice(owner, variables);
  }

  /** Takes a step with checked gradients. */
  step(gradients: readonly (Gradient | null)[], variables: readonly Variable[], call: StepCall): Outcome {
    const addresses = this.#addresses.fill(0);
    const missing: Variable[] = [];
    let given = gradients;
    for (let i = 0; i < given.length; i++) {
      const gradient = given[i] as Gradient | null;
      const variable = variables[i] as Variable;
      // Gradients mostly come in the order of build: the guess saves the look-up.
      const row = this.#variables[i] === variable ? i : (this.#rows.get(variable) as number);
      if (gradient === null) {
        if (!this.#warned.has(variable)) missing.push(variable);
        continue;
      }
      if (!(gradient instanceof Tensor) && !this.#slab.reserved) {
        given = gradients.map(outlasting);
        this.#slab.reserve();
      }
      addresses[row] = this.#slab.address(given[i] as Gradient, row);
    }
    if (call.all) for (const variable of this.#variables) variable.address; // throws when disposed of
    const outcome = this.#plan.step(
      addresses,
      call.rate,
      call.calls,
      call.unscale,
      call.clip,
      call.checkFinite ?? false,
    );
    if (missing.length > 0) this.#warn(call.label, missing);
    return outcome;
  }

  #warn(label: string, missing: readonly Variable[]): void {
    const names = missing.map(({ name }) => `"${name}"`).join(", ");
    console.warn(`${label}: no gradient for ${names}; skipped. Is the loss a function of it?`);
    for (const variable of missing) this.#warned.add(variable);
  }

  /** Gives back the room for gradients. */
  free(): void {
    this.#slab.free();
  }
}

function refuseUnknown(owner: string, variable: Variable): never {
  throw new ValueError(
    "ERR_VARIABLE_UNKNOWN",
    `${owner} was not built for the variable "${variable.name}". Build an optimizer with all variables at once: build(variables).`,
  );
}

/** Applies the constraints of the variables that had a gradient. */
export function constrain(gradients: readonly (Gradient | null)[], variables: readonly Variable[]): void {
  for (let i = 0; i < variables.length; i++) {
    const variable = variables[i] as Variable;
    if (variable.constraint === null || gradients[i] === null) continue;
    const values = variable.constraint(variable);
    if (values !== null) variable.assign(values);
  }
}
