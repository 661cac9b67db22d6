/**
 * Optimizers in `console.log`. The method is defined here and not in the class, because only Node, Deno and Bun call it. They load
 * the complete library; a page with only an optimizer has no space for it.
 *
 * @module
 */

import { fieldsOf, INSPECT } from "../display.js";
import { Optimizer } from "../optimizers/optimizer.js";

const INTERNAL =
  /^(rateFactors|decayFactors|scheduled|base|own|definition|progress|scope|slots|clipsByHand|reshow|ascent)$/;

/** Adds the method that `console.log` calls to all optimizers. */
export function showOptimizers(): void {
  Object.defineProperty(Optimizer.prototype, INSPECT, {
    value(this: Optimizer): object {
      const { name, soleRate, iterations, className } = this;
      return fieldsOf(Object.assign({ name, learningRate: soleRate, iterations }, this), className, INTERNAL);
    },
    configurable: true,
  });
}
