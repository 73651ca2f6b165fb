/** A mode and visit as the server tells them whole: who is there, and what was said before. */

import type { AssistantEntry, ModeSwitched, SessionReady } from '../wire/frames.gen';
import type { Conversation, Entry, ReplyDetails } from './conversation';
import { detailsOf } from './conversation';

type Told = SessionReady | ModeSwitched;

/** Returns the conversation in the room that the event tells of. */
export function enter(before: Conversation, event: Told): Conversation {
  const { mode, visit, customer, assignment, history } = event;
  return {
    ...before,
    room: { mode, visit, customer, assignment, entries: history.map(entryOf) },
    details: { ...before.details, ...detailsIn(before, history) },
  };
}

function entryOf(entry: Told['history'][number]): Entry {
  const { text, turn_id: turnId } = entry;
  return entry.role === 'user'
    ? { kind: 'message', id: entry.id, turnId, text }
    : { kind: 'reply', replyId: entry.reply_id, turnId, text, finish: entry.finish_reason };
}

/** Returns the replies' details: what the history carries goes before what is known of them. */
function detailsIn(before: Conversation, history: Told['history']): Record<string, ReplyDetails> {
  const replies = history.filter((entry): entry is AssistantEntry => entry.role === 'assistant');
  return Object.fromEntries(
    replies.map(({ reply_id: id, prompt_id: promptId, feedback: verdict }) => [
      id,
      { ...detailsOf(before, id), promptId, verdict },
    ]),
  );
}
