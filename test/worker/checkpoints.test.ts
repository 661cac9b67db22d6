/** `ModelCheckpoint` of `gradstep/saving` writes the model that trains in a worker; `BackupAndRestore` says what to do instead. */

import { random, setRandomSeed } from "gradstep";
import { BackupAndRestore, loadModel, ModelCheckpoint } from "gradstep/saving";
import { offload } from "gradstep/worker";
import { expect, it } from "vitest";
import { bits, seededModel, x, y } from "./training.js";

/** Bytes of the last file. */
function handle() {
  let bytes = new Uint8Array();
  return {
    name: "model.keras",
    bytes: () => bytes,
    async createWritable() {
      const pieces: Uint8Array[] = [];
      return {
        write: async (piece: Uint8Array) => void pieces.push(piece.slice()),
        close: async () => {
          bytes = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
        },
        abort: async () => {},
      };
    },
  };
}

it("a model in a worker is saved by the page, and continues with the same bits", async () => {
  setRandomSeed(3);
  const remote = await offload(seededModel());
  const file = handle();
  const saving = new ModelCheckpoint({ filepath: file, saveBestOnly: true, monitor: "loss", mode: "max" });
  const before = random.uniform([2], { seed: 1 }).array();
  await remote.fit(x, y, { epochs: 3, batchSize: 24, verbose: 0, callbacks: [saving] });
  expect(random.uniform([2], { seed: 1 }).array()).toEqual(before);
  // The loss falls: the first epoch is the one that was saved.
  const again = await loadModel(file.bytes(), { format: "keras" });
  await again.fit(x, y, { initialEpoch: 1, epochs: 3, batchSize: 24, verbose: 0 });
  expect(bits(again.getWeights())).toEqual(bits(await remote.getWeights()));
  await remote.dispose();
});

it("a backup of a run in a worker is refused, with the cure", async () => {
  const remote = await offload(seededModel());
  const backup = new BackupAndRestore("backup");
  const refused = remote.fit(x, y, { verbose: 0, callbacks: [backup] });
  await expect(refused).rejects.toMatchObject({ code: "ERR_NOT_IMPLEMENTED" });
  await remote.dispose();
});
