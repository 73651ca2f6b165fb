import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, FakeSocket } from '../../../tests/fake_network';
import { delta, ready } from '../../../tests/frames';
import type { Entrance, LinkStatus } from './link';
import { Link } from './link';

const RESUME = { type: 'session.resume', token: 'secret', epoch: 'e1', offset: 4 } as const;

let clock: FakeClock;
let sockets: FakeSocket[];
let frames: string[];
let status: LinkStatus;
let entrance: Entrance;
let link: Link;

const socket = () => sockets.at(-1) as FakeSocket;

beforeEach(() => {
  clock = new FakeClock();
  sockets = [];
  frames = [];
  entrance = { url: 'mode=banking', first: null };
  link = new Link({
    open: (url) => {
      const opened = new FakeSocket(url);
      sockets.push(opened);
      return opened;
    },
    clock,
    chance: () => 0.5,
    entrance: () => entrance,
    onFrame: (frame) => frames.push(frame.type),
    onStatus: (now) => (status = now),
  });
});

function connect() {
  link.start();
  socket().opens();
  socket().says(ready());
}

describe('coming in', () => {
  it('is open once the session is ready, and not before', () => {
    link.start();
    socket().opens();
    expect(status.phase).toBe('connecting');
    expect(link.send({ type: 'reply.stop' })).toBe(false);
    socket().says(ready());
    expect(status.phase).toBe('open');
    expect(link.send({ type: 'reply.stop' })).toBe(true);
  });

  it('says what it must first, and asks anew what that is at every attempt', () => {
    connect();
    expect(socket().sent).toEqual([]);
    entrance = { url: 'resume=1', first: RESUME };
    socket().drops(1006);
    clock.pass(300);
    socket().opens();
    expect(socket().url).toBe('resume=1');
    expect(socket().sent).toEqual([RESUME]);
  });

  it('gives a silent server up', () => {
    link.start();
    clock.pass(12_000);
    expect(status.phase).toBe('waiting');
    expect(socket().closedWith).toBe('left');
  });
});

describe('dropping out', () => {
  it.each([1001, 1006, 1012, 4000, 4002])('comes back after %i', (code) => {
    connect();
    socket().drops(code);
    clock.pass(300);
    expect(sockets).toHaveLength(2);
  });

  it.each([4500, 4502])('stays away after %i and tells it', (code) => {
    connect();
    socket().drops(code, 'why');
    clock.pass(120_000);
    expect(sockets).toHaveLength(1);
    expect(status).toEqual({ phase: 'stopped', code, reason: 'why' });
    expect(clock.waiting).toBe(0);
  });

  it('climbs the ladder while it fails, and starts at its foot when it held', () => {
    connect();
    const waits = [300, 1000, 2000].map((wait) => {
      socket().drops(1006);
      const before = sockets.length;
      clock.pass(wait - 1);
      const early = sockets.length - before;
      clock.pass(1);
      return [early, sockets.length - before];
    });
    expect(waits).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
    socket().says(ready());
    clock.pass(6_000);
    socket().drops(1006);
    clock.pass(300);
    expect(sockets).toHaveLength(5);
  });

  it('waits as long as a draining server asks', () => {
    connect();
    socket().says({ type: 'server.draining', reconnect_after_ms: 2_000 });
    socket().drops(1012);
    clock.pass(2_299);
    expect(sockets).toHaveLength(1);
    clock.pass(1);
    expect(sockets).toHaveLength(2);
  });

  it('hears nothing more of a socket that it left', () => {
    connect();
    const old = socket();
    link.restart();
    old.says(delta(2, 'late'));
    old.drops(4500);
    expect(frames).toEqual(['session.ready']);
    expect(status.phase).toBe('connecting');
  });

  it('stops at a frame that it can not read', () => {
    connect();
    socket().says({ type: 'reply.delta', offset: 2 });
    expect(status).toMatchObject({ phase: 'stopped', code: 1002 });
  });
});

describe('signs of life', () => {
  it('are asked for at the pace that the server names', () => {
    link.start();
    socket().says(ready({ limits: { ...ready().limits, ping_seconds: 5 } }));
    clock.pass(4_999);
    expect(socket().sent).toEqual([]);
    clock.pass(1);
    expect(socket().sent).toMatchObject([{ type: 'ping' }]);
  });

  it('may be any frame', () => {
    connect();
    clock.pass(25_000);
    socket().says(delta(2, 'x'));
    clock.pass(20_000);
    expect(status.phase).toBe('open');
  });

  it('that do not come end the socket', () => {
    connect();
    clock.pass(25_000 + 8_000);
    expect(status.phase).toBe('waiting');
    expect(socket().closedWith).toBe('left');
  });
});

describe('waking up', () => {
  it('asks an open socket and keeps it', () => {
    connect();
    link.wake();
    expect(sockets).toHaveLength(1);
    expect(socket().sent).toMatchObject([{ type: 'ping' }]);
    socket().says({ type: 'pong', t: 0 });
    clock.pass(10_000);
    expect(status.phase).toBe('open');
  });

  it('finds a dead socket soon', () => {
    connect();
    link.wake();
    clock.pass(4_000);
    expect(status.phase).toBe('waiting');
  });

  it('does not wait out the ladder', () => {
    connect();
    socket().drops(1006);
    link.wake();
    expect(sockets).toHaveLength(2);
    socket().says(ready());
    clock.pass(6_000);
    expect(sockets).toHaveLength(2);
  });

  it('leaves an attempt under way alone, and a stopped link stopped', () => {
    link.start();
    link.wake();
    expect(sockets).toHaveLength(1);
    socket().drops(4502);
    link.wake();
    expect(sockets).toHaveLength(1);
  });
});

it('goodbye closes with 1000 and leaves nothing behind', () => {
  connect();
  link.stop();
  expect(socket().closedWith).toBe(1000);
  expect(clock.waiting).toBe(0);
});
