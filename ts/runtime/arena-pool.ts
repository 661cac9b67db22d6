/**
 * Idle arenas: their contents are no longer needed.
 *
 * @module
 */

import { Arena, type ArenaUse, heldByArenas } from "./arena.js";
import { whenFull } from "./memory.js";

/** 32 MB in 4-byte values: the limit of the idle arenas of one use, without the last one used. */
const MOST_IDLE = 1 << 23;
/** Steps of any kind after which an idle arena's memory is freed. */
const PATIENCE = 256;

/** Idle arenas. The last one used is at the end: its memory is in the caches. */
const pools: Record<ArenaUse, Arena[]> = { step: [], gradients: [], scratch: [] };
let steps = 0;

/** An empty arena. @param length - Size of a contiguous block that it must hold, if known */
export function takeArena(use: ArenaUse, length = 0): Arena {
  const pool = pools[use];
  let at = pool.length - 1;
  // An arena that is too small would grow, and keep its old memory.
  while (at >= 0 && length > 0 && pool[at]!.length < length) at--;
  const arena = at < 0 ? made(use) : pool[at]!;
  if (at === pool.length - 1) pool.pop();
  else if (at >= 0) pool.splice(at, 1);
  if (use === "scratch") arena.reset();
  return arena;
}

function made(use: ArenaUse): Arena {
  whenFull(freeIdleArenas);
  return new Arena(use);
}

/**
 * Returns an arena to the pool. From here on its contents refuse to be used; contents of scratch memory, which user
 * code sees only inside of a step, do so from its next use on.
 */
export function giveArena(arena: Arena): void {
  if (arena.use !== "scratch") arena.reset();
  arena.since = ++steps;
  const pool = pools[arena.use];
  pool.push(arena);
  let length = 0;
  if (heldByArenas() > MOST_IDLE) for (const idle of pool) length += idle.length;
  while (pool.length > 1 && (length > MOST_IDLE || pool[0]!.since + PATIENCE < steps)) {
    const oldest = pool.shift() as Arena;
    length -= oldest.length;
    oldest.free();
  }
  if (steps % PATIENCE === 0) freeUnused();
}

/** Frees arenas that no step has needed for a while, including the last one of a use. */
function freeUnused(): void {
  for (const pool of Object.values(pools)) {
    while ((pool[0]?.since ?? steps) + PATIENCE < steps) (pool.shift() as Arena).free();
  }
}

/** Frees all of them. */
export function freeIdleArenas(): void {
  for (const pool of Object.values(pools)) for (const arena of pool.splice(0)) arena.free();
}
