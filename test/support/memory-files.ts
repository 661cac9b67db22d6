/**
 * The host's files in memory: where tests run that have none.
 *
 * @module
 */

import { vi } from "vitest";
import { files } from "#saving-files";
import { joined } from "../../ts/saving/stores/pieces.js";
import type { BackupFolder } from "./relay.js";

/** Serves one backup until mocks are restored. */
export function backupInMemory(): BackupFolder {
  const folder: BackupFolder = { file: null };
  vi.spyOn(files, "write").mockImplementation(async ([only]) => {
    folder.file = joined(only!.pieces);
  });
  vi.spyOn(files, "read").mockImplementation(async () => folder.file as Uint8Array);
  vi.spyOn(files, "open").mockResolvedValue(undefined);
  vi.spyOn(files, "has").mockImplementation(
    async (place) => folder.file !== null && String(place).endsWith("latest.safetensors"),
  );
  vi.spyOn(files, "clear").mockImplementation(async () => undefined);
  return folder;
}
