/** When to come back, and how long to wait: the rules of the wire, without a table of codes. */

const LADDER_MS = [300, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000] as const;
const HIGHEST_MS = 30_000;

/** Returns whether a client may come back by itself after this close code. */
export function comesBack(code: number): boolean {
  return code < 4500 && code !== 1000;
}

/** Returns the wait before attempt `attempt` (0 is the first), jittered by `chance` in [0, 1). */
export function waitBefore(attempt: number, chance: number): number {
  const rung = LADDER_MS[attempt] ?? HIGHEST_MS;
  return Math.round(rung * (0.5 + chance));
}
