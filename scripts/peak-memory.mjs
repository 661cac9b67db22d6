// The most memory that a process held at once.

import { existsSync, readFileSync } from "node:fs";

const STATUS = "/proc/self/status";

/**
 * Bytes of this process since it began. Linux hands `maxRSS` of a parent down to its children, so that a small child of
 * a large process shows the parent's; `VmHWM` starts again.
 */
export function peakMemory() {
  const own = existsSync(STATUS) && /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(STATUS, "utf8"));
  return (own ? Number(own[1]) : process.resourceUsage().maxRSS) * 1024;
}
