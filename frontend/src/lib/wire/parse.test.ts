import { describe, expect, it } from 'vitest';
import { FrameError, parseAs, parseFrame } from './parse';

const delta = { type: 'reply.delta', offset: 5, reply_id: 'r1', text: 'Hi' };

describe('parseFrame', () => {
  it('reads a frame of the wire', () => {
    expect(parseFrame(JSON.stringify(delta))).toEqual(delta);
  });

  it('fills in what may be left out', () => {
    const text = JSON.stringify({ type: 'error', code: 'busy', message: 'A reply runs.' });
    expect(parseFrame(text)).toMatchObject({ ref: null, retryable: false });
  });

  it('keeps fields that it does not know', () => {
    expect(parseFrame(JSON.stringify({ ...delta, mood: 'calm' }))).toHaveProperty('mood', 'calm');
  });

  it('counts an event of a type that it does not know', () => {
    const frame = parseFrame(JSON.stringify({ type: 'weather.changed', offset: 9 }));
    expect(frame).toEqual({ type: 'unknown', offset: 9 });
  });

  it('is not misled by names that every object has', () => {
    expect(parseFrame('{"type":"constructor"}')).toEqual({ type: 'unknown', offset: null });
  });

  it.each([
    ['no JSON', '{"type":'],
    ['binary', new ArrayBuffer(2)],
    ['an array', '[]'],
    ['no type', '{"offset":1}'],
    ['a missing field', '{"type":"reply.delta","offset":1,"reply_id":"r"}'],
    ['a wrong kind', '{"type":"reply.delta","offset":"1","reply_id":"r","text":""}'],
    ['half an offset', '{"type":"reply.delta","offset":1.5,"reply_id":"r","text":""}'],
    [
      'a value that is not listed',
      '{"type":"feedback.stored","offset":1,"reply_id":"r","value":"so"}',
    ],
  ])('refuses %s', (_, data) => {
    expect(() => parseFrame(data)).toThrow(FrameError);
  });

  it('says where a frame is malformed, and not what stood there', () => {
    const text = JSON.stringify({ ...delta, text: ['secret'] });
    expect(() => parseFrame(text)).toThrow('reply.delta.text: expected a string, got an array.');
  });
});

describe('parseAs', () => {
  it('reads one entry of a history by its role', () => {
    const said = { text: 'a', reply_id: 'r', turn_id: 't', at: 'now', prompt_id: 'p' };
    expect(parseAs('AssistantEntry', { ...said, role: 'assistant' })).toMatchObject({
      finish_reason: null,
      feedback: null,
    });
  });
});
