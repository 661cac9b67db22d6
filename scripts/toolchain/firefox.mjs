// A Firefox for `npm test -- firefox`: an installed one, otherwise Debian's package.

import { capture, which } from "../process.mjs";
import { StepFailed } from "../steps.mjs";
import { aptCommand, aptInstall } from "./apt.mjs";

const places = () => [
  process.env.FIREFOX_PATH,
  which("firefox"),
  which("firefox-esr"),
  "/Applications/Firefox.app/Contents/MacOS/firefox",
];

/** The first of them that starts, and its version. */
function findInstalled() {
  for (const path of places()) {
    const { ok, stdout } = path ? capture(path, ["--version"], { timeout: 20_000 }) : { ok: false };
    const version = ok && /Firefox ([\w.]+)/.exec(stdout)?.[1];
    if (version) return { path, version };
  }
  return undefined;
}

/** Sets FIREFOX_PATH, which test/browser/firefox.ts reads. */
export async function prepareFirefox(note) {
  let found = findInstalled();
  if (!found && aptInstall(["firefox-esr"], "firefox-esr", note) !== undefined) found = findInstalled();
  if (!found) {
    throw new StepFailed(
      `There is no Firefox: install one (on Debian, as root: ${aptCommand(["firefox-esr"])}), or set FIREFOX_PATH.`,
    );
  }
  process.env.FIREFOX_PATH = found.path;
  return found.version;
}
