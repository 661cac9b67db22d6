// Debian's packages, installed by apt-get: only as root, never without a line that says so first, and never
// with GRADSTEP_NO_INSTALL=1.

import { capture, isRoot, which } from "../process.mjs";

const installArguments = (packages) => ["install", "-y", "--no-install-recommends", ...packages];

/** The command for a user to type. */
export const aptCommand = (packages) => `apt-get update && apt-get ${installArguments(packages).join(" ")}`;

/** Whether packages may be installed here without asking. */
export const mayInstall = () => isRoot && process.env.GRADSTEP_NO_INSTALL !== "1" && which("apt-get") !== undefined;

/** Installs packages if allowed, after printing `what`. Returns the error output, or undefined if not allowed. */
export function aptInstall(packages, what, note) {
  if (!mayInstall()) return undefined;
  note(`apt-get installs Debian's ${what} (GRADSTEP_NO_INSTALL=1 forbids it)`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  capture("apt-get", ["update"], { env });
  return capture("apt-get", installArguments(packages), { env }).stderr;
}
