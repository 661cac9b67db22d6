/**
 * A check for unknown hooks of callbacks: a misspelt name would be silently ignored.
 *
 * @module
 */

import { isCallable, isPlain, isReadable } from "../brands.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { shown } from "../options.js";
import { HOOKS, type HookName } from "./callback.js";

/** Keras's short names for the training hooks. */
const SHORT: Readonly<Record<string, HookName>> = { onBatchBegin: "onTrainBatchBegin", onBatchEnd: "onTrainBatchEnd" };

/** Keras's names of methods that `Callback` has in camelCase. */
const METHODS: ReadonlyMap<string, string> = new Map([
  ["set_model", "setModel"],
  ["set_params", "setParams"],
]);

const KNOWN: ReadonlySet<string> = new Set(HOOKS);
const LETTERS: ReadonlySet<string> = new Set(HOOKS.map((hook) => hook.toLowerCase()));

/**
 * Refuses properties of the callback and its classes that look like hooks but are not, such as `onEpochDone` or
 * `on_epoch_end`; hooks that are not functions; and objects of classes without hooks.
 *
 * @throws ValueError with the nearest name, TypeError
 */
export function checkHooks(owner: string, callback: object): void {
  if (!isReadable(callback)) {
    throw new ArgumentTypeError("ERR_OPTION_TYPE", `${owner} takes an object with hooks, got ${shown(callback)}.`);
  }
  for (let level: object | null = callback; level !== null; level = Object.getPrototypeOf(level)) {
    for (const [name, { value, get }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      const meant = METHODS.get(name);
      if (meant !== undefined) {
        throw new ValueError(
          "ERR_OPTION_UNKNOWN",
          `${owner}: a callback has "${name}", which nothing calls. The method is ${meant} of Callback; in subclasses, the model is this.model.`,
        );
      }
      if (!/^on[A-Z_]/.test(name) && !LETTERS.has(name.replaceAll("_", "").toLowerCase())) continue;
      if (!KNOWN.has(name)) {
        throw new ValueError(
          "ERR_OPTION_UNKNOWN",
          `${owner}: a callback has "${name}", which is not a hook. Did you mean "${nearestHook(name)}"? Hooks are: ${HOOKS.join(", ")}.`,
        );
      }
      if (get !== undefined || isCallable(value) || value === undefined || value === null) continue;
      throw new ArgumentTypeError(
        "ERR_OPTION_TYPE",
        `${owner}: the hook "${name}" of a callback must be a function, got ${shown(value)}.`,
      );
    }
  }
  // After misspelt hooks, whose error is more helpful. An object without functions may be meant to have no hooks.
  const isEmpty = isPlain(callback) && !Object.values(callback).some(isCallable);
  if (!isEmpty && !HOOKS.some((hook) => hook in callback)) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${owner}: a callback must have hooks, such as onEpochEnd, got ${shown(callback)}.`,
    );
  }
}

function nearestHook(name: string): HookName {
  const camel = name
    .replace(/_+([a-zA-Z])/g, (_, letter: string) => letter.toUpperCase())
    .replace(/(Finish(ed)?|Done|Completed?)$/, "End")
    .replace(/Start(ed)?$/, "Begin");
  if (Object.hasOwn(SHORT, camel)) return SHORT[camel]!;
  const distances = HOOKS.map((hook) => distance(camel.toLowerCase(), hook.toLowerCase()));
  return HOOKS[distances.indexOf(Math.min(...distances))]!;
}

/** Number of letters to insert, delete or replace (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, change));
    }
    row = next;
  }
  return row[b.length]!;
}
