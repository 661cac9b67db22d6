// A run that is killed twice, resumes each time, and ends with the bits of an uninterrupted run.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { loadModel } from "gradstep/saving";

const script = fileURLToPath(new URL("train.mjs", import.meta.url));

/** Runs train.mjs in a process, which is killed when it prints `until`; returns the last line. */
async function train(args, until) {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let last = "";
  for await (const line of createInterface(child.stdout)) {
    if (!/^step/.test(line)) console.log(`  ${line}`);
    last = line;
    if (line !== until) continue;
    child.kill("SIGKILL");
    console.log(`  killed after ${line}`);
  }
  return last;
}

const folder = await mkdtemp(join(tmpdir(), "save-and-resume-"));
try {
  const [backup, file] = [join(folder, "backup"), join(folder, "ring.keras")];
  console.log("interrupted:");
  await train([backup, file], "step 50");
  await train([backup, file], "step 250");
  const resumed = await train([backup, file]);
  console.log("uninterrupted:");
  const whole = await train([]);
  console.log(resumed === whole ? "the same weights" : "other weights");
  process.exitCode = resumed === whole ? 0 : 1;

  // The file opens in Python too: keras.saving.load_model("ring.keras").
  const model = await loadModel(file);
  const [inside, center] = (
    await model.predict([
      [0.5, 0.5],
      [0, 0],
    ])
  ).array();
  console.log(`in the ring ${inside.toFixed(2)}, in its center ${center.toFixed(2)}`);
} finally {
  await rm(folder, { recursive: true });
}
