// wasm-bindgen, wasm-pack and cargo-mutants, built by cargo from crates.io into the cache, in a folder named by the version.

import { join } from "node:path";
import { toolCache } from "../paths.mjs";
import { capture, prependPath, run } from "../process.mjs";
import { StepFailed } from "../steps.mjs";

const folderOf = ({ program, version }) => join(toolCache, "tools", `${program}-${version}`);
const hasVersion = (tool) => {
  const { ok, stdout } = capture(join(folderOf(tool), "bin", tool.program), tool.asks ?? ["--version"]);
  return ok && stdout.trim().split(" ").at(-1) === tool.version;
};

/** Puts `tool` into the cache unless it is there, and first in PATH: wasm-pack looks for wasm-bindgen there. */
export async function installTool(tool, note) {
  const cached = hasVersion(tool);
  if (!cached) {
    note("building from source, one to three minutes");
    const folder = folderOf(tool);
    // A debug build takes half the time of a release build, and is fast enough for this module.
    const args = [
      "install",
      "--quiet",
      "--debug",
      "--locked",
      "--force",
      "--root",
      folder,
      "--version",
      tool.version,
      tool.crate,
    ];
    const { code } = await run("cargo", args, { env: { CARGO_PROFILE_DEV_DEBUG: "0" } });
    if (code !== 0 || !hasVersion(tool)) {
      throw new StepFailed(
        `cargo could not install ${tool.crate} ${tool.version} (its output is above): it needs a reachable crates.io and a C linker.`,
      );
    }
  }
  prependPath(join(folderOf(tool), "bin"));
  return cached ? "cached" : "installed";
}
