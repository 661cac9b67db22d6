// Paths. GRADSTEP_CACHE moves the tools (not the build's stamps) to a folder that several clones share.

import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(fileURLToPath(import.meta.url), "../..");
export const localCache = join(root, ".cache");
export const toolCache = process.env.GRADSTEP_CACHE ? resolve(process.env.GRADSTEP_CACHE) : localCache;

/** An absolute path inside the repository. */
export const inRoot = (...parts) => join(root, ...parts);
