/**
 * The learning rate of an optimizer, or the state of its schedules, where it moves with the optimizer.
 *
 * @module
 */

import type { FollowingSchedule, LearningRateSchedule } from "../schedules/schedule.js";
import type { Optimizer } from "./optimizer.js";

/** A learning rate, the numbers of schedules that follow a value, or `null`. */
export type RateState = number | readonly number[] | null;

/** The schedules of an optimizer, and of those inside, that follow a value. */
export function followingOf(optimizer: Optimizer | null): readonly FollowingSchedule[] {
  if (optimizer === null) return [];
  // Of a MultiOptimizer, which importing would make a part of every bundle.
  const { optimizers } = optimizer as { optimizers?: readonly Optimizer[] };
  if (optimizers !== undefined) return optimizers.flatMap(followingOf);
  return (optimizer.rate as LearningRateSchedule).following ?? [];
}

/** A copy of the rate or of the state of schedules, for {@link applyRateState}. */
export function rateStateOf(optimizer: Optimizer | null): RateState {
  if (typeof optimizer?.rate === "number") return optimizer.rate;
  const numbers = stateOf(optimizer);
  return numbers.length === 0 ? null : numbers.map(({ read }) => read());
}

/** Restores a rate or the state of schedules; an optimizer of another kind of rate keeps its own. */
export function applyRateState(optimizer: Optimizer | null, state: RateState): void {
  if (optimizer === null || state === null) return;
  if (typeof state === "number") {
    if (typeof optimizer.rate === "number") optimizer.learningRate = state;
    return;
  }
  stateOf(optimizer).forEach(({ write }, i) => {
    write(state[i]!);
  });
}

/** The numbers of the schedules, in their order. */
function stateOf(optimizer: Optimizer | null) {
  return followingOf(optimizer).flatMap((each) =>
    each.variables("", (_path, _dtype, read, write) => ({ read, write })),
  );
}
