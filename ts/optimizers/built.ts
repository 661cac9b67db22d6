/**
 * Optimizer state, created by `build`: its rule's plan in the core, over its variables.
 *
 * @module
 */

import { nextChange } from "../changes.js";
import { ValueError } from "../errors.js";
import { toKeras } from "../keras-names.js";
import { counted, NON_NEGATIVE } from "../options.js";
import { float32 } from "../runtime/memory.js";
import { Plan, type StateKind } from "../runtime/plan.js";
import { type OptimizerSpec, optimizerSpecs } from "../runtime/specs.js";
import type { Variable } from "../variable.js";
import { BuiltStep } from "./built-step.js";
import { Checkpoint } from "./checkpoint.js";
import { CUSTOM_RULE } from "./custom-definition.js";
import { type Definition, ownEntries, STATE_DTYPES, type StateDtype } from "./definition.js";
import { Followers } from "./followers.js";
import { type BaseOptions, type OptimizerOptions, SWITCHES } from "./options.js";
import { isSchedule, numberAt, type Scheduled, type ScheduledOption } from "./scheduled.js";
import { type AverageExchange, interpolatedAverages, ShownAverages, swappedAverages } from "./shown-averages.js";
import { type StateLists, stateLists } from "./state.js";
import { StepInput } from "./step.js";

/** The parts of an optimizer that {@link Built} uses. */
export interface Builder extends BaseOptions {
  readonly name: string;
  /** Prefix of its slots' paths if another optimizer builds it. */
  readonly scope: string;
  /** Updates so far. */
  readonly iterations: number;
  /** State of a custom rule, after the base's state. */
  readonly slots: readonly Variable[];
  readonly updateStep?: unknown;
  /** Type of the moments, if the optimizer has the option. */
  readonly stateDtype?: StateDtype;
  /** Options that change with each step. */
  readonly scheduled: readonly ScheduledOption[];
}

/** The core's flags of a variable. */
export interface RowFlags {
  /** Multiplies the weight decay; 0 for none. */
  readonly decay: Scheduled;
  readonly secondSide: boolean;
  /** Multiplies the learning rate. */
  readonly rate: Scheduled;
}

/** The scheduled numbers of a step. */
export interface StepNumbers {
  /** By position in the core. */
  readonly options: readonly (readonly [index: number, value: number])[];
  /** Rates of rows after multiplication; undefined if all rows have the step's rate. */
  readonly rates: readonly number[] | undefined;
  /** Scheduled weight decay factors of rows. */
  readonly decays: readonly (readonly [row: number, factor: number])[];
}

/** Base options at the core's positions, after the rule's arguments. */
const BASE = ["weightDecay", "clipnorm", "globalClipnorm", "clipvalue", "emaMomentum", "adaptiveClip"] as const;

/** An optimizer's plan, its variables and its state. */
export class Built {
  readonly variables: readonly Variable[];
  readonly plan: Plan;
  readonly input: StepInput;
  /** State that follows the weights; most optimizers have none. */
  readonly followers: Followers | undefined;
  /** Averages that replace the weights while a model is evaluated. */
  readonly averages: ShownAverages;
  /** Whether a custom rule computes the update. */
  readonly isCustom: boolean;
  readonly lastStep: BuiltStep;
  readonly #spec: OptimizerSpec;
  /** Factors of the rows' rates; undefined if all are 1. */
  readonly #factors: readonly Scheduled[] | undefined;
  /** Rows with a scheduled weight decay factor. */
  readonly #decays: readonly (readonly [row: number, factor: Scheduled])[];
  readonly #scheduled: readonly (readonly [index: number, option: ScheduledOption])[];
  #checkpoint: Checkpoint | undefined;

  /**
   * An optimizer's plan, its variables and its state.
   *
   * @param own - The optimizer's own arguments.
   * @throws OutOfMemoryError, with nothing allocated
   */
  constructor(
    definition: Definition<OptimizerOptions>,
    own: object,
    options: Builder,
    variables: readonly Variable[],
    flagsOf: (variable: Variable, row: number) => RowFlags,
  ) {
    this.isCustom = options.updateStep !== undefined;
    this.#spec = this.isCustom ? customSpec() : specOf(definition);
    const flags = variables.map(flagsOf);
    const rows = variables.map(({ address, shape }, row) => {
      const { decay, secondSide } = flags[row]!;
      return { address, shape, secondSide, decay: typeof decay === "number" ? decay : 1 };
    });
    this.#factors = flags.some(({ rate }) => rate !== 1) ? flags.map(({ rate }) => rate) : undefined;
    this.#decays = flags.flatMap(({ decay }, row) => (typeof decay === "number" ? [] : [[row, decay] as const]));
    // Without an average there is no momentum.
    this.#scheduled = options.scheduled
      .filter(({ name }) => options.useEma || name !== "emaMomentum")
      .map((option) => [indexOf(this.#spec, option.name), option] as const);
    this.plan = new Plan(this.#spec.id, coreArguments(this.#spec, own), coreOptions(options), rows);
    if (this.#factors !== undefined) this.#reserveRates();
    const hasGathered = (row: number) => {
      const { size } = variables[row]!;
      return size > 0 && float32(this.plan.state(row, "accumulator"), size).some((sum) => sum !== 0);
    };
    this.input = new StepInput(
      variables,
      options.gradientAccumulationSteps === null ? undefined : hasGathered,
      (owner, variable, gradient) => gradient.refuse(owner, variable, this.isCustom ? "" : definition.rule, options),
    );
    this.variables = variables;
    this.lastStep = new BuiltStep(variables);
    this.followers = this.#followers(options);
    this.averages = new ShownAverages(variables, () => this.#exchange(definition, options));
  }

  /** Moving averages replace those of a schedule-free rule. */
  #exchange({ averageShare }: Definition<OptimizerOptions>, options: Builder): AverageExchange {
    if (options.useEma || averageShare === undefined) return swappedAverages(this.#averagesOf(options));
    const scheduled = options.scheduled.find(({ name }) => name === averageShare);
    // That of the last update.
    const share = scheduled
      ? numberAt(options.name, scheduled, Math.max(0, options.iterations - 1))
      : (options as unknown as Readonly<Record<string, number>>)[averageShare]!;
    return interpolatedAverages((row) => float32(this.plan.state(row, 0), this.variables[row]!.size), share);
  }

  /** In the order of `weights` the averages are first. */
  #averagesOf(options: Builder): readonly { readonly value: Float32Array }[] {
    return this.state(options).bySlot as readonly { readonly value: Float32Array }[];
  }

  #reserveRates(): void {
    try {
      void this.plan.rates;
    } catch (error) {
      this.plan.free();
      throw error;
    }
  }

  /**
   * The numbers of the next step. Schedules may compute them, so all their effects precede the checks.
   *
   * @param rate - The step's rate, before multiplication.
   * @returns undefined when all equal the plan's
   */
  numbersOf(owner: string, rate: number, updates: number): StepNumbers | undefined {
    if (this.#factors === undefined && this.#scheduled.length === 0 && this.#decays.length === 0) return undefined;
    const options = this.#scheduled.map(([index, option]) => [index, numberAt(owner, option, updates)] as const);
    const factorOf = (name: string, factor: Scheduled) =>
      typeof factor === "number" ? factor : numberAt(owner, { name, schedule: factor, range: NON_NEGATIVE }, updates);
    const decays = this.#decays.map(([row, factor]) => [row, factorOf("weightDecayMultipliers", factor)] as const);
    const rates = this.#factors?.map((given, row) => {
      const factor = factorOf("learningRateMultipliers", given);
      if (Number.isFinite(Math.fround(rate * factor))) return rate * factor;
      throw new ValueError(
        "ERR_OPTION_RANGE",
        `${owner}: the learning rate of "${this.variables[row]!.name}" must be a finite number, got ${rate} times ${factor}.`,
      );
    });
    return { options, decays, rates };
  }

  /**
   * Writes these numbers before the step.
   *
   * @param excludes - Whether a row is excluded from weight decay.
   * @returns the rates of rows; `undefined` when all have the step's rate
   */
  setNumbers({ options, rates, decays }: StepNumbers, excludes: (row: number) => boolean): Float32Array | undefined {
    for (const [index, value] of options) this.plan.setArgument(index, value);
    for (const [row, factor] of decays) this.plan.setDecay(row, excludes(row) ? 0 : factor);
    if (rates === undefined) return undefined;
    const table = this.plan.rates;
    table.set(rates);
    return table;
  }

  #followers(builder: Builder): Followers | undefined {
    const slots = this.#spec.slots.flatMap(({ isCopy }, index) => (isCopy ? [index] : []));
    if (!builder.useEma && slots.length === 0) return undefined;
    const copies = (row: number) => {
      // The first update starts the average.
      const isAveraged = builder.useEma && builder.iterations > 0;
      const kinds: readonly StateKind[] = isAveraged ? ["average", ...slots] : slots;
      return kinds.map((kind) => float32(this.plan.state(row, kind), this.variables[row]!.size));
    };
    // A checkpoint has the numbers of training.
    return new Followers(this.variables, copies, () => {
      if (!builder.useEma) this.averages.isOn = false;
    });
  }

  /** State in WebAssembly memory, in the orders of `variables` and of `weights`. */
  state({ name, scope, useEma, gradientAccumulationSteps, slots }: Builder): StateLists {
    const { keras, bySlot } = stateLists({
      name,
      scope,
      spec: this.#spec,
      plan: this.plan,
      variables: this.variables,
      useEma,
      accumulates: gradientAccumulationSteps !== null,
      settle: (row) => this.followers?.settle(row),
    });
    return slots.length === 0 ? { keras, bySlot } : { keras: [...keras, ...slots], bySlot: [...bySlot, ...slots] };
  }

  /** Copies the moving averages into the variables, which must be all variables of the build, in that order. */
  copyAverages(builder: Builder, given: readonly Variable[]): void {
    const { variables } = this;
    if (given.length !== variables.length || given.some((variable, i) => variable !== variables[i])) {
      throw new ValueError(
        "ERR_VARIABLE_UNKNOWN",
        `${builder.name}: finalizeVariableValues takes the ${counted(variables.length, "variable")} that the optimizer was built for, in that order, got ${given.length}.`,
      );
    }
    const averages = this.#averagesOf(builder);
    for (const variable of variables) variable.address; // throws when disposed of
    // Before the first update the averages are zeros.
    if (builder.iterations === 0) return;
    if (this.averages.isOn) {
      this.averages.keep(averages);
      return;
    }
    const change = nextChange();
    variables.forEach((variable, row) => {
      variable.value.set(averages[row]!.value);
      variable.changed = change;
    });
  }

  /** A copy of everything that a step changes. @throws OutOfMemoryError */
  checkpoint(builder: Builder): Checkpoint {
    this.#checkpoint ??= new Checkpoint(this.variables, this.state(builder).bySlot, this.lastStep.last);
    this.#checkpoint.save();
    return this.#checkpoint;
  }

  /** Frees the state. */
  free(): void {
    this.lastStep.end();
    this.#checkpoint?.free();
    this.plan.free();
    this.input.free();
  }
}

/** The core prepares its gradients in a slot that is not part of the state. */
function customSpec(): OptimizerSpec {
  const id = optimizerSpecs().length;
  return { id, name: CUSTOM_RULE, arguments: [], weightDecay: null, slots: [], shared: [] };
}

function specOf({ className, rule }: Definition<OptimizerOptions>): OptimizerSpec {
  const spec = optimizerSpecs().find(({ name }) => name === rule);
  if (spec === undefined) {
    throw new ValueError("ERR_NOT_IMPLEMENTED", `${className} has no kernel called "${rule}".`);
  }
  return spec;
}

function indexOf(spec: OptimizerSpec, option: string): number {
  const base = (BASE as readonly string[]).indexOf(option);
  return base < 0 ? spec.arguments.findIndex(({ name }) => name === toKeras(option)) : spec.arguments.length + base;
}

/** Placeholder for a scheduled number: it makes the core allocate the state that any value of the option needs. */
const SET_LATER = 1;

/** The class's arguments in the order of the core's spec; NaN for Keras's None. */
function coreArguments(spec: OptimizerSpec, own: object): number[] {
  const numberOf = (value: unknown) => (isSchedule(value) ? SET_LATER : Number(value ?? Number.NaN));
  const values = new Map(ownEntries(own).map(([name, value]) => [toKeras(name), numberOf(value)]));
  // The learning rate is not among them: each step passes it to the core.
  return spec.arguments.map(({ name }) => (name === "learning_rate" ? 0 : (values.get(name) ?? Number.NaN)));
}

/** Base options in the core's order: those of `BASE`, two counts, and flags. */
function coreOptions(options: Builder): number[] {
  const { useEma, emaOverwriteFrequency, gradientAccumulationSteps, scheduled } = options;
  const numbers = BASE.map((name) => {
    if (name === "emaMomentum" && !useEma) return Number.NaN;
    return scheduled.some((option) => option.name === name) ? SET_LATER : (options[name] ?? Number.NaN);
  });
  const small = options.stateDtype === undefined ? 0 : STATE_DTYPES.indexOf(options.stateDtype) << SWITCHES.length;
  const flags = SWITCHES.reduce((sum, name, at) => sum + (options[name] ? 1 << at : 0), small);
  return [...numbers, emaOverwriteFrequency ?? 0, gradientAccumulationSteps ?? 0, flags];
}
