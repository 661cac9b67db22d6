/**
 * What a caller gives for a step: gradients, each with its variable, as pairs or as two lists.
 *
 * @module
 */

import { ArgumentTypeError, ValueError } from "../errors.js";
import { entriesOf, list, shown } from "../options.js";
import { outlasting } from "../runtime/memory.js";
import { Variable } from "../variable.js";
import type { Gradient, GradientAndVariable } from "./gradients.js";

/** Gradients and variables by their place; nothing is copied, for this is read in every step. */
export interface Given {
  readonly length: number;
  /** The gradient at a place, not checked yet. */
  gradient(at: number): unknown;
  /** The variable at a place. @throws TypeError when there is none */
  variable(at: number): Variable;
}

/** `[gradient, variable]` pairs. */
class Pairs implements Given {
  readonly #pairs: readonly unknown[];

  constructor(pairs: readonly unknown[]) {
    this.#pairs = pairs;
  }

  get length(): number {
    return this.#pairs.length;
  }

  gradient(at: number): unknown {
    return (this.#pairs[at] as GradientAndVariable)[0];
  }

  variable(at: number): Variable {
    const pair = this.#pairs[at];
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw new ArgumentTypeError(
        "ERR_PAIRS_MALFORMED",
        `applyGradients: entry ${at} must be a [gradient, variable] pair, got ${shown(pair)}.`,
      );
    }
    // By index: destructuring goes through the iterator, and this runs for every variable of every step.
    const variable: unknown = pair[1];
    if (!(variable instanceof Variable)) {
      const hint = pair[0] instanceof Variable ? " Gradient and variable look swapped." : "";
      throw new ArgumentTypeError(
        "ERR_PAIRS_MALFORMED",
        `applyGradients: the second part of entry ${at} must be a Variable, got ${shown(variable)}.${hint}`,
      );
    }
    return variable;
  }
}

/** A list of gradients, and one of as many variables. */
export class Lists implements Given {
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

/** The variable at a place in a list. */
export function checkedVariable(owner: string, variable: unknown, at: number): Variable {
  if (!(variable instanceof Variable)) {
    throw new ArgumentTypeError("ERR_OPTION_TYPE", `${owner}: build takes Variables, got ${shown(variable)} at ${at}.`);
  }
  return variable;
}

/** Refuses what is no list of pairs; the pairs themselves are checked as they are read. */
export function givenPairs(pairs: unknown): Given {
  const entries = entriesOf(pairs);
  if (entries === undefined) {
    throw new ArgumentTypeError(
      "ERR_PAIRS_MALFORMED",
      `applyGradients takes a list of [gradient, variable] pairs, got ${shown(pairs)}.`,
    );
  }
  return new Pairs(entries);
}

/**
 * The two lists of `apply`.
 *
 * @param variables - The caller's, or those that the optimizer is built for, if it is.
 * @throws TypeError; ValueError when there are no variables, or not as many as gradients
 */
export function givenLists(
  owner: string,
  gradients: Iterable<Gradient | null>,
  variables: Iterable<Variable> | undefined,
): Given {
  const given = list(owner, "gradients", gradients);
  if (given.length === 0) return new Lists(owner, [], []);
  if (variables === undefined) {
    throw new ValueError(
      "ERR_NOT_BUILT",
      `${owner} is not built yet: call apply(gradients, variables), or build(variables) first.`,
    );
  }
  const trained = list(owner, "variables", variables);
  if (given.length !== trained.length) {
    throw new ValueError(
      "ERR_GRADIENT_COUNT",
      `${owner}: expected ${trained.length} gradients, one for each variable, got ${given.length}.`,
    );
  }
  return new Lists(owner, given, trained);
}

/** All variables of a step. */
export function variablesOf(given: Given): Variable[] {
  return Array.from({ length: given.length }, (_, at) => given.variable(at));
}

/** The gradients and variables of a list of pairs. */
export function unzipped(pairs: unknown): { gradients: (Gradient | null)[]; variables: Variable[] } {
  const given = givenPairs(pairs);
  const variables = variablesOf(given);
  return { gradients: variables.map((_, at) => given.gradient(at) as Gradient | null), variables };
}

/** The same with gradients that outlast an allocation in WebAssembly memory. */
export function outlastingGiven(owner: string, given: Given): Given {
  const variables = variablesOf(given);
  const gradients = variables.map((_, at) => outlasting(given.gradient(at)));
  return new Lists(owner, gradients, variables);
}
