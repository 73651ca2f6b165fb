import { describe, expect, it } from 'vitest';
import { accepted, completed, delta, ready, started, switched } from '../../../tests/frames';
import type { ServerFrame } from '../wire/frames.gen';
import { detailsOf, NO_DETAILS, NOTHING_YET, runningReply } from './conversation';
import type { Conversation } from './conversation';
import { dropNotice, receive } from './receive';

const TURN = [
  accepted(2),
  started(3),
  delta(4, 'Good '),
  delta(5, 'day.'),
  completed(6, { text: 'Good day.' }),
];

function fold(frames: readonly ServerFrame[], from: Conversation = NOTHING_YET): Conversation {
  return frames.reduce(receive, from);
}

/** What a server would put in a history where this conversation stands. */
function historyOf(conversation: Conversation): NonNullable<ReturnType<typeof ready>['history']> {
  return (conversation.room?.entries ?? []).map((entry) =>
    entry.kind === 'message'
      ? { role: 'user', text: entry.text, id: entry.id, turn_id: entry.turnId, at: '' }
      : {
          role: 'assistant',
          text: entry.text,
          reply_id: entry.replyId,
          turn_id: entry.turnId,
          at: '',
          finish_reason: entry.finish,
          prompt_id: detailsOf(conversation, entry.replyId).promptId ?? '',
          feedback: detailsOf(conversation, entry.replyId).verdict,
        },
  );
}

describe('a turn', () => {
  const after = fold([ready(), ...TURN]);

  it('leaves the message and the whole reply', () => {
    expect(after.room?.entries).toEqual([
      { kind: 'message', id: 'm1', turnId: 't1', text: 'Hello?' },
      { kind: 'reply', replyId: 'r1', turnId: 't1', text: 'Good day.', finish: 'stop' },
    ]);
  });

  it('names the prompt that the reply was made with', () => {
    expect(detailsOf(after, 'r1').promptId).toBe('p1');
  });

  it('runs until it is completed, and no longer', () => {
    expect(runningReply(fold([ready(), ...TURN.slice(0, 4)]))?.text).toBe('Good day.');
    expect(runningReply(after)).toBeNull();
  });
});

describe('live and resumed streams', () => {
  it.each(TURN.map((_, cut) => cut))('agree when the socket dropped after %i events', (cut) => {
    const seen = fold([ready(), ...TURN.slice(0, cut)]);
    const back = ready({ recovered: true, offset: seen.position.offset });
    expect(fold([back, ...TURN.slice(cut)], seen)).toEqual(fold([ready(), ...TURN]));
  });

  it.each(TURN.map((_, cut) => cut))('agree with a history fetched after %i events', (cut) => {
    const seen = fold([ready(), ...TURN.slice(0, cut)]);
    const anew = ready({ epoch: 'e2', offset: 1, history: historyOf(seen) });
    const later = TURN.slice(cut).map((event, index) => ({ ...event, offset: index + 2 }));
    expect(fold([anew, ...later]).room).toEqual(fold([ready(), ...TURN]).room);
  });

  it('agree on what is known of a reply that a history brought', () => {
    const up = { type: 'feedback.stored', offset: 7, reply_id: 'r1', value: 'up' } as const;
    const history = historyOf(fold([ready(), ...TURN, up]));
    const anew = fold([ready({ epoch: 'e2', history })]);
    expect(detailsOf(anew, 'r1')).toEqual({ ...NO_DETAILS, promptId: 'p1', verdict: 'up' });
  });

  it('take in an event once', () => {
    const twice = TURN.flatMap((event) => [event, event]);
    expect(fold([ready(), ...twice])).toEqual(fold([ready(), ...TURN]));
  });

  it('show a missing event instead of going on without it', () => {
    const torn = fold([ready(), accepted(2), started(3), delta(5, 'day.')]);
    expect(torn.torn).toBe(true);
    expect(torn.position).toEqual({ epoch: 'e1', offset: 3 });
    expect(fold([delta(4, 'Good ')], torn)).toBe(torn);
  });

  it('count events of unknown types', () => {
    const after = receive(fold([ready(), accepted(2)]), { type: 'unknown', offset: 3 });
    expect(fold([started(4)], after).torn).toBe(false);
  });
});

describe('changes of mind', () => {
  const before = fold([ready(), ...TURN]);

  it('a retry puts a new reply in the old one’s place', () => {
    const after = fold([started(7, { reply_id: 'r2' }), delta(8, 'Hm.', 'r2')], before);
    expect(after.room?.entries.map((entry) => entry.kind)).toEqual(['message', 'reply']);
    expect(runningReply(after)?.text).toBe('Hm.');
  });

  it('an edit drops its message and all after it', () => {
    const more = [accepted(7, { id: 'm2', turn_id: 't2' })];
    const edit = accepted(8, { id: 'm3', turn_id: 't3', text: 'Rather?', replaces: 'm1' });
    const after = fold([...more, edit], before);
    expect(after.room?.entries).toEqual([
      { kind: 'message', id: 'm3', turnId: 't3', text: 'Rather?' },
    ]);
  });

  it('a duplicate changes nothing but the offset', () => {
    const after = fold([accepted(7, { duplicate: true })], before);
    expect(after).toEqual({ ...before, position: { epoch: 'e1', offset: 7 } });
  });

  it('a switch brings another customer, and back again the conversation', () => {
    const away = fold([switched(7)], before);
    expect(away.room).toMatchObject({ mode: 'insurance', entries: [] });
    const back = switched(8, {
      mode: 'banking',
      customer: { name: 'Ada Byron' },
      history: historyOf(before),
    });
    const after = fold([back], away);
    expect(after.room).toEqual(before.room);
    expect(detailsOf(after, 'r1').promptId).toBe('p1');
  });

  it('a switch back keeps what the history does not carry', () => {
    const back = switched(8, { mode: 'banking', history: historyOf(before) });
    const after = fold([switched(7), back], before);
    expect(detailsOf(after, 'r1')).toEqual(detailsOf(before, 'r1'));
    expect(detailsOf(after, 'r1').usage).not.toBeNull();
  });

  it('feedback stays with its reply', () => {
    const after = fold(
      [{ type: 'feedback.stored', offset: 7, reply_id: 'r1', value: 'up' }],
      before,
    );
    expect(detailsOf(after, 'r1').verdict).toBe('up');
  });
});

describe('errors', () => {
  const error = { type: 'error', ref: null, retryable: true } as const;

  it('a failing model is told at the reply that failed', () => {
    const failure = { ...error, code: 'model_unavailable', message: 'No model.' } as const;
    const after = fold([ready(), accepted(2), started(3), failure]);
    expect(detailsOf(after, 'r1').failure).toBe('No model.');
    expect(after.notices).toEqual([]);
  });

  it('a draining server is told until it is back', () => {
    const draining = { type: 'server.draining', reconnect_after_ms: 500 } as const;
    const going = fold([ready(), draining]);
    expect(going.notices).toHaveLength(1);
    expect(fold([ready({ recovered: true })], going).notices).toEqual([]);
  });

  it('others are notices, each sentence once, until dismissed or moot', () => {
    const busy = { ...error, code: 'busy', message: 'Wait.' } as const;
    const after = fold([ready(), busy, busy]);
    expect(after.notices.map((notice) => notice.text)).toEqual(['Wait.']);
    expect(dropNotice(after, after.notices[0]?.key ?? 0).notices).toEqual([]);
    expect(fold([accepted(2)], after).notices).toEqual([]);
  });
});
