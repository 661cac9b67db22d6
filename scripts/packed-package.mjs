// The package as a user gets it: packed by npm and installed from the tarball, outside of this repository,
// so that nothing is found in our own node_modules by accident.

import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./paths.mjs";
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
  mkdirSync(join(folder, "packed"));
  const tarball = packInto(join(folder, "packed"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  const sentence = "npm could not install the packed package (its output is above).";
  captureOrStop("npm", ["install", "--prefer-offline", "--silent", "--prefix", folder, tarball], { sentence });
  return folder;
}
