/** A user's project in a host that was installed: gradstep, comlink and the host are found as usual. */

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, inject } from "vitest";
import { installHost } from "../../scripts/hosts/install.mjs";
import { REPORT, WEIGHTS } from "../packaging/worker-programs.js";

/** The {@link outcome} of a host in which everything works. */
export const works = () => ({ report: "same weights, replicas learn, no warnings", weights: inject("weights") });

/** The training report that a program printed. */
export function outcome(printed: string) {
  return { report: REPORT.exec(printed)?.[1] ?? printed, weights: WEIGHTS.exec(printed)?.[1] };
}

/** Node's program of a host such as "node-20". */
export function nodeOf(host: string): string {
  const modules = join(installHost(host), "node_modules");
  const name = readdirSync(modules).find((folder) => folder.startsWith("node-"));
  return join(modules, `${name}`, "bin/node");
}

/** Here, since Vitest takes no hooks while a test runs. */
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Makes a project, which is removed after the file's tests. */
export function project(host: string) {
  const home = installHost(host);
  mkdirSync(join(home, "projects"), { recursive: true });
  const folder = mkdtempSync(join(home, "projects/p"));
  folders.push(folder);
  for (const name of ["gradstep", "comlink"]) {
    cpSync(join(inject("installed"), "node_modules", name), join(folder, "node_modules", name), { recursive: true });
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "project", private: true }));
  const path = (name: string) => join(folder, name);
  return {
    home,
    folder,
    path,
    /** Writes a file, and the folders above it. @returns its path */
    write(name: string, text: string): string {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), text);
      return path(name);
    },
    read: (name: string) => readFileSync(path(name), "utf8"),
    isThere: (name: string) => existsSync(path(name)),
    remove: (name: string) => rmSync(path(name), { recursive: true, force: true }),
    /** Runs a program in the project. @returns its output; throws with it when the program fails */
    run(program: string, args: readonly string[], env: Record<string, string> = {}): string {
      const { status, stdout, stderr } = spawnSync(program, args, {
        cwd: folder,
        encoding: "utf8",
        timeout: 300_000,
        // Vitest's own settings are not the user's.
        env: { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: "1", ...env },
      });
      if (status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
      return stdout + stderr;
    },
    /** A file of the host's packages. */
    tool: (file: string) => join(home, "node_modules", file),
    /** Loads a package of the host. */
    load: (name: string) => import(/* @vite-ignore */ pathToFileURL(resolved(home, name)).href),
  };
}

/** A package's file for `import`, or else for `require`. */
function resolved(home: string, name: string): string {
  return createRequire(join(home, "package.json")).resolve(name);
}

/** A user's project in a host. */
export type Project = ReturnType<typeof project>;
