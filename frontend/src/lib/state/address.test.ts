import { describe, expect, it } from 'vitest';
import { ready } from '../../../tests/frames';
import { addressOf, isOwn, readAddress, readMemory, writeAddress, writeMemory } from './address';
import { NOTHING_YET } from './conversation';
import { receive } from './receive';

const address = addressOf(receive(NOTHING_YET, ready()));
const memory = { address: address ?? {}, token: 'secret' };

describe('the address', () => {
  it('holds all that makes the customer, and no token', () => {
    expect(writeAddress(address ?? {})).toBe(
      'session_id=demo-1&mode=banking&as_of=2026-01-15&identity=mode&visit=1',
    );
  });

  it('is read back as it was written, other names left aside', () => {
    const query = new URLSearchParams(`${writeAddress(address ?? {})}&utm=1&resume=1`);
    expect(readAddress(query)).toEqual(address);
  });

  it('is none before anybody came', () => {
    expect(addressOf(NOTHING_YET)).toBeNull();
  });
});

describe("a tab's own conversation", () => {
  it('is meant by its own address, also by less of it', () => {
    expect(isOwn(memory, memory.address)).toBe(true);
    expect(isOwn(memory, { session_id: 'demo-1' })).toBe(true);
  });

  it.each([{}, { session_id: 'demo-2' }, { session_id: 'demo-1', visit: '2' }])(
    'is not meant by %o',
    (other) => {
      expect(isOwn(memory, other)).toBe(false);
    },
  );
});

describe('memory', () => {
  it('comes back as it was written', () => {
    expect(readMemory(writeMemory(memory))).toEqual(memory);
  });

  it.each([null, '', '{', '[]', 'null', '{"token":1,"address":{}}', '{"token":"x"}'])(
    'is none where it reads %s',
    (text) => {
      expect(readMemory(text)).toBeNull();
    },
  );
});
