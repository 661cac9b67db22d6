// A Chromium for the browser tests: an installed one, otherwise Playwright's download, otherwise Debian's package.

import { existsSync } from "node:fs";
import { inRoot } from "../paths.mjs";
import { capture, which } from "../process.mjs";
import { StepFailed } from "../steps.mjs";
import { aptCommand, aptInstall, mayInstall } from "./apt.mjs";

const programs = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const macApps = ["Google Chrome", "Chromium"].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);

/** The version that a Chromium reports; undefined if it cannot start (missing libraries, a snap stub). */
function versionOf(path) {
  if (!path || !existsSync(path)) return undefined;
  const { ok, stdout } = capture(path, ["--version"], { timeout: 20_000 });
  return ok ? /Chrom(?:e|ium)\D*([\d.]+)/.exec(stdout)?.[1] : undefined;
}

async function playwrightPath() {
  const { chromium } = await import("playwright");
  return chromium.executablePath();
}

async function findInstalled() {
  for (const path of [...programs.map(which), ...macApps, await playwrightPath()]) {
    const version = versionOf(path);
    if (version) return { path, version };
  }
  return undefined;
}

function downloadByPlaywright(note) {
  note("Playwright downloads Chromium");
  const cli = inRoot("node_modules/playwright/cli.js");
  capture(process.execPath, [cli, "install", "--no-shell", "chromium"], { timeout: 600_000 });
}

const installByApt = (note) => aptInstall(["chromium"], "chromium, because Playwright's download did not work", note);

/** Sets CHROMIUM_PATH, which vitest.config.ts reads. */
export async function prepareChromium(note) {
  const given = process.env.CHROMIUM_PATH;
  if (given) {
    const version = versionOf(given);
    if (!version)
      throw new StepFailed(`CHROMIUM_PATH is ${given}, which is not a Chromium that starts: correct it or unset it.`);
    return `${version} (CHROMIUM_PATH)`;
  }
  let found = await findInstalled();
  for (const install of [downloadByPlaywright, installByApt]) {
    if (found) break;
    install(note);
    found = await findInstalled();
  }
  if (!found) {
    throw new StepFailed(
      "No Chromium for the browser tests: none is installed, Playwright could not download one" +
        `${mayInstall() ? " and apt-get could not install one" : ""}. Install Chromium or Chrome (on Debian, as root: ${aptCommand(["chromium"])}), or set CHROMIUM_PATH.`,
    );
  }
  process.env.CHROMIUM_PATH = found.path;
  return found.version;
}
