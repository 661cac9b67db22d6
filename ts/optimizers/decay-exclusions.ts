/**
 * Variables that are excluded from weight decay.
 *
 * @module
 */

import { ArgumentTypeError, ValueError } from "../errors.js";
import { checkKnownOptions, list, shown, text } from "../options.js";
import { Variable } from "../variable.js";

/** Variables by identity, and patterns searched in the last part of a name, as in Keras. */
export class DecayExclusions {
  /** By identity. */
  variables: ReadonlySet<Variable> = new Set();
  /** Regular expressions. */
  names: readonly string[] = [];
  #pattern: RegExp | null = null;

  /** Replaces the exclusions, or throws and keeps the old ones. */
  replace(owner: string, exclude: { varList?: Iterable<Variable>; varNames?: Iterable<string> }): void {
    const label = `${owner}.excludeFromWeightDecay`;
    checkKnownOptions(label, exclude, ["varList", "varNames"]);
    const variables = new Set<Variable>();
    for (const variable of list<unknown>(label, "varList", exclude.varList ?? [])) {
      if (!(variable instanceof Variable)) {
        throw new ArgumentTypeError("ERR_OPTION_TYPE", `${label}: "varList" takes Variables, got ${shown(variable)}.`);
      }
      variables.add(variable);
    }
    if (typeof exclude.varNames === "string") {
      throw new ArgumentTypeError(
        "ERR_OPTION_TYPE",
        `${label}: "varNames" takes a list of strings, such as ["bias"], got a string.`,
      );
    }
    const names = list(label, "varNames", exclude.varNames ?? []).map((name) => text(label, "varNames", name));
    this.#pattern = names.length > 0 ? pattern(label, names) : null;
    this.names = names;
    this.variables = variables;
  }

  /** Whether a variable is excluded. */
  excludes(variable: Variable): boolean {
    if (this.variables.has(variable)) return true;
    return this.#pattern?.test(variable.name.split("/").at(-1) ?? "") ?? false;
  }
}

function pattern(label: string, names: readonly string[]): RegExp {
  try {
    return new RegExp(names.join("|"));
  } catch (cause) {
    throw new ValueError(
      "ERR_OPTION_RANGE",
      `${label}: "varNames" must have regular expressions: ${(cause as Error).message}.`,
    );
  }
}
