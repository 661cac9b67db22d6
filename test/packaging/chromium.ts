/** Chromium for tests that look at pages. */

import { type Browser, chromium } from "playwright";

/** A browser; `args` are more of Chromium's switches. */
export const launched = (args: readonly string[] = []): Promise<Browser> =>
  chromium.launch({
    ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
    args: ["--no-sandbox", "--disable-gpu", ...args],
  });
