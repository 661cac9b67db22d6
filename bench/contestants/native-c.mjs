// Native C, compiled on this machine: for the generic architecture, and for this processor.

import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openChild } from "./child.mjs";

const folder = fileURLToPath(new URL("../native", import.meta.url));

// Without -fno-math-errno GCC calls sqrtf for each element, to set errno. No other relaxation is enabled.
const FLAGS = ["-O3", "-std=gnu11", "-fno-math-errno", "-Wall", "-Wextra"];

function open(id, flags) {
  return (pools) => {
    const compiler = process.env.CC ?? "cc";
    const version = spawnSync(compiler, ["--version"], { encoding: "utf8" });
    if (version.status !== 0) return { missing: "no C compiler" };
    const program = join(pools.folder, id);
    const sources = readdirSync(folder).filter((name) => name.endsWith(".c"));
    const args = [...FLAGS, ...flags, ...sources.map((name) => join(folder, name)), "-o", program, "-lm"];
    const built = spawnSync(compiler, args, { encoding: "utf8" });
    if (built.status !== 0) return { missing: `the C compiler failed: ${built.stderr.trim().split("\n")[0]}` };
    // Distributions put a note in brackets: "cc (Debian 12.2.0-14) 12.2.0".
    const name = version.stdout.split("\n")[0].replace(/ *\([^)]*\)/, "");
    return openChild(program, [], pools, () => `${name} ${[...FLAGS.slice(0, 3), ...flags].join(" ")}`);
  };
}

const baseline = process.arch === "x64" ? "SSE2" : "baseline";

export const nativeBaseline = { id: "nativeBaseline", label: `native C, ${baseline}`, open: open("baseline", []) };
export const nativeFull = { id: "nativeFull", label: "native C, march=native", open: open("full", ["-march=native"]) };
