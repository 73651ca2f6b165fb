import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, FakeSocket } from '../../../tests/fake_network';
import { accepted, completed, delta, ready, started, switched } from '../../../tests/frames';
import type { Address, Memory } from '../state/address';
import { Chat } from './chat.svelte';

const OWN: Memory = {
  address: {
    session_id: 'demo-1',
    mode: 'banking',
    as_of: '2026-01-15',
    identity: 'mode',
    visit: '1',
  },
  token: 'secret',
};

let clock: FakeClock;
let sockets: FakeSocket[];
let address: Address;
let memory: Memory | null;
let elsewhere: boolean;
let chat: Chat;

const socket = () => sockets.at(-1) as FakeSocket;
const texts = () => chat.lines.map(({ entry }) => entry.text);

beforeEach(() => {
  clock = new FakeClock();
  sockets = [];
  address = {};
  memory = null;
  elsewhere = false;
  let ids = 0;
  chat = new Chat({
    clock,
    open: (query) => {
      sockets.push(new FakeSocket(query));
      return socket();
    },
    chance: () => 0.5,
    newId: () => `m${(ids += 1)}`,
    fetch: () => Promise.reject(new Error('offline')),
    address: () => address,
    showAddress: (shown) => (address = shown),
    remembered: () => memory,
    remember: (kept) => (memory = kept),
    claim: () => Promise.resolve(!elsewhere),
    beforePaint: (draw) => draw(),
  });
});

async function open() {
  await chat.begin();
  socket().opens();
  socket().says(ready());
}

function comeBack(more: Parameters<typeof ready>[0] = {}) {
  socket().drops(1006);
  clock.pass(30_000);
  socket().opens();
  socket().says(ready({ recovered: true, ...more }));
}

describe('opening', () => {
  it('asks for whom the address names', async () => {
    address = { session_id: 'demo-1', mode: 'insurance' };
    await chat.begin();
    expect(socket().url).toBe('session_id=demo-1&mode=insurance');
  });

  it('writes the address whole, and the token to the tab alone', async () => {
    await open();
    expect(address).toEqual(OWN.address);
    expect(memory).toEqual(OWN);
  });

  it('follows a switch, so that a shared link brings the same customer', async () => {
    await open();
    socket().says(switched(2, { visit: 3 }));
    expect(address).toMatchObject({ mode: 'insurance', visit: '3' });
  });
});

describe('a reload', () => {
  beforeEach(() => {
    memory = OWN;
    address = OWN.address;
  });

  it('comes back to the conversation with nothing but the token', async () => {
    await chat.begin();
    socket().opens();
    expect(socket().url).toBe('session_id=demo-1&resume=1');
    expect(socket().sent).toEqual([
      { type: 'session.resume', token: 'secret', epoch: '', offset: 0 },
    ]);
  });

  it('begins anew, and says so, where the server has forgotten it', async () => {
    await chat.begin();
    socket().drops(4501);
    expect(socket().url).toBe(
      'session_id=demo-1&mode=banking&as_of=2026-01-15&identity=mode&visit=1',
    );
    socket().says(ready({ resume_token: 'other' }));
    expect(chat.conversation.notices[0]?.text).toContain('same customer');
    expect(memory?.token).toBe('other');
  });

  it('begins anew at another address', async () => {
    address = { session_id: 'demo-2' };
    await chat.begin();
    expect(socket().url).toBe('session_id=demo-2');
  });

  it('of a duplicated tab leaves the conversation to the first tab', async () => {
    elsewhere = true;
    await chat.begin();
    expect(socket().url).not.toContain('resume');
    expect(chat.conversation.notices[0]?.text).toContain('another tab');
  });
});

describe('saying', () => {
  it('shows the message at once and the reply as it comes', async () => {
    await open();
    expect(chat.say('Hello?')).toBe(true);
    expect(texts()).toEqual(['Hello?']);
    socket().says(accepted(2));
    socket().says(started(3));
    socket().says(delta(4, 'Good '));
    expect(texts()).toEqual(['Hello?', 'Good ']);
    expect(chat.running?.replyId).toBe('r1');
  });

  it('waits for a running reply, for words, and for fewer of them', async () => {
    await open();
    expect(chat.say(' \n')).toBe(false);
    expect(chat.say('x'.repeat(8001))).toBe(false);
    expect(chat.say('😀'.repeat(8000))).toBe(true);
    socket().says(accepted(2));
    socket().says(started(3));
    expect(chat.say('And?')).toBe(false);
  });

  it('gives a refused text back', async () => {
    await open();
    chat.say('Hello?');
    socket().says({ type: 'error', code: 'rate_limited', message: 'Slowly.', ref: 'm1' });
    expect(chat.draft).toBe('Hello?');
    expect(texts()).toEqual([]);
    expect(chat.conversation.notices[0]?.text).toBe('Slowly.');
  });

  it('offers again what the server could not take for now', async () => {
    await open();
    chat.say('Hello?');
    const code = 'storage_unavailable';
    socket().says({ type: 'error', code, message: 'Not now.', ref: 'm1', retryable: true });
    expect(chat.lines[0]?.pending?.held).toBe(true);
    chat.sendAgain('m1');
    expect(socket().sent.filter(({ id }) => id === 'm1')).toHaveLength(2);
  });
});

describe('a dropped socket', () => {
  it('loses nothing: what came is kept, what was asked is asked again', async () => {
    await open();
    chat.say('Hello?');
    comeBack({ offset: 1 });
    expect(socket().sent.map(({ type }) => type)).toEqual(['session.resume', 'user.message']);
    socket().says(accepted(2));
    socket().says(accepted(3, { duplicate: true }));
    socket().says(started(4));
    expect(texts()).toEqual(['Hello?', '']);
  });

  it('resumes where it stood', async () => {
    await open();
    socket().says(accepted(2));
    comeBack({ offset: 2 });
    expect(socket().sent[0]).toMatchObject({ epoch: 'e1', offset: 2 });
    expect(texts()).toEqual(['Hello?']);
  });

  it('sends what was written meanwhile', async () => {
    await open();
    socket().drops(1006);
    chat.say('Hello?');
    expect(texts()).toEqual(['Hello?']);
    clock.pass(30_000);
    socket().says(ready({ recovered: true }));
    expect(socket().sent).toMatchObject([{ type: 'user.message', text: 'Hello?' }]);
  });

  it('carries a stop over, for the very reply that it was meant for', async () => {
    await open();
    for (const frame of [accepted(2), started(3)]) socket().says(frame);
    socket().drops(1006);
    chat.stop();
    clock.pass(30_000);
    socket().says(ready({ recovered: true, offset: 3 }));
    expect(socket().sent).toMatchObject([{ type: 'reply.stop' }]);
  });

  it('is mended by a resume when an event is missing', async () => {
    await open();
    for (const frame of [accepted(2), started(3), delta(5, 'day.')]) socket().says(frame);
    expect(sockets).toHaveLength(2);
    socket().opens();
    expect(socket().sent[0]).toMatchObject({ type: 'session.resume', offset: 3 });
  });
});

describe('other wishes', () => {
  it('a switch is wanted until it has come, and asked for once', async () => {
    await open();
    chat.switchTo('insurance');
    chat.switchTo('insurance');
    expect(chat.wantedMode).toBe('insurance');
    expect(socket().sent).toHaveLength(1);
    socket().says(switched(2, { id: 'm1' }));
    expect(chat.wantedMode).toBeNull();
    expect(chat.room?.customer['name']).toBe('Bo Chen');
  });

  it('retry, edit, next and feedback are frames of the wire', async () => {
    await open();
    for (const frame of [accepted(2), started(3), completed(4)]) socket().says(frame);
    chat.judge('r1', 'down');
    chat.retry();
    chat.edit('m1', 'Rather?');
    chat.next();
    expect(socket().sent).toEqual([
      { type: 'feedback.give', reply_id: 'r1', value: 'down' },
      { type: 'reply.retry', id: 'm1' },
      { type: 'message.edit', of: 'm1', id: 'm2', text: 'Rather?' },
      { type: 'customer.next', id: 'm3' },
    ]);
  });

  it('someone new walks in at an empty address', async () => {
    await open();
    socket().drops(4502);
    expect(chat.status).toMatchObject({ phase: 'stopped', code: 4502 });
    chat.beginWithAnybody();
    expect(socket().url).toBe('');
    expect(chat.room).toBeNull();
  });
});
