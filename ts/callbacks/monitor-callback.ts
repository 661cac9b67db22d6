/**
 * The base class of callbacks that monitor the improvement of one value.
 *
 * @module
 */

import { refuseProxy } from "../copies.js";
import { ValueError } from "../errors.js";
import { anyNumber, shown } from "../options.js";
import { Callback, type Logs } from "./callback.js";
import { givenLogs } from "./hook-arguments.js";
import { monitoredNumber } from "./monitored-number.js";

/** The direction of improvement. */
export type MonitorMode = "auto" | "min" | "max";

/** Monitors a value. In mode `"auto"`, the metric decides whether higher is better. */
export abstract class MonitorCallback extends Callback {
  /** Name in the logs. */
  readonly monitor: string;
  /** The better direction. */
  readonly mode: MonitorMode;
  /** The least change that counts as an improvement. */
  readonly minDelta: number;
  /** The best value so far. */
  best: number | undefined;
  readonly #owner: string;
  #isMax: boolean | undefined;

  /** For subclasses. @internal */
  constructor(owner: string, monitor: string, mode: MonitorMode, minDelta: number) {
    super();
    if (mode !== "auto" && mode !== "min" && mode !== "max") {
      throw new ValueError("ERR_OPTION_RANGE", `${owner}: "mode" must be "auto", "min" or "max", got ${shown(mode)}.`);
    }
    this.#owner = owner;
    this.monitor = monitor;
    this.mode = mode;
    this.minDelta = Math.abs(minDelta);
  }

  /** @internal */
  override get statefulName(): string {
    return #owner in this ? this.#owner : refuseProxy("callback");
  }

  /** The value in these logs, with a warning if it is missing. @internal */
  protected monitored(given: Logs): number | undefined {
    const logs = givenLogs(this.#owner, given);
    const isOfValidation =
      this.monitor.startsWith("val_") && !Object.keys(logs).some((name) => name.startsWith("val_"));
    const cure = isOfValidation
      ? 'Pass "validationData" or "validationSplit" to fit, or set "monitor" to one of these.'
      : 'Set "monitor" to one of these, or pass the metric to compile.';
    return monitoredNumber(this, this.#owner, this.monitor, logs, cure);
  }

  /** Whether `value` is better than `reference`; any value is better than none, even NaN. @internal */
  protected isBetter(value: number, reference: number | undefined): boolean {
    anyNumber(this.#owner, this.monitor, value);
    if (reference !== undefined) anyNumber(this.#owner, "reference", reference);
    this.#isMax ??= this.#direction();
    if (reference === undefined) return true;
    return this.#isMax ? value - this.minDelta > reference : value + this.minDelta < reference;
  }

  #direction(): boolean {
    if (this.mode !== "auto") return this.mode === "max";
    const name = this.monitor.replace(/^val_/, "");
    if (name === "loss" || name.endsWith("_loss")) return false;
    const direction = this.model.metricDirection(name);
    if (direction !== undefined) return direction === "up";
    throw new ValueError(
      "ERR_OPTION_RANGE",
      `${this.#owner}: "mode" must be "max" or "min" for "${this.monitor}", whose better direction is unknown, got "auto".`,
    );
  }
}
