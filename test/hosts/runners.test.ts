/** Test runners: their modules, realms and globals differ from Node's. */

import { expect, test } from "vitest";
import { MAIN } from "../packaging/worker-programs.js";
import { documented } from "./documented.js";
import { nodeOf, outcome, project, works } from "./project.js";

const REQUIRED = MAIN.replace(/^import (.*) from (.*);$/gm, "const $1 = require($2);");
const written = (file: string) => `require("node:fs").writeFileSync(${JSON.stringify(file)}, await main())`;

/** The two lines of docs/hosts.md: the environment of the first, and the configuration. */
function jestLines() {
  const [line = "", config = ""] = documented("Jest").split("\n");
  return { env: { NODE_OPTIONS: /NODE_OPTIONS=(\S+)/.exec(line)?.[1] ?? "" }, config };
}

test("jest, CommonJS tests in Node 24, by the first line of the docs", () => {
  const { path, read, run, tool, write } = project("jest");
  write("a.test.js", `${REQUIRED}\ntest("trains", async () => { ${written(path("out.txt"))}; });`);
  run(nodeOf("node-24"), [tool("jest/bin/jest.js"), "--ci", "--runInBand", "--watchman=false"], jestLines().env);
  expect(outcome(read("out.txt"))).toEqual(works());
});

test("jest, in Node 20, by the lines of the docs", () => {
  const { path, read, run, tool, write } = project("jest");
  const { config, env } = jestLines();
  write("jest.config.mjs", config);
  write("package.json", JSON.stringify({ type: "module" }));
  write(
    "a.test.js",
    `import { writeFileSync } from "node:fs";\n${MAIN}\ntest("trains", async () => writeFileSync(${JSON.stringify(path("out.txt"))}, await main()));`,
  );
  run(nodeOf("node-20"), [tool("jest/bin/jest.js"), "--ci", "--runInBand", "--watchman=false"], env);
  expect(outcome(read("out.txt"))).toEqual(works());
});

test("vitest, with jsdom", () => {
  const { path, read, run, tool, write } = project("vitest");
  write(
    "a.test.js",
    `import { writeFileSync } from "node:fs";\nimport { expect, test } from "vitest";\n${MAIN}
test("trains", async () => {
  expect(typeof document).toBe("object");
  writeFileSync(${JSON.stringify(path("out.txt"))}, await main());
});`,
  );
  run(process.execPath, [tool("vitest/vitest.mjs"), "run", "--environment", "jsdom", "--root", path(".")]);
  expect(outcome(read("out.txt"))).toEqual(works());
});
