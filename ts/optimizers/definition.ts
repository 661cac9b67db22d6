/**
 * Definition of an optimizer class for its base: names, defaults, arguments.
 *
 * @module
 */

import { ANY, boolean, choice, isList, numberIn, type Range, refuseRange, text, texts } from "../options.js";
import type { OptimizerOptions } from "./options.js";
import { type Scheduled, scheduledIn } from "./scheduled.js";

/** Type of an optimizer's moments, see docs/options-beyond-keras.md. */
export type StateDtype = "float32" | "bfloat16" | "uint8";

/** All types, in the order of the core's flags. @internal */
export const STATE_DTYPES: readonly StateDtype[] = ["float32", "bfloat16", "uint8"];

/**
 * A value of a class's argument: a number or its schedule, a switch, `null` where Keras has None, a list of patterns, a type of
 * moments.
 */
export type OwnArgument = Scheduled | boolean | null | readonly string[] | StateDtype;

/** The options that not all optimizers have, with their defaults filled in. */
export type OwnArguments<Options extends OptimizerOptions> = {
  readonly [Name in Exclude<keyof Options, keyof OptimizerOptions>]-?: Exclude<Options[Name], undefined>;
};

/** The range of each numeric argument, with the same names as in the defaults. */
export type OwnRanges<Options extends OptimizerOptions> = {
  readonly [Name in Exclude<keyof Options, keyof OptimizerOptions> as number extends Exclude<
    Options[Name],
    undefined | null
  >
    ? Name
    : never]-?: Range;
};

/** A subclass's description for the base class. @internal */
export interface Definition<Options extends OptimizerOptions> {
  /** Keras's class name: minifiers change the name of the class itself. */
  readonly className: string;
  /** Name in the core's list; "" for an optimizer without a kernel. */
  readonly rule: string;
  readonly learningRate: number;
  readonly weightDecay?: number;
  /** For a schedule-free rule, the argument with the average's fraction in the variables; its first slot is z. */
  readonly averageShare?: string;
  /** The class's arguments with their defaults, in the order of Keras's config. */
  readonly defaults: OwnArguments<Options>;
  /** Ranges of the numeric arguments, defined only here. */
  readonly ranges: OwnRanges<Options>;
}

/** Arguments that may be None in Keras. */
const NULLABLE = new Set(["adamWeightDecay", "rmsRate"]);

/** Numbers that only the first step reads, or that determine the size of the state: they cannot be schedules. */
const FIXED = /(Value|Steps|^d0|Frequency|Dim)$/;

/** The class's arguments as passed or by default, each of the same kind as its default. @internal */
export function ownArguments<Options extends OptimizerOptions>(
  owner: string,
  { defaults, ranges }: Pick<Definition<Options>, "defaults" | "ranges">,
  given: object,
): OwnArguments<Options> {
  const values = given as Readonly<Record<string, unknown>>;
  const rangeOf = ranges as Readonly<Record<string, Range>>;
  const checked = ownEntries(defaults).map(([name, byDefault]) => {
    const value = values[name];
    return [name, value === undefined ? byDefault : ownArgument(owner, name, byDefault, value, rangeOf[name])] as const;
  });
  return Object.fromEntries(checked) as OwnArguments<Options>;
}

function ownArgument(
  owner: string,
  name: string,
  byDefault: OwnArgument,
  value: unknown,
  range: Range = ANY,
): OwnArgument {
  if (typeof byDefault === "boolean") return boolean(owner, name, value);
  if (typeof byDefault === "string") {
    if (!(STATE_DTYPES as readonly string[]).includes(text(owner, name, value))) {
      refuseRange(owner, name, choice(STATE_DTYPES), value);
    }
    return value as StateDtype;
  }
  if (isList(byDefault)) return value === null ? [] : texts(owner, name, value);
  if (value === null && (byDefault === null || NULLABLE.has(name))) return null;
  return (FIXED.test(name) ? numberIn : scheduledIn)(owner, name, value, range);
}

/** The class's arguments by name, in the order of Keras's config. */
export function ownEntries(own: object): [name: string, value: OwnArgument][] {
  return Object.entries(own);
}
