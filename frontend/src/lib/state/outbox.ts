/** What the person asked for and the server has not answered yet; sent again after a drop. */

import type {
  CustomerNext,
  MessageEdit,
  ModeSwitch,
  ReplyRetry,
  ServerFrame,
  UserMessage,
} from '../wire/frames.gen';
import type { UnknownFrame } from '../wire/parse';
import type { Entry } from './conversation';

type WithId<T> = T & { readonly id: string };

/** Frames whose id makes sending them twice harmless. */
export type Request =
  UserMessage | MessageEdit | WithId<ModeSwitch> | WithId<CustomerNext> | WithId<ReplyRetry>;

export interface Pending {
  readonly request: Request;
  /** refused for now (nothing was accepted): the person may try again */
  readonly held: boolean;
}

export type Outbox = readonly Pending[];

export interface Settled {
  readonly outbox: Outbox;
  /** a message that the server refused for good; its text goes back to the person */
  readonly refused: Request | null;
}

export function post(outbox: Outbox, request: Request): Outbox {
  return [
    ...outbox.filter((pending) => pending.request.id !== request.id),
    { request, held: false },
  ];
}

/** Returns the outbox after a frame, with the request that it refused. */
export function settle(outbox: Outbox, frame: ServerFrame | UnknownFrame): Settled {
  if (frame.type === 'session.ready') {
    return {
      outbox: frame.recovered ? outbox : without(outbox, idsOf(frame.history)),
      refused: null,
    };
  }
  if (frame.type === 'error') return refuse(outbox, frame.ref, frame.retryable);
  const id = answered(frame);
  return { outbox: id === null ? outbox : without(outbox, [id]), refused: null };
}

function answered(frame: ServerFrame | UnknownFrame): string | null {
  switch (frame.type) {
    case 'message.accepted':
    case 'mode.switched':
    case 'reply.started':
      return frame.id;
    default:
      return null;
  }
}

function refuse(outbox: Outbox, ref: string | null, retryable: boolean): Settled {
  const found = outbox.find((pending) => pending.request.id === ref);
  if (!found) return { outbox, refused: null };
  if (!retryable) return { outbox: without(outbox, [found.request.id]), refused: found.request };
  const held = outbox.map((pending) => (pending === found ? { ...pending, held: true } : pending));
  return { outbox: held, refused: null };
}

function without(outbox: Outbox, ids: readonly string[]): Outbox {
  return outbox.filter((pending) => !ids.includes(pending.request.id));
}

function idsOf(history: readonly { readonly role: string; readonly id?: string }[]): string[] {
  return history.flatMap((entry) => (entry.id === undefined ? [] : [entry.id]));
}

/** Returns the texts that were never accepted, oldest first. */
export function unsaid(outbox: Outbox): readonly string[] {
  return outbox.flatMap(({ request }) => ('text' in request ? [request.text] : []));
}

export interface Line {
  readonly entry: Entry;
  /** null: the server has it */
  readonly pending: Pending | null;
}

/** Returns what to show: what was said, and below it what is on its way. */
export function lines(entries: readonly Entry[], outbox: Outbox): readonly Line[] {
  let said: readonly Line[] = entries.map((entry) => ({ entry, pending: null }));
  for (const pending of outbox) {
    const { request } = pending;
    if (request.type === 'message.edit') said = before(said, request.of);
    if (request.type === 'user.message' || request.type === 'message.edit') {
      const { id, text } = request;
      said = [...said, { entry: { kind: 'message', id, turnId: '', text }, pending }];
    }
  }
  return said;
}

function before(said: readonly Line[], id: string): readonly Line[] {
  const at = said.findIndex(({ entry }) => entry.kind === 'message' && entry.id === id);
  return at === -1 ? said : said.slice(0, at);
}
