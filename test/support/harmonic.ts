/** A custom schedule with a config. */

import * as schedules from "../../ts/schedules/index.js";

export class Harmonic extends schedules.LearningRateSchedule {
  readonly first: number;
  constructor(options: { readonly first: number }) {
    super();
    this.first = options.first;
  }
  override at(step: number): number {
    return this.first / (step + 1);
  }
  override getConfig() {
    return { first: this.first };
  }
}
