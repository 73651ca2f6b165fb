import { describe, expect, it } from 'vitest';
import { accepted, ready, started, switched } from '../../../tests/frames';
import type { ErrorFrame } from '../wire/frames.gen';
import type { Entry } from './conversation';
import type { Request } from './outbox';
import { lines, post, settle, unsaid } from './outbox';

const say: Request = { type: 'user.message', id: 'm1', text: 'Hello?' };
const edit: Request = { type: 'message.edit', of: 'm1', id: 'm2', text: 'Rather?' };
const retry: Request = { type: 'reply.retry', id: 'x1' };
const away: Request = { type: 'mode.switch', id: 's1', mode: 'insurance' };
const all = [say, edit, retry, away].reduce(post, []);

function refusal(more: Partial<ErrorFrame>): ErrorFrame {
  return { type: 'error', code: 'busy', message: '', ref: 'm1', retryable: false, ...more };
}

const ids = (outbox: typeof all) => outbox.map(({ request }) => request.id);

describe('settle', () => {
  it.each([
    ['m1', accepted(2)],
    ['x1', started(2, { id: 'x1' })],
    ['s1', switched(2, { id: 's1' })],
    ['m1', accepted(2, { duplicate: true })],
  ])('takes out %s when it is answered', (id, frame) => {
    expect(ids(settle(all, frame).outbox)).toEqual(ids(all).filter((other) => other !== id));
  });

  it('keeps everything over a recovered drop: what was accepted will be said', () => {
    expect(settle(all, ready({ recovered: true })).outbox).toBe(all);
  });

  it('takes out what a fresh history already holds', () => {
    const entry = { role: 'user', text: 'Hello?', id: 'm1', turn_id: 't1', at: '' } as const;
    expect(ids(settle(all, ready({ history: [entry] })).outbox)).toEqual(['m2', 'x1', 's1']);
  });

  it('gives a refused message back', () => {
    const { outbox, refused } = settle(all, refusal({}));
    expect(refused).toBe(say);
    expect(ids(outbox)).not.toContain('m1');
  });

  it('holds what may be tried again', () => {
    const { outbox, refused } = settle(all, refusal({ retryable: true }));
    expect(refused).toBeNull();
    expect(outbox.find(({ held }) => held)?.request).toBe(say);
  });

  it('is not moved by an error about something else', () => {
    expect(settle(all, refusal({ ref: 'other' })).outbox).toBe(all);
  });
});

describe('lines', () => {
  const said: readonly Entry[] = [
    { kind: 'message', id: 'm1', turnId: 't1', text: 'Hello?' },
    { kind: 'reply', replyId: 'r1', turnId: 't1', text: 'Yes.', finish: 'stop' },
  ];

  it('shows a message at once, below what was said', () => {
    const next: Request = { type: 'user.message', id: 'm9', text: 'And?' };
    const shown = lines(said, post([], next));
    expect(shown).toHaveLength(3);
    expect(shown[2]).toMatchObject({ entry: { text: 'And?' }, pending: { held: false } });
  });

  it('shows an edit in the place of what it replaces', () => {
    expect(lines(said, post([], edit)).map(({ entry }) => entry)).toEqual([
      { kind: 'message', id: 'm2', turnId: '', text: 'Rather?' },
    ]);
  });
});

it('unsaid texts are those that were never accepted', () => {
  expect(unsaid(all)).toEqual(['Hello?', 'Rather?']);
});
