// Everything that a build requires: each step is skipped if it is already satisfied.

import { step } from "./steps.mjs";
import { installTool } from "./toolchain/cargo-tools.mjs";
import { prepareChromium } from "./toolchain/chromium.mjs";
import { prepareFirefox } from "./toolchain/firefox.mjs";
import { checkNode } from "./toolchain/node.mjs";
import { installPackages } from "./toolchain/packages.mjs";
import { prepareRust } from "./toolchain/rust.mjs";
import { prepareCheckTools } from "./toolchain/rustup.mjs";
import { wasmBindgen, wasmPack } from "./toolchain/versions.mjs";

/**
 * Prepares the machine; `checks` asks for rustfmt and clippy too, `browser` for a Chromium, `firefox` for a Firefox.
 * Returns what the build needs: `{ rust }`.
 */
export async function setUp({ checks = false, browser = false, firefox = false } = {}) {
  console.log("Set-up");
  await step(`node ${process.versions.node}`, checkNode);
  await step("npm packages", installPackages);
  const rust = await step("rust", prepareRust);
  await step(`wasm-bindgen ${wasmBindgen.version}`, (note) => installTool(wasmBindgen, note));
  // wasm-pack refuses a Rust without a compiled wasm32 library; then the build runs its two steps directly.
  if (!rust.buildStd) await step(`wasm-pack ${wasmPack.version}`, (note) => installTool(wasmPack, note));
  if (checks) await step("rustfmt, clippy", prepareCheckTools);
  if (browser) await step("chromium", prepareChromium);
  if (firefox) await step("firefox", prepareFirefox);
  return { rust };
}
