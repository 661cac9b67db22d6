/**
 * Optimizer state, created by `build`: its rule's plan in the core, over its variables.
 *
 * @module
 */

import { nextChange } from "../changes.js";
import { ValueError } from "../errors.js";
import { toKeras } from "../keras-names.js";
import { counted } from "../options.js";
import { float32 } from "../runtime/memory.js";
import { Plan, type PlanOptions, type StateKind } from "../runtime/plan.js";
import { type OptimizerSpec, optimizerSpecs } from "../runtime/specs.js";
import type { Variable } from "../variable.js";
import { Checkpoint } from "./checkpoint.js";
import { CUSTOM_RULE } from "./custom-definition.js";
import { type Definition, ownEntries } from "./definition.js";
import { Followers } from "./followers.js";
import type { BaseOptions, OptimizerOptions } from "./options.js";
import { type StateLists, stateLists } from "./state.js";
import { StepInput } from "./step.js";

/** The part of an optimizer that {@link Built} needs. */
export interface Builder extends BaseOptions {
  readonly name: string;
  /** Start of its slots' paths, where another optimizer builds it. */
  readonly scope: string;
  /** Updates so far. */
  readonly iterations: number;
  /** State of a custom rule, after that of the base. */
  readonly slots: readonly Variable[];
  readonly updateStep?: unknown;
}

/** The core's flags of a variable. */
export interface RowFlags {
  /** Multiplies the weight decay; 0 for none. */
  readonly decay: number;
  readonly secondSide: boolean;
  /** Multiplies the learning rate. */
  readonly rate: number;
}

/** An optimizer's plan, its variables and its state. */
export class Built {
  readonly variables: readonly Variable[];
  readonly plan: Plan;
  readonly input: StepInput;
  /** State that follows the weights; most optimizers have none. */
  readonly followers: Followers | undefined;
  /** Whether a custom rule computes the update. */
  readonly isCustom: boolean;
  readonly #spec: OptimizerSpec;
  /** Factors of the rows' rates; none where all are 1. */
  readonly #factors: readonly number[] | undefined;
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
    const rows = variables.map((variable, row) => ({
      address: variable.address,
      shape: variable.shape,
      ...flagsOf(variable, row),
    }));
    this.#factors = rows.some(({ rate }) => rate !== 1) ? rows.map(({ rate }) => rate) : undefined;
    this.plan = new Plan(this.#spec.id, coreArguments(this.#spec, own), coreOptions(options), rows);
    if (this.#factors !== undefined) this.#reserveRates();
    const hasGathered = (row: number) => {
      const { size } = variables[row]!;
      return size > 0 && float32(this.plan.state(row, "accumulator"), size).some((sum) => sum !== 0);
    };
    this.input = new StepInput(variables, options.gradientAccumulationSteps === null ? undefined : hasGathered);
    this.variables = variables;
    this.followers = this.#followers(options);
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
   * Sets the rate of each row, before a step.
   *
   * @param rate - That of the step, as it is multiplied.
   * @returns the rates of rows; `undefined` when all have that of the step
   */
  setRates(owner: string, rate: number): Float32Array | undefined {
    if (this.#factors === undefined) return undefined;
    const { rates } = this.plan;
    this.#factors.forEach((factor, row) => {
      rates[row] = rate * factor;
      if (Number.isFinite(rates[row])) return;
      throw new ValueError(
        "ERR_OPTION_RANGE",
        `${owner}: the learning rate of "${this.variables[row]!.name}" must be a finite number, got ${rate} times ${factor}.`,
      );
    });
    return rates;
  }

  #followers(builder: Builder): Followers | undefined {
    const slots = this.#spec.slots.flatMap(({ isCopy }, index) => (isCopy ? [index] : []));
    if (!builder.useEma && slots.length === 0) return undefined;
    return new Followers(this.variables, (row) => {
      // The first update begins the average.
      const isAveraged = builder.useEma && builder.iterations > 0;
      const kinds: readonly StateKind[] = isAveraged ? ["average", ...slots] : slots;
      return kinds.map((kind) => float32(this.plan.state(row, kind), this.variables[row]!.size));
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

  /** Copies the moving averages into the variables, which must be all that it was built for, in that order. */
  copyAverages(builder: Builder, given: readonly Variable[]): void {
    const { variables } = this;
    if (given.length !== variables.length || given.some((variable, i) => variable !== variables[i])) {
      throw new ValueError(
        "ERR_VARIABLE_UNKNOWN",
        `${builder.name}: finalizeVariableValues takes the ${counted(variables.length, "variable")} that the optimizer was built for, in that order, got ${given.length}.`,
      );
    }
    const averages = this.state(builder).bySlot;
    for (const variable of variables) variable.address; // throws when disposed of
    // Averages of no update are zeros.
    if (builder.iterations === 0) return;
    const change = nextChange();
    variables.forEach((variable, row) => {
      variable.value.set(averages[row]!.value);
      variable.changed = change;
    });
  }

  /** A copy of all that a step changes, made now. @throws OutOfMemoryError */
  checkpoint(builder: Builder): Checkpoint {
    this.#checkpoint ??= new Checkpoint(this.variables, this.state(builder).bySlot);
    this.#checkpoint.save();
    return this.#checkpoint;
  }

  /** Frees the state. */
  free(): void {
    this.#checkpoint?.free();
    this.plan.free();
    this.input.free();
  }
}

/** The core prepares gradients for it, in a slot that is no state. */
function customSpec(): OptimizerSpec {
  const id = optimizerSpecs().length;
  return { id, name: CUSTOM_RULE, arguments: [], weightDecay: null, slots: [], shared: "" };
}

function specOf({ className, rule }: Definition<OptimizerOptions>): OptimizerSpec {
  const spec = optimizerSpecs().find(({ name }) => name === rule);
  if (spec === undefined) {
    throw new ValueError("ERR_NOT_IMPLEMENTED", `${className} has no kernel called "${rule}".`);
  }
  return spec;
}

/** Own arguments in the order of the core's spec; NaN for Keras's None. */
function coreArguments(spec: OptimizerSpec, own: object): number[] {
  const values = new Map(ownEntries(own).map(([name, value]) => [toKeras(name), Number(value ?? Number.NaN)]));
  // The learning rate is not among them: the core gets it with each step.
  return spec.arguments.map(({ name }) => (name === "learning_rate" ? 0 : (values.get(name) ?? Number.NaN)));
}

function coreOptions(options: BaseOptions): PlanOptions {
  return {
    weightDecay: options.weightDecay ?? Number.NaN,
    clipnorm: options.clipnorm ?? Number.NaN,
    globalClipnorm: options.globalClipnorm ?? Number.NaN,
    clipvalue: options.clipvalue ?? Number.NaN,
    emaMomentum: options.useEma ? options.emaMomentum : Number.NaN,
    emaOverwriteFrequency: options.emaOverwriteFrequency ?? 0,
    accumulationSteps: options.gradientAccumulationSteps ?? 0,
  };
}
