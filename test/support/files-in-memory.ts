/** Files in memory, for tests of files that also run on hosts without files. */

import { vi } from "vitest";
import { files } from "#saving-files";

/** Puts a map in the place of the file system, until `vi.restoreAllMocks()`; returns what is written, by place. */
export function filesInMemory(): Map<string, Uint8Array> {
  const written = new Map<string, Uint8Array>();
  vi.spyOn(files, "write").mockImplementation(async (list) => {
    for (const { place, pieces } of list) {
      written.set(String(place), Uint8Array.from(pieces.flatMap((piece) => [...piece])));
    }
  });
  vi.spyOn(files, "read").mockImplementation(async (place) => written.get(String(place)) as Uint8Array);
  vi.spyOn(files, "open").mockResolvedValue(undefined);
  vi.spyOn(files, "has").mockImplementation(async (place) => written.has(String(place)));
  vi.spyOn(files, "clear").mockImplementation(async (place, part) => {
    if (part === "all") written.delete(String(place));
  });
  return written;
}
