// PyTorch on one thread, with its fused kernels where it has them. GRADSTEP_BENCH_PYTHON names a Python with torch.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { isLongMuon } from "../cases.mjs";
import { openChild } from "./child.mjs";

const script = fileURLToPath(new URL("../pytorch/serve.py", import.meta.url));

async function open(pools) {
  const python = process.env.GRADSTEP_BENCH_PYTHON ?? "python3";
  const probe = spawnSync(python, ["-c", "import torch"], { encoding: "utf8" });
  if (probe.status !== 0) return { missing: "no Python with torch (GRADSTEP_BENCH_PYTHON names one)" };
  const child = await openChild(python, ["-u", script], pools);
  return { ...child, make: (problem) => (isLongMuon(problem) ? undefined : child.make(problem)) };
}

export const pytorch = { id: "pytorch", label: "PyTorch CPU", open };
