/**
 * Arguments of a step: gradients with their variables, as pairs or as two lists.
 *
 * @module
 */

import { isReadable } from "../brands.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { counted, entriesOf, isList, list, shown } from "../options.js";
import { outlasting } from "../runtime/memory.js";
import { isTensor } from "../tensor.js";
import { isVariable, Variable } from "../variable.js";
import { readGradient } from "./gradients.js";

/** Gradients and variables by position. */
export interface StepInputs {
  readonly length: number;
  /** The same object as long as gradients and variables are the same; undefined if unknown. */
  readonly token?: object | undefined;
  /** Whether it is a part of a larger step, in which there may be no gradient. */
  readonly isPart?: boolean;
  /** The gradient at a position, not checked yet. */
  gradient(at: number): unknown;
  /** The variable at a position. @throws TypeError when there is none */
  variable(at: number): Variable;
}

/** Least length of a list of pairs to remember: shorter lists do not benefit. */
const MANY = 16;

/** Pairs, read. */
class Taken {
  readonly gradients: unknown[] = [];
  readonly variables: Variable[] = [];
  token = {};
}

/** The inputs of one step, each read once. An optimizer has one, and reuses it in every step. */
export class ReusedInputs implements StepInputs {
  length = 0;
  token: object | undefined;
  readonly #own = new Taken();
  /** For long lists of pairs, which loops often pass again. Weak, so that gradients are freed with their list. */
  readonly #known = new WeakMap<object, Taken>();
  #now = this.#own;

  gradient(at: number): unknown {
    return this.#now.gradients[at];
  }

  variable(at: number): Variable {
    return this.#now.variables[at]!;
  }

  /** Reads pairs. @throws TypeError for anything but pairs; ValueError for ragged gradients */
  takePairs(pairs: unknown): this {
    const entries = isList(pairs) ? pairs : entriesOf(pairs);
    if (entries === undefined) {
      throw new ArgumentTypeError(
        "ERR_PAIRS_MALFORMED",
        `applyGradients takes a list of [gradient, variable] pairs, got ${shown(pairs)}.`,
      );
    }
    const { length } = entries;
    const isKept = length >= MANY && entries === pairs;
    const now = isKept ? (this.#known.get(entries) ?? new Taken()) : this.#own;
    if (isKept) this.#known.set(entries, now);
    this.#now = now;
    const { gradients, variables } = now;
    if (variables.length !== length) {
      variables.length = length;
      now.token = {};
    }
    for (let at = 0; at < length; at++) {
      const pair = entries[at];
      if (!isList(pair) || pair.length !== 2) refusePair(pair, at);
      // By index: destructuring uses the iterator, and this runs for every variable of every step.
      const gradient = pair[0];
      const variable = pair[1];
      if (gradient === gradients[at] && variable === variables[at] && variable !== undefined) continue;
      now.token = {};
      if (!isVariable(variable)) refuseVariable(gradient, variable, at);
      this.#take(at, gradient, variable);
    }
    if (isKept) this.token = now.token;
    this.length = length;
    return this;
  }

  /**
   * Reads the two lists of `apply`.
   *
   * @param variables - The caller's variables, or those of the build.
   * @throws TypeError; ValueError when there are no variables, or not as many as gradients
   */
  takeLists(owner: string, gradients: unknown, variables: unknown): this {
    const given = isList(gradients) ? gradients : list(owner, "gradients", gradients as Iterable<unknown>);
    const { length } = given;
    this.length = 0;
    if (length === 0) return this;
    if (variables === undefined) {
      throw new ValueError(
        "ERR_NOT_BUILT",
        `${owner} is not built yet: call apply(gradients, variables), or build(variables) first.`,
      );
    }
    const trained = isList(variables) ? variables : list(owner, "variables", variables as Iterable<unknown>);
    const count = trained.length;
    if (length !== count) {
      throw new ValueError(
        "ERR_GRADIENT_COUNT",
        `${owner}: expected ${counted(count, "gradient")}, one for each variable, got ${length}.`,
      );
    }
    for (let at = 0; at < length; at++) this.#take(at, given[at], checkedVariable(owner, trained[at], at));
    this.length = length;
    return this;
  }

  /** Releases the caller's gradients after a step. */
  clear(): void {
    this.#own.gradients.fill(null);
    this.#now = this.#own;
    this.token = undefined;
    this.length = 0;
  }

  #take(at: number, gradient: unknown, variable: Variable): void {
    const isReady = gradient === null || isTensor(gradient);
    this.#now.gradients[at] = isReady ? gradient : readGradient(gradient, variable);
    this.#now.variables[at] = variable;
  }
}

/** The error of `applyGradients(gradients, variables)`. */
export function refuseTwoLists(): never {
  throw new ArgumentTypeError(
    "ERR_PAIRS_MALFORMED",
    "applyGradients takes one list, of pairs: applyGradients(zip(gradients, variables)). apply(gradients, variables) takes two.",
  );
}

function refusePair(pair: unknown, at: number): never {
  throw new ArgumentTypeError(
    "ERR_PAIRS_MALFORMED",
    `applyGradients: entry ${at} must be a [gradient, variable] pair, as of zip(gradients, variables), got ${shown(pair)}.`,
  );
}

function refuseVariable(gradient: unknown, variable: unknown, at: number): never {
  const hint = gradient instanceof Variable ? " Gradient and variable look swapped." : "";
  throw new ArgumentTypeError(
    "ERR_PAIRS_MALFORMED",
    `applyGradients: the second part of entry ${at} must be a Variable, got ${shown(variable)}.${hint}`,
  );
}

/** A list of gradients, and a list of as many variables. */
export class ListedInputs implements StepInputs {
  readonly #owner: string;
  readonly gradients: readonly unknown[];
  readonly variables: readonly unknown[];

  constructor(owner: string, gradients: readonly unknown[], variables: readonly unknown[]) {
    this.#owner = owner;
    this.gradients = gradients;
    this.variables = variables;
  }

  get length(): number {
    return this.variables.length;
  }

  gradient(at: number): unknown {
    return this.gradients[at];
  }

  variable(at: number): Variable {
    return checkedVariable(this.#owner, this.variables[at], at);
  }
}

/** The variable at an index of a list. */
export function checkedVariable(owner: string, variable: unknown, at: number): Variable {
  if (!isVariable(variable)) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${owner}: "variables" must be Variables, got ${shown(variable)} at index ${at}.`,
    );
  }
  return variable;
}

/** Refuses anything but the inputs of a step, in case a caller confuses `update` with `apply`. @throws TypeError */
export function checkInputs(owner: string, given: unknown, mode: unknown): void {
  if (isReadable(given) && "variable" in given && isReadable(mode)) return;
  throw new ArgumentTypeError("ERR_OPTION_TYPE", `${owner}: "update" is internal. Call apply or applyGradients.`);
}

/** All variables of a step. */
export function variablesOf(given: StepInputs): Variable[] {
  return Array.from({ length: given.length }, (_, at) => given.variable(at));
}

/** The gradients and variables of a list of pairs. */
export function unzipped(pairs: unknown): { gradients: unknown[]; variables: Variable[] } {
  const given = new ReusedInputs().takePairs(pairs);
  const variables = variablesOf(given);
  return { gradients: variables.map((_, at) => given.gradient(at)), variables };
}

/** The same, with gradients that survive an allocation in WebAssembly memory. */
export function outlastingInputs(owner: string, given: StepInputs): StepInputs {
  const variables = variablesOf(given);
  const gradients = variables.map((_, at) => outlasting(given.gradient(at)));
  return new ListedInputs(owner, gradients, variables);
}
