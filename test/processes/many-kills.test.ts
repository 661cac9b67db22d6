/** A training process that is killed at 50 random moments, and started again each time, learns the bits of one that is not. */

import { it } from "vitest";
import { killOften, useFolders } from "./killing.js";

const newFolder = useFolders();
const KILLS = 50;
const seed = Number(process.env.GRADSTEP_SEED ?? Date.now() % 2 ** 32);

it.each([
  ["epoch", "scaled"],
  [1, "scaled"],
  [3, "accumulated"],
] as const)(`saveFreq %s, %s (seed ${seed})`, { timeout: 600_000 }, async (saveFreq, optimizer) => {
  await killOften(newFolder(), KILLS, seed, { saveFreq, optimizer });
});
