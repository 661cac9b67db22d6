/**
 * Examples that are pages: served by Vite, and opened in Chromium.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Browser, Page } from "playwright";
import { expect } from "vitest";
import { program, root } from "./program.js";

/** Vite's program. */
const vite = `${root}/node_modules/vite/bin/vite.js`;

/** A server that runs. */
export interface Served {
  readonly address: string;
  stop(): void;
}

/** Serves a folder: by `["examples/page"]` its sources, by `["preview", ...]` what was built. */
export async function served(args: readonly string[]): Promise<Served> {
  const server = spawn(process.execPath, [vite, ...args, "--host", "127.0.0.1", "--port", "0"], {
    cwd: root,
    env: { ...process.env, NO_COLOR: "1" },
    stdio: "pipe",
  });
  const address = await new Promise<string>((found, failed) => {
    let output = "";
    for (const stream of [server.stdout, server.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        const [url] = /http:\/\/127\.0\.0\.1:\d+\//.exec(output) ?? [];
        if (url !== undefined) found(url);
      });
    }
    server.on("close", () => failed(new Error(`Vite ended:\n${output}`)));
  });
  return { address, stop: () => server.kill() };
}

/** Builds an example for a web server, into a folder that is removed after `use`. */
export async function whenBuilt(folder: string, use: (out: string) => unknown): Promise<void> {
  const out = mkdtempSync(join(tmpdir(), `gradstep-${basename(folder)}-`));
  try {
    const { code, stderr } = await program(process.execPath, [vite, "build", folder, "--outDir", out, "--emptyOutDir"]);
    expect(code, stderr).toBe(0);
    await use(out);
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** Builds an example, and serves what was built during `use`. */
export async function whenBuiltAndServed(folder: string, use: (address: string) => unknown): Promise<void> {
  await whenBuilt(folder, async (out) => {
    const built = await served(["preview", folder, "--outDir", out]);
    try {
      await use(built.address);
    } finally {
      built.stop();
    }
  });
}

/** Errors in an example's types, as TypeScript prints them. */
export async function typeErrors(folder: string): Promise<string> {
  const { stdout } = await program(process.execPath, [`${root}/node_modules/typescript/bin/tsc`, "-p", folder]);
  return stdout;
}

/** Opens a page; what it complains of is gathered in `complaints`. */
export async function opened(browser: Browser, address: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    // The tests themselves read canvases back.
    if (message.text().includes("willReadFrequently")) return;
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  await page.goto(address);
  return { page, complaints };
}
