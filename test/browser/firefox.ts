/**
 * Vitest's tests in an installed Firefox. Playwright only drives the Firefox that it downloads; this one is not
 * driven: it opens the page of the tests, which runs them.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineBrowserProvider } from "@vitest/browser";

/** A Firefox without a window, with a separate profile, that opens the given page. */
class Firefox {
  readonly name = "firefox";
  readonly supportsParallelism = false;
  #running: { readonly process: ChildProcess; readonly profile: string } | undefined;

  getCommandsContext(): Record<string, unknown> {
    return {};
  }

  async openPage(_session: string, url: string): Promise<void> {
    await this.close();
    const profile = mkdtempSync(join(tmpdir(), "gradstep-firefox-"));
    const args = ["--headless", "--no-remote", "--profile", profile, url];
    this.#running = { process: spawn(process.env.FIREFOX_PATH ?? "firefox", args, { stdio: "ignore" }), profile };
  }

  async close(): Promise<void> {
    if (this.#running === undefined) return;
    const { process, profile } = this.#running;
    this.#running = undefined;
    const closed = new Promise((done) => process.once("close", done));
    process.kill();
    await closed;
    // Its child processes end a little later, and write till then.
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

/** The provider for `browser` in vitest.config.ts. `FIREFOX_PATH` names the program. */
export const firefox = () =>
  defineBrowserProvider({ name: "firefox", options: {}, providerFactory: () => new Firefox() });
