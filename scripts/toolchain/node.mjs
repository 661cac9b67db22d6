// The version of Node: no script installs Node, so an old one is refused with the required version.

import { StepFailed } from "../steps.mjs";
import { isAtLeast, minimumNode } from "./versions.mjs";

export function checkNode() {
  if (isAtLeast(process.versions.node, minimumNode)) return "ok";
  throw new StepFailed(
    `Node ${process.versions.node} is too old to build gradstep: install Node ${minimumNode.join(".")} or newer (https://nodejs.org).`,
  );
}
