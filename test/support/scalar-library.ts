/**
 * A second copy of the library (dist/) over the scalar test build of the same Rust: one copy holds one module.
 */

import scalarModule from "../../pkg-scalar/gradstep_bg.wasm?url&inline";
import { bytesOf } from "./bytes.js";

/** The library, whichever module is behind it. */
export type Library = typeof import("../../ts/slim.js");

type Runtime = typeof import("../../ts/runtime/module.js");

const SECOND = import.meta.glob<Library>("../../dist/slim.js");
const SECOND_RUNTIME = import.meta.glob<Runtime>("../../dist/runtime/module.js");

async function only<T>(files: Record<string, () => Promise<T>>): Promise<T> {
  const load = Object.values(files)[0];
  if (load === undefined) throw new Error("dist/ is missing: npm run build");
  return await load();
}

/** The library without SIMD. */
export async function scalarLibrary(): Promise<Library> {
  const library = await only(SECOND);
  library.initSync({ bytes: bytesOf(scalarModule.slice(scalarModule.indexOf(",") + 1)) });
  return library;
}

/** Whether its module has SIMD. */
export async function scalarHasSimd(): Promise<boolean> {
  return (await only(SECOND_RUNTIME)).wasm().has_simd() === 1;
}
