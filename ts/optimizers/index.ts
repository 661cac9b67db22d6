/**
 * Optimizers: `import { optimizers } from "gradstep"`.
 *
 * @module
 */

export * from "./classes.js";
export * as schedules from "../schedules/index.js";
