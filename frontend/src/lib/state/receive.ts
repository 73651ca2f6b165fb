/** Events to state: the one consumer, for live and for resumed streams alike. */

import type { ErrorFrame, LogEvent, ServerFrame, SessionReady } from '../wire/frames.gen';
import type { UnknownFrame } from '../wire/parse';
import type { Conversation, Entry, Notice, Reply, ReplyDetails } from './conversation';
import { detailsOf, runningReply } from './conversation';
import { enter } from './history';

const MOST_NOTICES = 3;
const DRAINING = 'The server is about to restart. The conversation goes on when it is back.';

/** Returns the conversation after one frame. Events that were taken in before change nothing. */
export function receive(
  conversation: Conversation,
  frame: ServerFrame | UnknownFrame,
): Conversation {
  switch (frame.type) {
    case 'session.ready':
      return begin(conversation, frame);
    case 'error':
      return refuse(conversation, frame);
    case 'pong':
      return conversation;
    case 'server.draining':
      return addNotice(conversation, { tone: 'info', code: 'draining', text: DRAINING });
    case 'unknown':
      return frame.offset === null ? conversation : inOrder(conversation, frame.offset, (c) => c);
    default:
      return inOrder(conversation, frame.offset, (before) => apply(before, frame));
  }
}

function inOrder(
  conversation: Conversation,
  offset: number,
  change: (before: Conversation) => Conversation,
): Conversation {
  const { epoch, offset: last } = conversation.position;
  if (conversation.torn || offset <= last) return conversation;
  if (offset !== last + 1) return { ...conversation, torn: true };
  return { ...change(conversation), position: { epoch, offset } };
}

function begin(before: Conversation, ready: SessionReady): Conversation {
  const session = {
    sessionId: ready.session_id,
    seed: ready.seed,
    generator: ready.generator,
    asOf: ready.as_of,
    identity: ready.identity,
    token: ready.resume_token,
    model: ready.model,
    modes: ready.modes,
    limits: ready.limits,
  };
  const goesOn = ready.recovered && before.room !== null;
  return {
    ...(goesOn ? before : enter(before, ready)),
    session,
    position: { epoch: ready.epoch, offset: ready.offset },
    notices: before.notices.filter((notice) => notice.code !== 'draining'),
    torn: false,
  };
}

function apply(before: Conversation, event: Exclude<LogEvent, SessionReady>): Conversation {
  switch (event.type) {
    case 'message.accepted':
      return event.duplicate ? before : accept(before, event.id, event);
    case 'reply.started':
      return start(before, event);
    case 'reply.delta':
      return changeReply(before, event.reply_id, (reply) => ({
        ...reply,
        text: reply.text + event.text,
      }));
    case 'reply.tool':
      return note(before, event.reply_id, {
        tools: [
          ...detailsOf(before, event.reply_id).tools,
          { name: event.name, summary: event.summary },
        ],
      });
    case 'reply.completed':
      return complete(before, event);
    case 'mode.switched':
      return event.duplicate ? before : { ...enter(before, event), notices: [] };
    case 'feedback.stored':
      return note(before, event.reply_id, { verdict: event.value });
  }
}

type Of<T extends LogEvent['type']> = Extract<LogEvent, { type: T }>;

function accept(before: Conversation, id: string, event: Of<'message.accepted'>): Conversation {
  const message: Entry = { kind: 'message', id, turnId: event.turn_id, text: event.text };
  return {
    ...changeEntries(before, (entries) => [...upTo(entries, event.replaces), message]),
    notices: [],
  };
}

function upTo(entries: readonly Entry[], replaced: string | null): readonly Entry[] {
  const at = entries.findIndex((entry) => entry.kind === 'message' && entry.id === replaced);
  return at === -1 ? entries : entries.slice(0, at);
}

function start(before: Conversation, event: Of<'reply.started'>): Conversation {
  const reply: Reply = {
    kind: 'reply',
    replyId: event.reply_id,
    turnId: event.turn_id,
    text: '',
    finish: null,
  };
  const begun = changeEntries(before, (entries) => [
    ...entries.filter((entry) => entry.kind === 'message' || entry.turnId !== event.turn_id),
    reply,
  ]);
  return note(begun, event.reply_id, { promptId: event.prompt_id, model: event.model });
}

function complete(before: Conversation, event: Of<'reply.completed'>): Conversation {
  const ended = changeReply(before, event.reply_id, (reply) => ({
    ...reply,
    text: event.text,
    finish: event.finish_reason,
  }));
  return note(ended, event.reply_id, {
    promptId: event.provenance.prompt_id,
    provenance: event.provenance,
    usage: event.usage,
    timing: event.timing_ms,
  });
}

function refuse(before: Conversation, error: ErrorFrame): Conversation {
  const running = runningReply(before);
  const ofReply = error.code === 'model_unavailable' || error.code === 'model_failed';
  if (ofReply && running) return note(before, running.replyId, { failure: error.message });
  return addNotice(before, { tone: 'problem', code: error.code, text: error.message });
}

/** Returns the conversation with one more notice, the newest last. */
export function addNotice(before: Conversation, notice: Omit<Notice, 'key'>): Conversation {
  const key = (before.notices.at(-1)?.key ?? 0) + 1;
  const others = before.notices.filter((other) => other.text !== notice.text);
  return { ...before, notices: [...others, { ...notice, key }].slice(-MOST_NOTICES) };
}

export function dropNotice(before: Conversation, key: number): Conversation {
  return { ...before, notices: before.notices.filter((notice) => notice.key !== key) };
}

function note(before: Conversation, replyId: string, more: Partial<ReplyDetails>): Conversation {
  const details = { ...detailsOf(before, replyId), ...more };
  return { ...before, details: { ...before.details, [replyId]: details } };
}

function changeEntries(
  before: Conversation,
  change: (entries: readonly Entry[]) => readonly Entry[],
): Conversation {
  if (!before.room) return before;
  return { ...before, room: { ...before.room, entries: change(before.room.entries) } };
}

function changeReply(
  before: Conversation,
  replyId: string,
  change: (reply: Reply) => Reply,
): Conversation {
  return changeEntries(before, (entries) =>
    entries.map((entry) =>
      entry.kind === 'reply' && entry.replyId === replyId ? change(entry) : entry,
    ),
  );
}
