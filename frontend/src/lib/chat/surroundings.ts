/** What the browser lends to a chat; the one place that touches its globals. */

import type { Address } from '../state/address';
import { readAddress, readMemory, writeAddress, writeMemory } from '../state/address';
import type { Memory } from '../state/address';
import type { Clock, SocketLike } from '../socket/link';

export interface Surroundings {
  readonly clock: Clock;
  readonly open: (query: string) => SocketLike;
  readonly chance: () => number;
  readonly newId: () => string;
  readonly fetch: (path: string) => Promise<Response>;
  readonly address: () => Address;
  readonly showAddress: (address: Address) => void;
  readonly remembered: () => Memory | null;
  readonly remember: (memory: Memory | null) => void;
  /** Resolves to false where another tab already holds this conversation. */
  readonly claim: (token: string) => Promise<boolean>;
  /** Runs `draw` before the next picture, or soon where no picture is drawn. */
  readonly beforePaint: (draw: () => void) => void;
}

const MEMORY = 'walkin.conversation';
/** A reload's old document lets go of its lock within this time; another tab does not. */
const CLAIM_WITHIN_MS = 600;

export function browserSurroundings(showAddress: (query: string) => void): Surroundings {
  return {
    clock: {
      now: () => performance.now(),
      after: (ms, action) => {
        const timer = setTimeout(action, ms);
        return () => clearTimeout(timer);
      },
    },
    open: (query) => {
      const url = new URL(`/ws?${query}`, location.href);
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
      return new WebSocket(url);
    },
    chance: Math.random,
    newId,
    fetch: (path) => fetch(path),
    address: () => readAddress(new URLSearchParams(location.search)),
    showAddress: (address) => showAddress(`?${writeAddress(address)}`),
    remembered: () => attempt(() => readMemory(sessionStorage.getItem(MEMORY)), null),
    remember: (memory) => attempt(() => store(memory), undefined),
    claim,
    beforePaint: (draw) => {
      if (document.visibilityState === 'visible') requestAnimationFrame(draw);
      else setTimeout(draw, 100);
    },
  };
}

/** crypto.randomUUID is missing on plain http, getRandomValues is not. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function store(memory: Memory | null): void {
  if (memory) sessionStorage.setItem(MEMORY, writeMemory(memory));
  else sessionStorage.removeItem(MEMORY);
}

/** Storage may be switched off or full: the page then works for this visit only. */
function attempt<T>(action: () => T, otherwise: T): T {
  try {
    return action();
  } catch {
    return otherwise;
  }
}

/** A duplicated tab copies its storage, token included; the lock tells the copy from a reload. */
async function claim(token: string): Promise<boolean> {
  const locks = (navigator as { locks?: LockManager }).locks;
  if (!locks) return true;
  return new Promise((resolve) => {
    const holdForever = () => {
      resolve(true);
      return new Promise<void>(() => undefined);
    };
    locks
      .request(`walkin:${token}`, { signal: AbortSignal.timeout(CLAIM_WITHIN_MS) }, holdForever)
      .catch(() => resolve(false));
  });
}
