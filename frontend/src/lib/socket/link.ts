/** One lasting link over many sockets: opens, listens, notices death, comes back. */

import type { ClientFrame, ServerFrame } from '../wire/frames.gen';
import type { UnknownFrame } from '../wire/parse';
import { parseFrame } from '../wire/parse';
import { comesBack, waitBefore } from './rules';

export interface SocketLike {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: string): void;
  close(code?: number): void;
}

export interface Clock {
  now(): number;
  /** Runs `action` once after `ms`; what it returns cancels it. */
  after(ms: number, action: () => void): () => void;
}

/** How to come in: where to, and what to say first (a resume) if anything. */
export interface Entrance {
  readonly url: string;
  readonly first: ClientFrame | null;
}

export type LinkStatus =
  | { readonly phase: 'connecting'; readonly again: boolean }
  | { readonly phase: 'open' }
  | { readonly phase: 'waiting'; readonly until: number }
  | { readonly phase: 'stopped'; readonly code: number; readonly reason: string };

export interface LinkParts {
  readonly open: (url: string) => SocketLike;
  readonly clock: Clock;
  readonly chance: () => number;
  /** Asked anew at every attempt: what is known may have grown. */
  readonly entrance: () => Entrance;
  readonly onFrame: (frame: ServerFrame | UnknownFrame) => void;
  readonly onStatus: (status: LinkStatus) => void;
}

const READY_WITHIN_MS = 12_000;
const ANSWER_WITHIN_MS = 8_000;
const PROBE_WITHIN_MS = 4_000;
const STEADY_AFTER_MS = 5_000;
const LOST = 1006;
/** the protocol's own code for it; a second try would bring the same frame again */
const MALFORMED = 1002;

export class Link {
  readonly #parts: LinkParts;
  #socket: SocketLike | null = null;
  #status: LinkStatus = { phase: 'stopped', code: 1000, reason: '' };
  #attempt = 0;
  #askedToWait: number | null = null;
  #pingMs = 25_000;
  /** what is due on this socket: a deadline, the next ping, the all-clear */
  #deadline: () => void = () => undefined;
  #nextPing: () => void = () => undefined;
  #steady: () => void = () => undefined;
  #retry: () => void = () => undefined;

  constructor(parts: LinkParts) {
    this.#parts = parts;
  }

  get status(): LinkStatus {
    return this.#status;
  }

  /** Connects, whatever was before; the ladder starts at its foot. */
  start(): void {
    this.#attempt = 0;
    this.#connect();
  }

  /** Says goodbye and stays away. */
  stop(): void {
    this.#leave(1000);
    this.#become({ phase: 'stopped', code: 1000, reason: '' });
  }

  /** Gives the present socket up and comes back at once: its stream can not be trusted. */
  restart(): void {
    this.#leave();
    this.#connect();
  }

  /** Returns whether the frame was handed to an open socket. */
  send(frame: ClientFrame): boolean {
    if (this.#status.phase !== 'open' || !this.#socket) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** The page came to the front or the network is back: look, and only then reconnect. */
  wake(): void {
    if (this.#status.phase === 'waiting') this.start();
    else if (this.#status.phase === 'open') this.#ping(PROBE_WITHIN_MS);
  }

  #connect(): void {
    this.#leave();
    this.#become({ phase: 'connecting', again: this.#attempt > 0 });
    const { url, first } = this.#parts.entrance();
    const socket = this.#parts.open(url);
    this.#socket = socket;
    socket.onopen = () => {
      if (first) socket.send(JSON.stringify(first));
    };
    socket.onmessage = ({ data }) => this.#take(data);
    socket.onclose = ({ code, reason }) => this.#lost(code, reason);
    socket.onerror = null;
    this.#expect(READY_WITHIN_MS);
  }

  #take(data: unknown): void {
    this.#deadline();
    let frame: ServerFrame | UnknownFrame;
    try {
      frame = parseFrame(data);
    } catch (error) {
      this.#giveUp(MALFORMED, (error as Error).message);
      return;
    }
    if (frame.type === 'server.draining') this.#askedToWait = frame.reconnect_after_ms;
    if (frame.type === 'session.ready') this.#ready(frame.limits.ping_seconds * 1000);
    this.#parts.onFrame(frame);
  }

  #ready(pingMs: number): void {
    const { clock } = this.#parts;
    this.#pingMs = pingMs;
    this.#become({ phase: 'open' });
    this.#steady = clock.after(STEADY_AFTER_MS, () => (this.#attempt = 0));
    this.#schedulePing();
  }

  #schedulePing(): void {
    this.#nextPing();
    this.#nextPing = this.#parts.clock.after(this.#pingMs, () => {
      this.#ping(ANSWER_WITHIN_MS);
      this.#schedulePing();
    });
  }

  #ping(within: number): void {
    if (this.send({ type: 'ping', t: this.#parts.clock.now() })) this.#expect(within);
  }

  /** Any frame within `ms` is a sign of life; without one the socket is given up. */
  #expect(ms: number): void {
    this.#deadline();
    this.#deadline = this.#parts.clock.after(ms, () => this.#lost(LOST, ''));
  }

  #lost(code: number, reason: string): void {
    this.#leave();
    if (!comesBack(code)) {
      this.#giveUp(code, reason);
      return;
    }
    const { clock, chance } = this.#parts;
    const wait = waitBefore(this.#attempt, chance()) + (this.#askedToWait ?? 0);
    this.#askedToWait = null;
    this.#attempt += 1;
    this.#become({ phase: 'waiting', until: clock.now() + wait });
    this.#retry = clock.after(wait, () => this.#connect());
  }

  #giveUp(code: number, reason: string): void {
    this.#leave();
    this.#become({ phase: 'stopped', code, reason });
  }

  #leave(code?: number): void {
    for (const cancel of [this.#deadline, this.#nextPing, this.#steady, this.#retry]) cancel();
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    socket.close(code);
  }

  #become(status: LinkStatus): void {
    this.#status = status;
    this.#parts.onStatus(status);
  }
}
