// Content hashes, which the build and the set-up compare to detect stale files.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "../paths.mjs";

/** SHA-256 over the parts; each is preceded by its length, so that ("ab", "c") differs from ("a", "bc"). */
export function sha256(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) {
    const bytes = typeof part === "string" ? Buffer.from(part) : part;
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest("hex");
}

/** All files below the given files and folders, sorted; missing ones are skipped. */
function listFiles(paths) {
  const files = [];
  for (const path of paths) {
    if (!existsSync(path)) continue;
    if (statSync(path).isDirectory()) files.push(...listFiles(readdirSync(path).map((name) => join(path, name))));
    else files.push(path);
  }
  return files.sort();
}

/** One hash over the names and contents of all files below `paths`. */
export function hashFiles(paths) {
  return sha256(...listFiles(paths).flatMap((file) => [relative(root, file), readFileSync(file)]));
}
