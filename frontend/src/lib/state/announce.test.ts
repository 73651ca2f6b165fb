import { expect, it } from 'vitest';
import { accepted, completed, delta, ready, started } from '../../../tests/frames';
import { announcementOf } from './announce';
import { NOTHING_YET } from './conversation';
import { receive } from './receive';

it('an answer is announced when it begins and when it is whole, and at no token', () => {
  const frames = [
    ready(),
    accepted(2),
    started(3),
    delta(4, 'Good '),
    delta(5, 'day.'),
    completed(6, { text: 'Good day.' }),
  ];
  let state = NOTHING_YET;
  const said = frames.map((frame) => {
    const before = state;
    state = receive(before, frame);
    return announcementOf(before, state, frame);
  });
  expect(said).toEqual([
    'Ada Byron walked in.',
    null,
    'The assistant is answering.',
    null,
    null,
    'Answer: Good day.',
  ]);
});

it('what was taken in before is not announced again', () => {
  const state = [ready(), accepted(2), started(3)].reduce(receive, NOTHING_YET);
  expect(announcementOf(state, receive(state, started(3)), started(3))).toBeNull();
});
