/**
 * Objects as Keras's JSON has them.
 *
 * @module
 */

import { ArgumentTypeError, ValueError } from "./errors.js";
import { shown } from "./options.js";

/** What `{ class_name, config, registered_name }` holds, checked. */
export interface SavedObject {
  readonly name: string;
  /** The name of a class that was not Keras's own. */
  readonly registered: string | null;
  readonly config: Readonly<Record<string, unknown>>;
}

/** Reads foreign JSON. @throws TypeError for what is no such object, ValueError without a class name */
export function savedObject(owner: string, json: unknown): SavedObject {
  const saved = plainObject(owner, json);
  const name = own(saved, "class_name");
  if (typeof name !== "string") {
    throw new ValueError("ERR_CONFIG_INVALID", `${owner}: "class_name" must be a string, got ${shown(name)}.`);
  }
  const registered = own(saved, "registered_name");
  return {
    name,
    registered: typeof registered === "string" ? registered : null,
    config: plainObject(name, own(saved, "config") ?? {}),
  };
}

function plainObject(owner: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ArgumentTypeError("ERR_CONFIG_INVALID", `${owner}: expected an object, got ${shown(value)}.`);
}

/** Only what the object itself holds: a config is foreign data, and `constructor` is no key of it. */
function own(holder: object, key: string): unknown {
  return Object.hasOwn(holder, key) ? (holder as Record<string, unknown>)[key] : undefined;
}
