// Run by `npm test` in a separate project, with the packed package installed and no permission granted.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import * as gradstep from "gradstep";
import { SECOND_ORDER_HASH, secondOrderRun } from "./second-order-run.ts";

test("gradients of gradients have the bits of every runtime", () => {
  const hash = createHash("sha256");
  for (const array of secondOrderRun(gradstep)) hash.update(new Uint8Array(array.buffer));
  assert.equal(hash.digest("hex"), SECOND_ORDER_HASH);
});
