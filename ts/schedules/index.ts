/**
 * Learning-rate schedules: `import { schedules } from "gradstep"`.
 *
 * @module
 */

export * from "./classes.js";
export { deserialize, type ScheduleClass, type SerializedSchedule, serialize } from "./registry.js";
