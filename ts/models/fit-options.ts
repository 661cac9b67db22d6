/**
 * Options of `fit`, `evaluate` and `predict`.
 *
 * @module
 */

import { isA, isPlain, isReadable } from "../brands.js";
import { Callback, type CallbackHooks } from "../callbacks/callback.js";
import { checkHooks } from "../callbacks/known-hooks.js";
import { checkSameCopy } from "../copies.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { boolean, checkKnownOptions, integer, isList, oneOrMore, refuseRange, shown } from "../options.js";
import type { AbortSignal } from "../platform-types.js";
import type { ClassWeightOption } from "./class-weights.js";
import { refuseForeign } from "./data-cures.js";
import type { DataInput } from "./samples.js";
import { type BatchStream, isStream } from "./stream.js";

/** Options that `evaluate` and `predict` share. */
export interface RunOptions {
  /** Samples per batch. Default: null, 32; with `steps`, all samples divided by the number of steps. */
  readonly batchSize?: number | null | undefined;
  /**
   * Output: 0 or false for none, 1 or true for a progress bar, 2 for a line per epoch; `"auto"`: a bar in a terminal,
   * otherwise none. Default: `"auto"`.
   */
  readonly verbose?: boolean | 0 | 1 | 2 | "auto" | undefined;
  /** Number of batches to use. Default: all. */
  readonly steps?: number | null | undefined;
  /** A callback, or an object with its hooks, or a list of them. Default: none. */
  readonly callbacks?: CallbackHooks | readonly CallbackHooks[] | null | undefined;
  /** Stops the run: it rejects with the signal's reason after the current batch. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `evaluate`. */
export interface EvaluateOptions extends RunOptions {
  /** A weight for each sample. Default: null, 1 each. */
  readonly sampleWeight?: DataInput | null | undefined;
  /** Return an object of names and values instead of a list. Default: false. */
  readonly returnDict?: boolean | undefined;
}

/** Options of `fit`, with Keras's defaults. */
export interface FitOptions {
  /** Samples per batch. Default: null, 32; with `stepsPerEpoch`, all samples divided by the number of steps. */
  readonly batchSize?: number | null | undefined;
  /** Number of the epoch at which training ends; 0 trains nothing. Default: 1. */
  readonly epochs?: number | undefined;
  /** Shuffle the samples for each epoch, with the generator of `setRandomSeed`. Default: true. */
  readonly shuffle?: boolean | undefined;
  /** Fraction at the end of the data used for validation: from 0 to below 1. Default: 0. */
  readonly validationSplit?: number | undefined;
  /** `[x, y]`, `[x, y, sampleWeight]` or `{ xs, ys }`, or batches. Default: none. */
  readonly validationData?:
    | readonly [x: DataInput, y?: DataInput, sampleWeight?: DataInput]
    | { readonly xs: DataInput; readonly ys: DataInput }
    | BatchStream
    | null
    | undefined;
  /** Samples per batch of validation. Default: `batchSize`. */
  readonly validationBatchSize?: number | null | undefined;
  /** Number of validation batches to use. Default: all. */
  readonly validationSteps?: number | null | undefined;
  /** Epochs between validations, or a list of epochs after which to validate, counted from 1. Default: 1. */
  readonly validationFreq?: number | readonly number[] | undefined;
  /** A callback, or an object with its hooks, or a list of them. Default: none. */
  readonly callbacks?: CallbackHooks | readonly CallbackHooks[] | null | undefined;
  /**
   * Output: 0 or false for none, 1 or true for a progress bar, 2 for a line per epoch; `"auto"`: a bar in a terminal,
   * otherwise none. Default: `"auto"`.
   */
  readonly verbose?: boolean | 0 | 1 | 2 | "auto" | undefined;
  /** Weights of classes, by class index. Default: null, 1 each. */
  readonly classWeight?: ClassWeightOption | null | undefined;
  /** A weight for each sample. Default: null, 1 each. */
  readonly sampleWeight?: DataInput | null | undefined;
  /** Number of the first epoch. Default: 0. */
  readonly initialEpoch?: number | undefined;
  /** Batches per epoch; the next epoch continues after them. Default: until the end of the data. */
  readonly stepsPerEpoch?: number | null | undefined;
  /** Stops training: `fit` rejects with the signal's reason after the current batch. */
  readonly signal?: AbortSignal | undefined;
}

const FIT_NAMES = [
  "batchSize",
  "epochs",
  "shuffle",
  "validationSplit",
  "validationData",
  "validationBatchSize",
  "validationSteps",
  "validationFreq",
  "callbacks",
  "verbose",
  "classWeight",
  "sampleWeight",
  "initialEpoch",
  "stepsPerEpoch",
  "signal",
] as const satisfies readonly (keyof FitOptions)[];

/** Names of Keras 1, and others that people try. */
const OTHER_NAMES = {
  steps: "stepsPerEpoch",
  samplesperepoch: "stepsPerEpoch",
  valdata: "validationData",
  weights: "sampleWeight",
};

const RUN_NAMES = [
  "batchSize",
  "verbose",
  "steps",
  "callbacks",
  "signal",
] as const satisfies readonly (keyof RunOptions)[];

const KNOWN: readonly string[] = [...new Set([...FIT_NAMES, ...RUN_NAMES, "returnDict"])];

/**
 * Labels and options of a call. After batches, which contain the labels, the options may follow directly:
 * `fit(generator, { epochs: 2 })`.
 *
 * @throws TypeError when options are passed instead of the labels of arrays
 */
export function labelsAndOptions<O extends object>(
  owner: string,
  x: unknown,
  y: DataInput | O | null | undefined,
  options: O | undefined,
  outputs: readonly string[],
  needsLabels: boolean,
): { readonly y: DataInput | undefined; readonly options: O } {
  const asGiven = {
    y: (y ?? undefined) as DataInput | undefined,
    options: options === undefined ? ({} as O) : options,
  };
  if (options !== undefined || !isPlain(y) || Symbol.iterator in y) return asGiven;
  const keys = Object.keys(y);
  // The list may contain samples, with labels by name.
  const areOptions = keys.length > 0 && keys.every((key) => KNOWN.includes(key) && !outputs.includes(key));
  const isOfBatches = isStream(x, undefined);
  if (isOfBatches && (areOptions || !isList(x))) return { y: undefined, options: y as O };
  if (!areOptions) return asGiven;
  // A model whose loss needs no labels.
  if (!needsLabels) return { y: undefined, options: y as O };
  refuseForeign(`${owner}: "x"`, x);
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner}: "y" is missing. Options come after it: ${owner}(x, y, { ${keys[0]}: ... }).`,
  );
}

/** Options of a run, checked. */
export interface CheckedRun {
  /** `undefined` if it follows from the number of samples and steps. */
  readonly batchSize: number | undefined;
  readonly verbose: 0 | 1 | 2;
  readonly callbacks: readonly CallbackHooks[];
  readonly steps: number | null;
  readonly signal: AbortSignal | undefined;
}

/** Options of `fit`, checked. */
export interface CheckedFit extends CheckedRun {
  readonly epochs: number;
  readonly initialEpoch: number;
  readonly shuffle: boolean;
  readonly validationSplit: number;
  readonly validationBatchSize: number | undefined;
  /** `null` for all. */
  readonly validationSteps: number | null;
  readonly validatesAfter: (epoch: number) => boolean;
}

/** @throws ValueError, TypeError */
export function checkedRun(owner: string, options: RunOptions, known: readonly string[] = []): CheckedRun {
  checkKnownOptions(owner, options, [...RUN_NAMES, ...known]);
  return {
    batchSize: checkedSize(owner, "batchSize", options.batchSize),
    verbose: checkedVerbose(owner, options.verbose ?? "auto"),
    callbacks: checkedCallbacks(owner, options.callbacks ?? []),
    steps: checkedSize(owner, "steps", options.steps) ?? null,
    signal: checkedSignal(owner, options.signal),
  };
}

/** @throws ValueError, TypeError */
export function checkedFit(options: FitOptions): CheckedFit {
  checkKnownOptions("fit", options, FIT_NAMES, OTHER_NAMES);
  const epochs = integer("fit", "epochs", options.epochs ?? 1, 0);
  const split = options.validationSplit ?? 0;
  if (typeof split !== "number" || !(split >= 0 && split < 1)) {
    refuseRange("fit", "validationSplit", "from 0 to below 1", split);
  }
  return {
    batchSize: checkedSize("fit", "batchSize", options.batchSize),
    verbose: checkedVerbose("fit", options.verbose ?? "auto"),
    callbacks: checkedCallbacks("fit", options.callbacks ?? []),
    steps: checkedSize("fit", "stepsPerEpoch", options.stepsPerEpoch) ?? null,
    signal: checkedSignal("fit", options.signal),
    epochs,
    initialEpoch: integer("fit", "initialEpoch", options.initialEpoch ?? 0, 0),
    shuffle: boolean("fit", "shuffle", options.shuffle ?? true),
    validationSplit: split,
    validationBatchSize: checkedSize("fit", "validationBatchSize", options.validationBatchSize),
    validationSteps: checkedSize("fit", "validationSteps", options.validationSteps) ?? null,
    validatesAfter: frequency(options.validationFreq ?? 1),
  };
}

/** Checks the options of a call about one batch. @returns `returnDict` @throws ValueError, TypeError */
export function checkedOnBatch(
  owner: "trainOnBatch" | "testOnBatch",
  options: { readonly returnDict?: unknown },
): boolean {
  const training = owner === "trainOnBatch" ? ["classWeight"] : [];
  checkKnownOptions(owner, options, ["sampleWeight", ...training, "returnDict"]);
  return boolean(owner, "returnDict", options.returnDict ?? false);
}

function checkedSize(owner: string, name: string, size: unknown): number | undefined {
  return size === undefined || size === null ? undefined : integer(owner, name, size, 1);
}

function frequency(given: number | readonly number[]): (epoch: number) => boolean {
  if (isList(given)) {
    const epochs = oneOrMore(given).map((epoch) => integer("fit", "validationFreq", epoch, 1));
    return (epoch) => epochs.includes(epoch + 1);
  }
  const every = integer("fit", "validationFreq", given, 1);
  return (epoch) => (epoch + 1) % every === 0;
}

function checkedVerbose(owner: string, verbose: unknown): 0 | 1 | 2 {
  if (typeof verbose === "boolean") return verbose ? 1 : 0;
  if (verbose === 0 || verbose === 1 || verbose === 2) return verbose;
  if (verbose !== "auto") {
    throw new ValueError("ERR_OPTION_RANGE", `${owner}: "verbose" must be 0, 1, 2 or "auto", got ${shown(verbose)}.`);
  }
  const { process } = globalThis as { process?: { stdout?: { isTTY?: boolean } } };
  return process?.stdout?.isTTY === true ? 1 : 0;
}

function checkedSignal(owner: string, signal: unknown): AbortSignal | undefined {
  // Not by its class, which differs in a test's window or a frame.
  const given = (signal ?? undefined) as AbortSignal | undefined;
  if (given === undefined || (isReadable(given) && typeof given.throwIfAborted === "function")) return given;
  throw new ArgumentTypeError("ERR_OPTION_TYPE", `${owner}: "signal" must be an AbortSignal, got ${shown(signal)}.`);
}

/** Whether it may be a single callback, which Keras accepts too: an instance, or an object with hooks. */
function isOneCallback(value: unknown): boolean {
  if (!isReadable(value) || typeof value === "function") return false;
  return !isPlain(value) || Object.keys(value).some((key) => /^on/.test(key));
}

function checkedCallbacks(owner: string, callbacks: unknown): readonly CallbackHooks[] {
  if (!isList(callbacks) && !isOneCallback(callbacks)) {
    throw new ArgumentTypeError("ERR_OPTION_TYPE", `${owner}: "callbacks" must be a list, got ${shown(callbacks)}.`);
  }
  const all = oneOrMore(callbacks);
  for (const callback of all) {
    checkSameCopy(`${owner}: one of "callbacks"`, callback);
    if (typeof callback === "object" && callback !== null) {
      checkHooks(owner, callback);
      continue;
    }
    if (typeof callback === "function" && isA(callback.prototype, Callback)) {
      const { name } = callback;
      throw new ArgumentTypeError(
        "ERR_OPTION_TYPE",
        `${owner}: "callbacks" must be objects, got the class ${name}: make one with new ${name}(...).`,
      );
    }
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${owner}: "callbacks" must be a list of callbacks or objects with hooks such as onEpochEnd, got ${shown(callback)} in it.`,
    );
  }
  return all as readonly CallbackHooks[];
}

/** Refuses options of `fit` by position, as Keras takes them, with the line to write. @throws TypeError */
export function refusePlaced({ length, 2: batchSize, 3: epochs }: ArrayLike<unknown>): never {
  const cure = `Options are named: fit(x, y, { batchSize: ${shown(batchSize)}, epochs: ${shown(epochs)} }).`;
  const isNamed = typeof batchSize === "object" && batchSize !== null;
  throw new ArgumentTypeError(
    "ERR_ARGUMENT_COUNT",
    `fit takes at most 3 arguments, got ${length}.${isNamed ? "" : ` ${cure}`}`,
  );
}
