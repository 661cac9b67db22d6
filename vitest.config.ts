import { availableParallelism } from "node:os";
import { playwright } from "@vitest/browser-playwright";
import wasm from "vite-plugin-wasm";
import { defineConfig } from "vitest/config";
import { everywhere, workers } from "./scripts/suites/table.mjs";
import { firefox } from "./test/browser/firefox.js";

const files = (folders: readonly string[]) => folders.map((folder) => `${folder}/**/*.test.ts`);

/** Of everything that a page of tests loads. */
const headers = {
  // A page with these two is cross-origin isolated, and may share memory; pages without them are in test/packaging.
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  // Otherwise each file asks for each module anew, and for each answer of 304 Chromium keeps a file of 2 MB in /tmp, open
  // and mapped, until it collects garbage: up to 4,000 in one page, which fills small disks and ends in a crash.
  "Cache-Control": "max-age=86400",
};

/** scripts/suites/vitest.mjs says so. */
const setupFiles = process.env.GRADSTEP_SHARED_MODULES === "1" ? ["test/support/left-behind.ts"] : [];

/** Under Deno the package's own workers are Deno's, not those of node:worker_threads. */
const conditions = "Deno" in globalThis ? { ssr: { resolve: { conditions: ["deno", "module", "node"] } } } : {};

export default defineConfig({
  ...conditions,
  // Vite before 8.1 cannot import a module by its path; harmless since.
  plugins: [wasm()],
  // Found in the middle of a run, it would reload the page.
  optimizeDeps: { include: ["comlink"] },
  server: { headers },
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Vitest leaves one core idle, which is half of a machine with two.
    maxWorkers: availableParallelism(),
    // TensorFlow.js ships ES modules without saying so, which only Vite resolves.
    server: { deps: { inline: [/@tensorflow/] } },
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          setupFiles,
          // The memory tests call gc(). Deno and Bun take the flag too.
          execArgv: ["--expose-gc"],
          include: files([
            ...everywhere,
            ...workers,
            "test/packaging",
            "test/examples",
            "test/processes",
            "test/source",
          ]),
        },
      },
      {
        extends: true,
        test: {
          name: "mpi",
          include: ["test/mpi/**/*.test.ts"],
          globalSetup: "test/mpi/consumer.ts",
          // Each job has more processes than most machines have cores; but mpirun waits for much.
          fileParallelism: false,
          sequence: { concurrent: true },
          maxConcurrency: 2,
        },
      },
      {
        extends: true,
        test: {
          name: "hosts",
          include: ["test/hosts/**/*.test.ts"],
          globalSetup: "test/hosts/setup.ts",
          // Bundlers use all cores; and a host is fetched when it is not there yet.
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        extends: true,
        // Each file in a worker thread of its own, where a user's training may run just as well.
        test: { name: "threads", include: ["test/conformance/**/*.test.ts"], pool: "threads" },
      },
      {
        extends: true,
        // Of the sources, whose import of it would lead to dist.
        resolve: { alias: { "#thread-host": new URL("./ts/threads/hosts/helpers-node.ts", import.meta.url).pathname } },
        test: {
          name: "two-threads",
          include: ["test/conformance/**/*.test.ts"],
          setupFiles: "test/support/two-threads.ts",
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          setupFiles,
          include: files([...everywhere, ...workers, "test/browser"]),
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            instances: [{ browser: "chromium" }],
            provider: playwright({
              launchOptions: {
                ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
                args: [
                  "--no-sandbox",
                  "--disable-gpu",
                  "--disable-quic",
                  "--no-first-run",
                  "--disable-background-networking",
                  "--disable-component-update",
                  "--disable-sync",
                  "--js-flags=--expose-gc",
                ],
              },
            }),
          },
        },
      },
      {
        extends: true,
        test: {
          name: "firefox",
          setupFiles,
          include: files([...everywhere, ...workers, "test/browser"]),
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            instances: [{ browser: "firefox" }],
            provider: firefox(),
          },
        },
      },
    ],
  },
});
