/** What the page knows of one conversation: the nouns. */

import type {
  Assignment,
  FeedbackStored,
  ErrorFrame,
  Limits,
  ModeInfo,
  Provenance,
  ReplyCompleted,
  SessionReady,
  Timing,
  Usage,
} from '../wire/frames.gen';

export type FinishReason = ReplyCompleted['finish_reason'];
export type Verdict = FeedbackStored['value'];
export type ErrorCode = ErrorFrame['code'];
export type Customer = SessionReady['customer'];

export interface Message {
  readonly kind: 'message';
  readonly id: string;
  readonly turnId: string;
  readonly text: string;
}

export interface Reply {
  readonly kind: 'reply';
  readonly replyId: string;
  readonly turnId: string;
  readonly text: string;
  /** null while it runs */
  readonly finish: FinishReason | null;
}

export type Entry = Message | Reply;

export interface ToolUse {
  readonly name: string;
  readonly summary: string;
}

/** What is known of a reply beyond its text; what a history does not carry stays null. */
export interface ReplyDetails {
  readonly promptId: string | null;
  readonly model: string | null;
  readonly provenance: Provenance | null;
  readonly usage: Usage | null;
  readonly timing: Timing | null;
  readonly tools: readonly ToolUse[];
  readonly failure: string | null;
  readonly verdict: Verdict | null;
}

export const NO_DETAILS: ReplyDetails = {
  promptId: null,
  model: null,
  provenance: null,
  usage: null,
  timing: null,
  tools: [],
  failure: null,
  verdict: null,
};

/** What never changes in a conversation. */
export interface Session {
  readonly sessionId: string;
  readonly seed: string;
  readonly generator: string;
  readonly asOf: string;
  readonly identity: SessionReady['identity'];
  readonly token: string;
  readonly model: string;
  readonly modes: readonly ModeInfo[];
  readonly limits: Limits;
}

/** The mode and visit that the conversation is in, and what was said there. */
export interface Room {
  readonly mode: string;
  readonly visit: number;
  readonly customer: Customer;
  readonly assignment: Assignment;
  readonly entries: readonly Entry[];
}

export interface Position {
  readonly epoch: string;
  readonly offset: number;
}

/** Something that the person should read; it belongs to no reply. */
export interface Notice {
  readonly key: number;
  readonly tone: 'info' | 'problem';
  readonly code: ErrorCode | null;
  readonly text: string;
}

export interface Conversation {
  readonly session: Session | null;
  readonly room: Room | null;
  readonly position: Position;
  readonly details: Readonly<Record<string, ReplyDetails>>;
  readonly notices: readonly Notice[];
  /** An event is missing before one that came: only a resume can mend it. */
  readonly torn: boolean;
}

export const NOTHING_YET: Conversation = {
  session: null,
  room: null,
  position: { epoch: '', offset: 0 },
  details: {},
  notices: [],
  torn: false,
};

/** Returns the reply that is being given, if one is. */
export function runningReply(conversation: Conversation): Reply | null {
  const last = conversation.room?.entries.at(-1);
  return last?.kind === 'reply' && last.finish === null ? last : null;
}

export function detailsOf(conversation: Conversation, replyId: string): ReplyDetails {
  return conversation.details[replyId] ?? NO_DETAILS;
}
