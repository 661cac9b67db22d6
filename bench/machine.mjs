// The machine, as far as numbers depend on it. No names.

import { cpus, totalmem } from "node:os";

/** `[what, value]` lines for the page of results. */
export function machine() {
  const [cpu] = cpus();
  return [
    ["Date", new Date().toISOString().slice(0, 10)],
    ["Processor", `${cpu?.model.trim() ?? "unknown"}, ${cpus().length} cores visible`],
    ["Memory", `${Math.round(totalmem() / 2 ** 30)} GiB`],
    ["System", `${process.platform} ${process.arch}`],
    ["Node", `${process.versions.node} (V8 ${process.versions.v8})`],
  ];
}
