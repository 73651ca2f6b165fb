/** What is read aloud: that an answer began, and the answer when it is whole. */

import type { ServerFrame } from '../wire/frames.gen';
import type { UnknownFrame } from '../wire/parse';
import type { Conversation, FinishReason } from './conversation';

const ENDINGS: Readonly<Record<FinishReason, string>> = {
  stop: 'Answer:',
  length: 'Answer, cut off at the length limit:',
  stopped: 'Answer stopped:',
  interrupted: 'Answer interrupted:',
  error: 'The answer failed.',
};

/** Returns a sentence for assistive technology, or null where this frame says nothing new. */
export function announcementOf(
  before: Conversation,
  after: Conversation,
  frame: ServerFrame | UnknownFrame,
): string | null {
  if (after === before) return null;
  switch (frame.type) {
    case 'session.ready':
      return before.room ? 'Connected again.' : `${nameIn(after)} walked in.`;
    case 'mode.switched':
      return `${titleOf(after)}: you are with ${nameIn(after)}.`;
    case 'reply.started':
      return 'The assistant is answering.';
    case 'reply.completed':
      return `${ENDINGS[frame.finish_reason]} ${frame.text}`.trim();
    default:
      return null;
  }
}

function nameIn({ room }: Conversation): string {
  const name = room?.customer['name'];
  return typeof name === 'string' ? name : 'A customer';
}

function titleOf({ session, room }: Conversation): string {
  return session?.modes.find((mode) => mode.id === room?.mode)?.title ?? '';
}
