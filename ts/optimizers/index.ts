/**
 * Optimizers: `import { optimizers } from "gradstep"`.
 *
 * @module
 */

export * as schedules from "../schedules/index.js";
export * from "./classes.js";
