/**
 * Learning-rate schedules: `import { schedules } from "gradstep"`.
 *
 * @module
 */

export * from "./classes.js";
export {
  deserialize,
  get,
  type ScheduleClass,
  type ScheduleIdentifier,
  type SerializedSchedule,
  serialize,
} from "./registry.js";
