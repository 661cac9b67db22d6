/** Chromium, and a server of files, for pages that bundlers made. */

import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser } from "playwright";
import { afterAll, beforeAll } from "vitest";
import { launched } from "../packaging/chromium.js";
import { REPORT } from "../packaging/worker-programs.js";

/** By these headers a page may share memory. */
export const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

export const HTML = `<!doctype html><link rel="icon" href="data:,"><body></body><script type="module" src="./page.js"></script>`;

/** Starts Chromium before the file's tests. */
export function useBrowser() {
  const closing: (() => unknown)[] = [];
  let browser: Browser;
  beforeAll(async () => {
    browser = await launched();
  });
  afterAll(async () => {
    await browser?.close();
    for (const close of closing) await close();
  });
  return {
    /** Called after the tests. */
    closing,
    /** Serves a folder. @returns its address */
    async served(folder: string): Promise<string> {
      const server = createServer((request, response) => {
        const name = new URL(request.url ?? "/", "http://localhost").pathname;
        const file = join(folder, name === "/" ? "index.html" : name);
        const isThere = existsSync(file);
        const type = /\.m?js$/.test(file) ? "text/javascript" : "text/html";
        response.writeHead(isThere ? 200 : 404, { "content-type": type, ...ISOLATED });
        response.end(isThere ? readFileSync(file) : "");
      });
      closing.push(() => server.close());
      await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    },
    /** Opens a page. @returns what its program printed, or its errors if it printed no report */
    async printed(address: string): Promise<string> {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(String(error)));
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      try {
        const done = page.waitForEvent("console", (message) => REPORT.test(message.text()));
        done.catch(() => undefined);
        await page.goto(address);
        return (await done).text();
      } catch (error) {
        return `${error}\n${errors.join("\n")}`;
      } finally {
        await page.close();
      }
    },
  };
}
