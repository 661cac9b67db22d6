/**
 * Calling C from Deno: `Deno.dlopen`, for which `--allow-ffi` is needed.
 *
 * @module
 */

import { ReplicaError } from "../errors.js";
import type { Argument, Kind, LibraryOpener, NativeAddress } from "./native.js";

/** The part of Deno that is used. Its types would become a dependency. */
interface Deno {
  readonly env: { get(name: string): string | undefined; set(name: string, value: string): void };
  readonly permissions: {
    querySync(descriptor: { name: "env"; variable: string }): { readonly state: string };
  };
  dlopen(path: string, symbols: object): { readonly symbols: Record<string, unknown> };
}

/** An address stays a Deno pointer object: reading its number would need permission for all libraries. */
const TYPES: Readonly<Record<Kind, string>> = { int: "i32", buffer: "buffer", word: "usize", address: "pointer" };

const deno = (): Deno => (globalThis as unknown as { Deno: Deno }).Deno;

/** A variable of the environment; undefined, without a prompt, if reading it is not permitted. */
export function environment(name: string): string | undefined {
  return mayUse(name) ? deno().env.get(name) : undefined;
}

/** Sets a variable of the environment, for C too, if that is permitted. */
export function setEnvironment(name: string, value: string): void {
  if (mayUse(name)) deno().env.set(name, value);
}

function mayUse(variable: string): boolean {
  return deno().permissions.querySync({ name: "env", variable }).state === "granted";
}

/** Number of processes that can run at once. */
export function cores(): number {
  return navigator.hardwareConcurrency;
}

/** Works for any library. */
export async function libraryOpener(): Promise<LibraryOpener> {
  return (path) => {
    open(path, {});
    return {
      path,
      address: (name) =>
        (open(path, { [name]: { type: "pointer", optional: true } })[name] as NativeAddress | null) ?? undefined,
      bind(name, kinds) {
        const parameters = kinds.map((kind) => TYPES[kind]);
        return open(path, { [name]: { parameters, result: "i32" } })[name] as (...given: Argument[]) => number;
      },
    };
  };
}

/** The system's loader returns the same library each time. */
function open(path: string, symbols: object): Record<string, unknown> {
  try {
    return deno().dlopen(path, symbols).symbols;
  } catch (cause) {
    if ((cause as Error).name !== "NotCapable") throw cause;
    throw new ReplicaError(
      "ERR_MPI",
      `MpiGroup.open: Deno must be allowed to load ${path}: run it with --allow-ffi --allow-env, or with ` +
        '--allow-ffi=/full/path/of/the/library and MpiGroup.open({ library: "/full/path/of/the/library" }).',
      -1,
      { cause },
    );
  }
}
