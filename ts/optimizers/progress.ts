/**
 * Progress of an optimizer: its calls so far, and the learning rate that follows from them.
 *
 * @module
 */

import { finiteNumber } from "../options.js";
import type { LearningRateSchedule } from "../schedules/schedule.js";
import { type LearningRate, rateAt, replacedRate } from "./learning-rate.js";
import { type OptimizerVariable, scalarVariable } from "./state.js";

/** The state of an optimizer outside of WebAssembly memory. */
export class Progress {
  /** Calls so far; with accumulation, several calls make one update. */
  calls = 0;
  /** Number of skipped steps. */
  skipped = 0;
  /** The learning rate as passed. */
  rate: LearningRate;

  constructor(rate: LearningRate) {
    this.rate = rate;
  }

  /** The learning rate of the next call. */
  currentRate(owner: string): number {
    return rateAt(owner, this.rate, this.calls);
  }

  /** Replaces the learning rate. @throws TypeError when a number would replace a schedule or function */
  replaceRate(owner: string, rate: unknown): void {
    this.rate = replacedRate(owner, this.rate, rate);
  }

  /** The calls, as a variable of Keras's. */
  iterationVariable(owner: string): OptimizerVariable {
    const write = (calls: number) => {
      this.calls = calls;
    };
    return scalarVariable(`${owner}/iteration`, "int32", () => this.calls, write);
  }

  /** The learning rate, a variable in Keras, or the state of a schedule. */
  rateVariables(owner: string): OptimizerVariable[] {
    const { rate } = this;
    if (typeof rate !== "number") {
      const { following = [] } = rate as LearningRateSchedule;
      return following.flatMap((each, i) => each.variables(`${owner}/plateau${i}_`, scalarVariable));
    }
    const check = (rate: number) => finiteNumber(owner, "learningRate", rate);
    const write = (rate: number) => this.replaceRate(owner, rate);
    return [scalarVariable(`${owner}/learning_rate`, "float32", () => this.currentRate(owner), write, check)];
  }
}
