/**
 * The definition of a custom optimizer, read from its class.
 *
 * @module
 */

import { customName } from "../custom-objects.js";
import { ValueError } from "../errors.js";
import { shown } from "../options.js";
import type { Definition } from "./definition.js";
import type { OptimizerOptions } from "./options.js";

/** The rule of custom optimizers in the core: the stages before the update. */
export const CUSTOM_RULE = "custom";

/** The definition of a subclass whose constructor passes only options. */
export function customDefinition(target: object): Definition<OptimizerOptions> {
  const { prototype } = target as { readonly prototype: { readonly updateStep?: unknown } };
  if (typeof prototype.updateStep !== "function") {
    throw new ValueError(
      "ERR_NOT_IMPLEMENTED",
      "Optimizer has no update rule: make one of its subclasses, such as Adam, or extend it with a method updateStep(gradient, variable, learningRate).",
    );
  }
  const { className } = target as { readonly className?: unknown };
  if (typeof className !== "string" || className === "" || className === "Optimizer") {
    throw new ValueError(
      "ERR_NOT_IMPLEMENTED",
      `The custom optimizer ${shown(customName(target))} needs a name for files and workers, since minifiers change that of the class: static className = "MyOptimizer".`,
    );
  }
  const own = customName(target);
  return {
    className: own === "" ? className : own,
    rule: CUSTOM_RULE,
    learningRate: undefined as never,
    defaults: {},
    ranges: {},
  };
}
