// The package as users get it: packed by npm and installed from the tarball, outside of this repository, so nothing is
// found in the repository's node_modules by accident.

import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inRoot, localCache, root } from "./paths.mjs";
import { captureOrStop } from "./process.mjs";

/** Packs dist/ and returns the path of the tarball in `folder`. */
export function packInto(folder) {
  const sentence = "npm could not pack the package (its output is above).";
  captureOrStop("npm", ["pack", root, "--pack-destination", folder, "--silent"], { sentence });
  return join(
    folder,
    readdirSync(folder).find((name) => name.endsWith(".tgz")),
  );
}

/** A new temporary project that has only gradstep installed; returns its folder, which the caller removes. */
export function makeConsumer() {
  const folder = mkdtempSync(join(tmpdir(), "gradstep-consumer-"));
  const made = join(localCache, "consumers", digest());
  if (existsSync(made)) cpSync(made, folder, { recursive: true, verbatimSymlinks: true });
  else {
    install(folder);
    keep(folder, made);
  }
  return folder;
}

function install(folder) {
  mkdirSync(join(folder, "packed"));
  const tarball = packInto(join(folder, "packed"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  const sentence = "npm could not install the packed package (its output is above).";
  captureOrStop("npm", ["install", "--prefer-offline", "--silent", "--prefix", folder, tarball], { sentence });
}

/**
 * A hash of everything that npm packs: each state of the package is packed and installed only once, which takes npm 6
 * seconds of CPU time.
 */
function digest() {
  const hash = createHash("sha256");
  const built = readdirSync(inRoot("dist"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const { files } = JSON.parse(readFileSync(inRoot("package.json"), "utf8"));
  const others = ["package.json", ...files.filter((name) => name !== "dist")].map((name) => inRoot(name));
  for (const file of [...built, ...others].sort()) hash.update(`${file}\0`).update(readFileSync(file)).update("\0");
  return hash.digest("hex").slice(0, 16);
}

/** Keeps a copy, replacing those of earlier states. If two programs do so at once, one wins. */
function keep(folder, made) {
  const consumers = join(made, "..");
  mkdirSync(consumers, { recursive: true });
  const copy = mkdtempSync(join(consumers, "new-"));
  cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
  const old = readdirSync(consumers).filter((name) => !name.startsWith("new-") && join(consumers, name) !== made);
  for (const name of old) rmSync(join(consumers, name), { recursive: true, force: true });
  try {
    renameSync(copy, made);
  } catch {
    rmSync(copy, { recursive: true, force: true });
  }
}
