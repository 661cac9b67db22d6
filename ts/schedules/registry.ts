/**
 * The built-in schedules by name, and schedules as Keras's JSON.
 *
 * @module
 */

import type { Saved } from "../class-registry.js";
import type { CustomObjects } from "../custom-objects.js";
import { checkCount, checkOne } from "../options.js";
import { COMPOSED } from "./composed.js";
import { COMPUTED, registryWith, type ScheduleClass } from "./list.js";
import type { LearningRateSchedule } from "./schedule.js";

/** A schedule, its name in any spelling, its class, or a config. */
export type ScheduleIdentifier =
  | LearningRateSchedule
  | string
  | ScheduleClass
  | { readonly class_name: string; readonly config?: object };

export type { ScheduleClass };

const registry = registryWith(() => COMPOSED);

/** The built-in schedules by class name. A `Map`, because `"__proto__"` must not be a name in it. */
export const builtInSchedules: ReadonlyMap<string, ScheduleClass> = new Map(
  [...COMPUTED, ...COMPOSED].map((schedule) => [schedule.className, schedule]),
);

/** A schedule as JSON, as Keras writes it. */
export type SerializedSchedule = Saved;

/** Returns `null`, for no schedule. */
export function get(identifier: null | undefined, customObjects?: CustomObjects): null;
/** Returns the schedule that was passed. */
export function get<T extends LearningRateSchedule>(identifier: T, customObjects?: CustomObjects): T;
/**
 * Returns the schedule for an identifier.
 *
 * @param identifier - A schedule (returned as is), a config of {@link serialize} or of Python's Keras, or `null` (returned
 * as is). For custom schedules that need no options, also a name or a class; all built-in schedules need options.
 * @param customObjects - Custom classes, by the names under which they were saved.
 * @returns the schedule
 * @throws ValueError ERR_CONFIG_UNKNOWN_CLASS for an unknown name, ERR_CONFIG_INVALID for anything else; the errors of
 * the class's constructor for a bad config
 * @see [Keras: schedules](https://keras.io/api/optimizers/learning_rate_schedules/)
 * @example
 * ```ts
 * import { schedules } from "gradstep";
 *
 * const config = { initial_learning_rate: 0.5, decay_steps: 100 };
 * const rate = schedules.get({ class_name: "cosine_decay", config });
 * console.log(rate.at(0)); // 0.5
 * ```
 */
export function get(identifier: ScheduleIdentifier, customObjects?: CustomObjects): LearningRateSchedule;
/** Returns the schedule for an identifier, `null` for none. */
export function get(
  identifier: ScheduleIdentifier | null | undefined,
  customObjects?: CustomObjects,
): LearningRateSchedule | null;
export function get(identifier: unknown, customObjects?: CustomObjects): LearningRateSchedule | null {
  checkCount("schedules.get", arguments.length, 2);
  return registry.get(identifier, customObjects);
}

/**
 * Saves a schedule as JSON that {@link deserialize} reads, and Keras in Python too if it has the class.
 *
 * @param schedule - The schedule.
 * @returns `{ module, class_name, config, registered_name }`, ready for `JSON.stringify`
 * @throws TypeError ERR_OPTION_TYPE for anything but a schedule; ValueError ERR_CONFIG_INVALID when its class has no
 * name, ERR_NOT_IMPLEMENTED when it has no `getConfig`
 * @example
 * ```ts
 * import { schedules, stringify } from "gradstep";
 *
 * const saved = stringify(new schedules.CosineDecay({ initialLearningRate: 0.1, decaySteps: 100 }));
 * const rate = schedules.deserialize(JSON.parse(saved));
 * console.log(rate.at(100)); // 0
 * ```
 */
export function serialize(schedule: LearningRateSchedule): SerializedSchedule {
  checkOne("schedules.serialize", arguments);
  return registry.serialize(schedule);
}

/**
 * Creates a schedule from JSON written by {@link serialize} or by Keras in Python.
 *
 * @param json - `{ class_name, config }`; `module` and `registered_name` are optional.
 * @param customObjects - Custom classes, by the names under which they were saved.
 * @returns the schedule
 * @throws TypeError ERR_CONFIG_INVALID for anything but such an object; ValueError ERR_CONFIG_UNKNOWN_CLASS for an
 * unknown class; the errors of the class's constructor for its arguments
 */
export function deserialize(json: unknown, customObjects?: CustomObjects): LearningRateSchedule {
  checkCount("schedules.deserialize", arguments.length, 2);
  return registry.deserialize(json, customObjects);
}
