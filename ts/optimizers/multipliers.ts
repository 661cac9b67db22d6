/**
 * Multipliers by variable: of the learning rate, and of the weight decay.
 *
 * @module
 */

import { isPlain } from "../brands.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { argumentName } from "../keras-names.js";
import { entriesOf, isList, NON_NEGATIVE, shown } from "../options.js";
import { isVariable, type Variable } from "../variable.js";
import { type Scheduled, scheduledIn } from "./scheduled.js";

/** An object with weights, such as a layer or a model. */
export interface WithWeights {
  /** The variables, once created. */
  readonly weights: readonly Variable[];
}

/** The variables of a multiplier: a pattern of their paths, a variable, a list, or a layer. */
export type MultiplierTarget = string | Variable | readonly Variable[] | WithWeights;

/**
 * Multipliers by pattern, or as pairs. A pattern is a regular expression that the whole path of a variable must match, as
 * `"encoder/.*"` matches `"encoder/kernel"`; a key that equals the path takes precedence.
 */
export type Multipliers = Readonly<Record<string, Scheduled>> | readonly (readonly [MultiplierTarget, Scheduled])[];

/** The multipliers of one option. */
export class MultiplierMap {
  readonly #label: string;
  readonly #pairs: readonly (readonly [target: MultiplierTarget, factor: Scheduled])[];
  readonly #patterns: readonly (readonly [key: string, pattern: RegExp, factor: Scheduled])[];

  constructor(owner: string, option: string, given: unknown) {
    this.#label = `${owner}: "${argumentName(option)}"`;
    const entries = isList(given) ? entriesOf(given) : isPlain(given) ? Object.entries(given as object) : undefined;
    const pairs = entries?.flatMap((entry) => pairOf(entry));
    if (pairs === undefined || pairs.length !== entries?.length) {
      throw new ArgumentTypeError(
        "ERR_OPTION_TYPE",
        `${this.#label} must be an object of factors by pattern, such as { "encoder/.*": 0.1 }, or a list of pairs of a layer, variables or a pattern and a factor, got ${shown(given)}.`,
      );
    }
    this.#pairs = pairs.map(([target, factor]) => [target, scheduledIn(owner, option, factor, NON_NEGATIVE)]);
    this.#patterns = this.#pairs.flatMap(([target, factor]) =>
      typeof target === "string" ? [[target, this.#pattern(target), factor] as const] : [],
    );
  }

  /** The factor of a variable, 1 by default. @throws ValueError when several match */
  of(variable: Variable): Scheduled {
    const direct = this.#pairs.filter(([target]) => target === variable.path || includes(target, variable));
    const found = direct.length > 0 ? direct : this.#patterns.filter(([, pattern]) => pattern.test(variable.path));
    if (found.length > 1) {
      throw new ValueError(
        "ERR_OPTION_CONFLICT",
        `${this.#label} has ${found.length} factors for the variable "${variable.path}". Write patterns that exclude each other, or its path as a key.`,
      );
    }
    return (found[0]?.at(-1) as Scheduled | undefined) ?? 1;
  }

  /** As JSON: layers and variables by their paths. */
  toConfig(): Record<string, Scheduled> {
    const config: Record<string, Scheduled> = {};
    for (const [target, factor] of this.#pairs) {
      const keys = typeof target === "string" ? [target] : variablesOf(target).map(({ path }) => path);
      for (const key of keys) config[key] = factor;
    }
    return config;
  }

  #pattern(source: string): RegExp {
    try {
      return new RegExp(`^(?:${source})$`);
    } catch (cause) {
      throw new ValueError(
        "ERR_OPTION_RANGE",
        `${this.#label} must have regular expressions as keys: ${(cause as Error).message}.`,
      );
    }
  }
}

/** A pair as passed, its lists copied; undefined for anything else. */
function pairOf(given: unknown): [target: MultiplierTarget, factor: unknown][] {
  if (!isList(given) || given.length !== 2) return [];
  const [first, factor] = given as readonly unknown[];
  const target = isList(first) ? entriesOf(first) : first;
  return isTarget(target) ? [[target, factor]] : [];
}

function isTarget(target: unknown): target is MultiplierTarget {
  if (typeof target === "string" || isVariable(target)) return true;
  if (isList(target)) return (target as readonly unknown[]).every(isVariable);
  return isList((target as { weights?: unknown } | null | undefined)?.weights);
}

/** Read when needed: a layer has weights only once it is built. */
function variablesOf(target: Exclude<MultiplierTarget, string>): readonly Variable[] {
  if (isVariable(target)) return [target];
  return isList(target) ? (target as readonly Variable[]) : (target as WithWeights).weights;
}

function includes(target: MultiplierTarget, variable: Variable): boolean {
  return typeof target !== "string" && variablesOf(target).includes(variable);
}

/**
 * The decimal number behind a float32: the shortest that rounds to it, so that 0.01 times 0.1 equals the rate of an
 * optimizer with 0.001.
 */
export function asWritten(rate: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const written = Number(rate.toPrecision(digits));
    if (Math.fround(written) === rate) return written;
  }
  return rate;
}
