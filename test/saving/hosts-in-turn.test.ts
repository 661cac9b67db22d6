/**
 * One run that begins in one host, continues in a second, and ends in a third, such as Node, Chromium and Deno.
 *
 * No test can start the others. Instead the two files of each run are committed, and every host trains all three parts from
 * them: it must write the committed files byte for byte, and end with the hash of a run that is not interrupted. So the file
 * that a host continues from is the one that any other host writes.
 *
 * `npm run generate` adds the files of new runs. After a change that is meant to change files or bits, first delete the
 * lines that shall change.
 */

import { afterEach, describe, expect, it, vi } from "vitest";
import committed from "../golden/host-files.json" with { type: "json" };
import { unzippedOf } from "../support/bytes.js";
import { backupInMemory } from "../support/memory-files.js";
import { byBackup, byKeras, type Part, RELAYS, wholeRun } from "../support/relay.js";

afterEach(() => {
  vi.restoreAllMocks();
});

async function expectRelay(name: string, part: Part, packed: readonly string[]): Promise<void> {
  const [first, second] = await Promise.all(packed.map(unzippedOf));
  expect(await part(name, null, 0)).toEqual(first);
  expect(await part(name, first!, 2)).toEqual(second);
  expect(await part(name, second!, 4)).toBe(committed[name as keyof typeof committed].hash);
}

describe.each(Object.keys(RELAYS))("%s", (name) => {
  const { hash, keras, safetensors } = committed[name as keyof typeof committed];

  it("without an interruption", async () => {
    expect(await wholeRun(name)).toBe(hash);
  });

  it("by .keras", async () => {
    await expectRelay(name, byKeras, keras);
  });

  it("by the safetensors of BackupAndRestore", async () => {
    await expectRelay(name, byBackup(backupInMemory()), safetensors);
  });
});
