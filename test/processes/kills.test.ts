/** A training process that is killed, or cannot write: a few moments of many-kills.test.ts, and each step of writing a file. */

import { describe, expect, it } from "vitest";
import { expectWhole, killOften, namesIn, trained, training, useFolders } from "./killing.js";

const newFolder = useFolders();
const short = { epochs: 3 } as const;
const whole = trained({ ...short, folder: null }).last;

it.each([["epoch"], [3]] as const)("killed at 4 random moments, saveFreq %s", async (saveFreq) => {
  await killOften(newFolder(), 4, 7, { ...short, saveFreq });
});

describe("killed at each step of writing its fourth backup", () => {
  it.each([
    ["open", "after", "a file without bytes"],
    ["write", "half", "half a file"],
    ["sync", "before", "a file that is not on disk yet"],
    ["rename", "before", "a whole file under its temporary name"],
    ["rename", "after", "a backup in its place"],
  ] as const)("%s, %s: %s", (kind, when, _moment) => {
    const folder = newFolder();
    const writes = kind === "write" ? 32 * 3 + 20 : 4;
    const killed = trained({ ...short, folder, saveFreq: 3, fault: { kind, when, nth: writes } });
    expect(killed.signal).toBe("SIGKILL");
    expectWhole(folder);
    const left = namesIn(folder).filter((name) => name.endsWith(".tmp"));
    expect(left.length).toBe(kind === "rename" && when === "after" ? 0 : 1);
    expect(trained({ ...short, folder, saveFreq: 3 }).last).toBe(whole);
    expect(namesIn(folder)).toEqual([]);
  });
});

it.each([
  ["full", "ENOSPC: no space left on device", 32 * 2 + 20],
  ["readOnly", "EROFS: read-only file system", 3],
])(
  "a disk that is %s ends fit with an error; the backup before stays, and the next start continues",
  (kind, words, nth) => {
    const folder = newFolder();
    const failed = trained({ ...short, folder, saveFreq: 3, fault: { kind, nth } });
    expect(failed.signal).toBe(null);
    const error = JSON.parse(failed.last) as { name: string; code: string; message: string };
    expect(error).toMatchObject({ name: "FileError", code: "ERR_FILE_ACCESS" });
    expect(error.message).toContain(`${folder}/latest.safetensors: ${words}`);
    expect(namesIn(folder)).toEqual(["latest.safetensors"]);
    expectWhole(folder);
    expect(trained({ ...short, folder, saveFreq: 3 }).last).toBe(whole);
  },
);

describe("two processes with one folder", () => {
  it("both finish, and leave complete files", async () => {
    const folder = newFolder();
    const runs = [1, 2, 3].map(() => training({ ...short, folder, saveFreq: 1 }).ended);
    for (const { last } of await Promise.all(runs)) expect(last).toBe(whole);
    expect(namesIn(folder)).toEqual([]);
  });

  it("a process that starts does not remove files that another one is writing", async () => {
    const folder = newFolder();
    const first = training({ ...short, folder, saveFreq: 1 });
    const second = training({ ...short, folder, saveFreq: 1 });
    second.killAfter(60, 0);
    await second.ended;
    expect((await first.ended).last).toBe(whole);
    expect(trained({ ...short, folder, saveFreq: 1 }).last).toBe(whole);
    expect(namesIn(folder)).toEqual([]);
  });
});
