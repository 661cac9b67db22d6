// A training program like a user's: it backs up its run, and prints the hash of its weights. The tests kill it.
//
// `node trained.mjs '{"folder", "saveFreq", "optimizer", "fault"}'`. It prints a line per batch and per call of the
// file system, and the hash last. `fault` is what happens at its n-th call of a kind.

import { createHash } from "node:crypto";
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

const { folder, saveFreq = "epoch", optimizer: wanted = "scaled", epochs = 12, fault } = JSON.parse(process.argv[2]);

const say = (line) => process.stdout.write(`${line}\n`);
const die = () => process.kill(process.pid, "SIGKILL");
const never = new Promise(() => {});

/** Errors of a host whose disk is full or read-only. */
const REFUSALS = {
  full: ["write", "ENOSPC", "no space left on device"],
  readOnly: ["open", "EROFS", "read-only file system"],
};

let calls = 0;
/** Runs a call of the file system; the fault may come before it, in the middle of it, or after it. */
async function watched(kind, call, half = call) {
  say(kind);
  const [refused, code, words] = REFUSALS[fault?.kind] ?? [];
  if (kind === refused && ++calls === fault.nth) throw Object.assign(new Error(`${code}: ${words}, ${kind}`), { code });
  if (kind !== fault?.kind || ++calls !== fault.nth) return await call();
  if (fault.when !== "before") await (fault.when === "half" ? half() : call());
  die();
  return await never;
}

const { open, rename } = fs;
fs.open = async (path, flags) => {
  // Only writing fails.
  if (flags === undefined) return await open(path);
  const file = await watched("open", () => open(path, flags));
  return {
    write: (bytes, at, length) =>
      watched(
        "write",
        () => file.write(bytes, at, length),
        () => file.write(bytes, at, Math.ceil(length / 2)),
      ),
    sync: () => watched("sync", () => file.sync()),
    close: () => file.close(),
  };
};
fs.rename = (from, to) => watched("rename", () => rename(from, to));
syncBuiltinESMExports();

const { callbacks, layers, optimizers, schedules, Sequential, setRandomSeed } = await import("gradstep");
const { BackupAndRestore } = await import("gradstep/saving");

const rate = () =>
  new schedules.CosineDecay({ initialLearningRate: 0.01, decaySteps: 90, warmupTarget: 0.02, warmupSteps: 7 });
const MADE = {
  scaled: () =>
    new optimizers.LossScaleOptimizer(
      new optimizers.Adam({
        learningRate: rate(),
        useEma: true,
        emaMomentum: 0.9,
        emaOverwriteFrequency: 5,
        clipnorm: 1,
      }),
      { dynamicGrowthSteps: 3 },
    ),
  accumulated: () => new optimizers.AdamW({ learningRate: rate(), gradientAccumulationSteps: 2, useEma: true }),
};

const x = Array.from({ length: 43 }, (_, i) => Array.from({ length: 6 }, (_, j) => ((i * 31 + j * 17) % 23) / 11 - 1));
const y = x.map((row) => [row[0] * row[1], row[2] - row[3]]);

setRandomSeed(11);
const model = new Sequential([
  new layers.Dense(64, { inputShape: [6], activation: "tanh" }),
  new layers.Dropout(0.3),
  new layers.BatchNormalization(),
  new layers.GaussianNoise(0.05),
  new layers.Dense(2),
]);
model.compile({ optimizer: MADE[wanted](), loss: "mse", metrics: ["mae"] });

const telling = new (class extends callbacks.Callback {
  onTrainBatchEnd(batch) {
    say(`batch ${batch}`);
  }
})();
const backup = folder === null ? [] : [new BackupAndRestore({ backupDir: folder, saveFreq })];
const run = { epochs, batchSize: 4, verbose: 0, validationSplit: 0.1, callbacks: [telling, ...backup] };
try {
  await model.fit(x, y, run);
} catch ({ name, code, message }) {
  say(JSON.stringify({ name, code, message }));
  process.exit(3);
}

const hash = createHash("sha256");
for (const { data } of [...model.getWeights(), ...model.optimizer.getWeights()])
  hash.update(new Uint8Array(data.buffer));
say(hash.digest("hex"));
