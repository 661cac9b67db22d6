/**
 * Examples that are pages: served by Vite, and looked at in Chromium.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { type Browser, chromium, type Page } from "playwright";
import { root } from "./program.js";

/** Vite's program. */
export const vite = `${root}/node_modules/vite/bin/vite.js`;

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

/** A browser; `args` are more of Chromium's switches. */
export const launched = (args: readonly string[] = []): Promise<Browser> =>
  chromium.launch({
    ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
    args: ["--no-sandbox", "--disable-gpu", ...args],
  });

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
