/** Frames for tests: the least that the wire asks of each. */

import type {
  Assignment,
  MessageAccepted,
  ModeSwitched,
  ReplyCompleted,
  ReplyDelta,
  ReplyStarted,
  SessionReady,
} from '../src/lib/wire/frames.gen';

export const assignment: Assignment = {
  rulebook: 'registry',
  time_window: '30d',
  status: 'UNCLASSIFIED',
  primary: null,
  secondary: null,
  qualifying: [],
  reason: 'No qualifying personas found',
  summary: 'Nothing stands out.',
  title: 'No particular pattern',
  evidence: {},
};

export function ready(more: Partial<SessionReady> = {}): SessionReady {
  return {
    type: 'session.ready',
    protocol: 1,
    offset: 1,
    session_id: 'demo-1',
    seed: '7',
    generator: '1',
    as_of: '2026-01-15',
    identity: 'mode',
    epoch: 'e1',
    recovered: false,
    resume_token: 'secret',
    mode: 'banking',
    visit: 1,
    modes: [{ id: 'banking', title: 'Banking', greeting: 'Hello.', starters: ['What?'] }],
    customer: { name: 'Ada Byron' },
    assignment,
    history: [],
    model: 'built-in',
    limits: {
      max_text: 8000,
      max_frame_bytes: 131072,
      messages_per_minute: 60,
      ping_seconds: 25,
      resume_seconds: 600,
    },
    ...more,
  };
}

export function accepted(offset: number, more: Partial<MessageAccepted> = {}): MessageAccepted {
  return {
    type: 'message.accepted',
    offset,
    id: 'm1',
    turn_id: 't1',
    text: 'Hello?',
    duplicate: false,
    replaces: null,
    ...more,
  };
}

export function started(offset: number, more: Partial<ReplyStarted> = {}): ReplyStarted {
  return {
    type: 'reply.started',
    offset,
    turn_id: 't1',
    reply_id: 'r1',
    mode: 'banking',
    model: 'built-in',
    prompt_id: 'p1',
    id: null,
    ...more,
  };
}

export function delta(offset: number, text: string, reply_id = 'r1'): ReplyDelta {
  return { type: 'reply.delta', offset, reply_id, text };
}

export function completed(offset: number, more: Partial<ReplyCompleted> = {}): ReplyCompleted {
  return {
    type: 'reply.completed',
    offset,
    reply_id: 'r1',
    turn_id: 't1',
    text: '',
    finish_reason: 'stop',
    usage: { input_tokens: 1, output_tokens: 1 },
    timing_ms: { first_token: 1, total: 2 },
    provenance: {
      prompt_id: 'p1',
      persona_id: null,
      rulebook: 'registry',
      seed: '7',
      generator: '1',
    },
    ...more,
  };
}

export function switched(offset: number, more: Partial<ModeSwitched> = {}): ModeSwitched {
  return {
    type: 'mode.switched',
    offset,
    mode: 'insurance',
    visit: 1,
    customer: { name: 'Bo Chen' },
    assignment,
    history: [],
    id: null,
    duplicate: false,
    ...more,
  };
}
