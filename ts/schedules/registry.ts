/**
 * The built-in schedules by name, and schedules as Keras's JSON.
 *
 * @module
 */

import { customClass, own } from "../custom-class.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { shown } from "../options.js";
import { CosineDecay } from "./cosine-decay.js";
import { CosineDecayRestarts } from "./cosine-decay-restarts.js";
import { ExponentialDecay } from "./exponential-decay.js";
import { InverseTimeDecay } from "./inverse-time-decay.js";
import { PiecewiseConstantDecay } from "./piecewise-constant-decay.js";
import { PolynomialDecay } from "./polynomial-decay.js";
import { LearningRateSchedule, type ScheduleConfig } from "./schedule.js";

/** A class of schedules: constructible from a config. */
export interface ScheduleClass {
  new (options: never): LearningRateSchedule;
  readonly className?: string;
  fromConfig(config: Readonly<ScheduleConfig>): LearningRateSchedule;
}

/** THE list, in the order of the Rust one. */
const CLASSES: readonly (ScheduleClass & { readonly className: string })[] = [
  ExponentialDecay,
  InverseTimeDecay,
  PiecewiseConstantDecay,
  PolynomialDecay,
  CosineDecay,
  CosineDecayRestarts,
];

/** The built-in schedules by Keras's class name. A `Map`, so that `"__proto__"` is no name in it. */
export const builtInSchedules: ReadonlyMap<string, ScheduleClass> = new Map(
  CLASSES.map((schedule) => [schedule.className, schedule]),
);

/** A schedule as JSON, as Keras writes it. */
export interface SerializedSchedule {
  readonly module: string | null;
  readonly class_name: string;
  readonly config: ScheduleConfig;
  /** Null for the built-in ones, the name of the class for your own. */
  readonly registered_name: string | null;
}

/**
 * A schedule as JSON that {@link deserialize} reads, and Python's Keras too if it is a built-in one.
 *
 * @throws TypeError unless given a schedule; ValueError if its class has no name or no `getConfig`.
 * @example
 * ```ts
 * import { schedules } from "gradstep";
 *
 * const saved = schedules.serialize(new schedules.CosineDecay({ initialLearningRate: 0.1, decaySteps: 100 }));
 * const rate = schedules.deserialize(JSON.parse(JSON.stringify(saved)));
 * ```
 */
export function serialize(schedule: LearningRateSchedule): SerializedSchedule {
  if (!(schedule instanceof LearningRateSchedule)) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `schedules.serialize takes a LearningRateSchedule, got ${shown(schedule)}.`,
    );
  }
  const class_name = schedule.className;
  if (class_name === "") {
    throw new ValueError(
      "ERR_CONFIG_INVALID",
      'schedules.serialize: the class has no name. Give it one: static className = "MySchedule".',
    );
  }
  // By identity: a class of the user's may have the name of a built-in one.
  const builtIn = builtInSchedules.get(class_name) === schedule.constructor;
  return {
    module: builtIn ? "keras.optimizers.schedules" : null,
    class_name,
    config: schedule.getConfig(),
    registered_name: builtIn ? null : class_name,
  };
}

/**
 * Makes a schedule from JSON of {@link serialize} or of Python's Keras.
 *
 * Names are case-sensitive, as in Keras. For an unknown name Keras gives the name back as a string, so
 * that a typing error shows up at the first step or never; here it is an error at once.
 *
 * @param json - `{ class_name, config }`; `module` and `registered_name` may be there.
 * @param customObjects - Classes of your own, by the name they were saved under.
 * @throws TypeError for something that is no such object; ValueError for an unknown class, and for
 * arguments that the class refuses.
 */
export function deserialize(
  json: unknown,
  customObjects: Readonly<Record<string, ScheduleClass>> = {},
): LearningRateSchedule {
  const saved = object("a saved schedule", json);
  const name = own(saved, "class_name");
  if (typeof name !== "string") {
    throw new ValueError(
      "ERR_CONFIG_INVALID",
      `schedules.deserialize: "class_name" must be a string, got ${shown(name)}.`,
    );
  }
  const config = object('"config"', own(saved, "config") ?? {});
  return classOf(name, own(saved, "registered_name"), customObjects).fromConfig(config);
}

function classOf(
  name: string,
  registered: unknown,
  customObjects: Readonly<Record<string, ScheduleClass>>,
): ScheduleClass {
  const custom = customClass("schedules.deserialize: ", "LearningRateSchedule", LearningRateSchedule, customObjects, [
    registered,
    name,
  ]);
  if (custom !== undefined) return custom as ScheduleClass;
  // A registered name says that the class was not Keras's own, whatever it is called.
  const found = typeof registered === "string" ? undefined : builtInSchedules.get(name);
  if (found !== undefined) return found;
  throw new ValueError(
    "ERR_CONFIG_UNKNOWN_CLASS",
    `schedules.deserialize: no schedule is called ${shown(name)}${typeof registered === "string" ? ` (registered as ${shown(registered)})` : ""}. ` +
      `Known, by exact name: ${[...builtInSchedules.keys()].join(", ")}. Pass a class of your own in customObjects.`,
  );
}

function object(what: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ArgumentTypeError(
    "ERR_CONFIG_INVALID",
    `schedules.deserialize: ${what} must be an object, got ${shown(value)}.`,
  );
}
