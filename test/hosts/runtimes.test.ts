/** Every supported Node, by import and by require. */

import { expect, test } from "vitest";
import { MAIN, WORKERS } from "../packaging/worker-programs.js";
import { nodeOf, outcome, project, works } from "./project.js";

const NODES = ["node-20", "node-22", "node-24", "node-26"];

test.each(NODES)("%s, by import", (host) => {
  const { run, write } = project(host);
  expect(outcome(run(nodeOf(host), [write("program.mjs", WORKERS)]))).toEqual(works());
});

test.each(NODES)("%s, by require, with the classes of import", (host) => {
  const { run, write } = project(host);
  const required = MAIN.replace(/^import (.*) from (.*);$/gm, "const $1 = require($2);");
  const program = `${required}
import("gradstep").then(({ Sequential: imported }) => {
  if (imported !== Sequential) throw new Error("two copies");
  return main().then(console.log);
});`;
  expect(outcome(run(nodeOf(host), [write("program.cjs", program)]))).toEqual(works());
});
