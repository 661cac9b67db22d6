// A training run. With a folder as its argument, it saves backups there, and resumes from the last one.

import { createHash } from "node:crypto";
import { Adam, callbacks, layers, Sequential, setRandomSeed } from "gradstep";
import { BackupAndRestore, saveModel } from "gradstep/saving";

const [folder, file] = process.argv.slice(2);
setRandomSeed(1);

// Points, and whether they are in a ring.
const x = Array.from({ length: 640 }, (_, i) => [((i * 37) % 101) / 50 - 1, ((i * 53) % 97) / 48 - 1]);
const y = x.map(([a, b]) => (Math.abs(a * a + b * b - 0.5) < 0.25 ? 1 : 0));

const model = new Sequential([
  new layers.Dense(32, { activation: "relu", inputShape: [2] }),
  new layers.BatchNormalization({ momentum: 0.9 }),
  new layers.Dropout(0.1),
  new layers.Dense(16, { activation: "relu" }),
  new layers.Dense(1, { activation: "sigmoid" }),
]);
model.compile({ optimizer: new Adam({ learningRate: 0.01 }), loss: "binary_crossentropy" });

// A backup after each epoch, and after every 7 of its 20 batches.
const backups = folder ? [new BackupAndRestore({ backupDir: folder, saveFreq: 7 })] : [];
const progress = new callbacks.LambdaCallback({
  onTrainBegin: () => console.log(model.optimizer.iterations === 0 ? "begins" : "goes on"),
  onTrainBatchEnd: () => {
    if (model.optimizer.iterations % 50 === 0) console.log(`step ${model.optimizer.iterations}`);
  },
});
await model.fit(x, y, { epochs: 60, verbose: 0, callbacks: [...backups, progress] });

const hash = createHash("sha256");
for (const { data } of model.getWeights()) hash.update(data);
if (file) await saveModel(model, file);
console.log(`weights ${hash.digest("hex").slice(0, 16)}`);
