// Made from backend/wire.py and backend/web/api.py by `npm run wire`. Do not edit.

export const PROTOCOL = 1;

export const CLOSE_CODES = {
  "BAD_OPENING": 4500,
  "BAD_TOKEN": 4501,
  "FRAME_TOO_LARGE": 1009,
  "GOING_AWAY": 1001,
  "GOODBYE": 1000,
  "IDLE": 4002,
  "NOT_SIGNED_IN": 4505,
  "NOT_UTF8": 1007,
  "ORIGIN_NOT_ALLOWED": 4503,
  "OUR_FAULT": 1011,
  "READER_TOO_SLOW": 4000,
  "RESTART": 1012,
  "TAKEN_OVER": 4502,
  "TOO_MANY_BAD_FRAMES": 4504,
  "TOO_MANY_CONNECTIONS": 4003
} as const;

/** Everything up to `offset` has been taken in. */
export interface Ack {
  readonly offset: number;
  readonly type: "ack";
}

/** The behavioural persona of one customer over one window, with every persona's evidence. */
export interface Assignment {
  readonly evidence: { readonly [key: string]: Evidence };
  readonly primary: string | null;
  /** ids, best first */
  readonly qualifying: readonly (string)[];
  readonly reason: string;
  readonly rulebook: string;
  readonly secondary: string | null;
  readonly status: "ASSIGNED" | "STABLE" | "UNCLASSIFIED";
  /** one sentence for a person who reads it */
  readonly summary: string;
  /** 30d or 180d */
  readonly time_window: string;
  /** the primary persona's name for people */
  readonly title: string;
}

/** A reply; `finish_reason` is null while it runs. */
export interface AssistantEntry {
  readonly at: string;
  /** what the customer thought of it */
  readonly feedback: "up" | "down" | null;
  readonly finish_reason: "stop" | "length" | "stopped" | "interrupted" | "error" | null;
  /** of the prompt that the model was told */
  readonly prompt_id: string;
  readonly reply_id: string;
  readonly role: "assistant";
  readonly text: string;
  readonly turn_id: string;
}

/** One mode as the page shows it. */
export interface Card {
  readonly charts: readonly (Chart)[];
  readonly facts: readonly (Figure)[];
  readonly greeting: string;
  readonly highlights: readonly (Figure)[];
  readonly lists: readonly (Listing)[];
  readonly progress: readonly (Progress)[];
  readonly starters: readonly (string)[];
  readonly title: string;
}

/** A field that holds a `DailySeries`, drawn as a line over its days. */
export interface Chart {
  readonly field: string;
  readonly format: "money" | "number" | "percent" | "date" | "time" | "text";
  readonly label: string;
}

/** The next visit in this mode: a fresh customer and an empty conversation. */
export interface CustomerNext {
  readonly id?: string | null;
  readonly type: "customer.next";
}

/** Something was not taken in, or failed; the socket stays open. */
export interface ErrorFrame {
  readonly code: "bad_json" | "bad_frame" | "unknown_mode" | "text_too_long" | "busy" | "draining" | "rate_limited" | "nothing_to_retry" | "unknown_message" | "unknown_reply" | "model_unavailable" | "model_failed" | "storage_unavailable";
  /** a sentence for a person */
  readonly message: string;
  readonly ref: string | null;
  readonly retryable: boolean;
  readonly type: "error";
}

/** How one behavioural persona's criteria came out. */
export interface Evidence {
  /** signal to actual value */
  readonly evidence: { readonly [key: string]: number | null };
  readonly leaves: readonly (Leaf)[];
  readonly matched: boolean;
  readonly matched_conditions: readonly (string)[];
}

/** What the customer thinks of a reply. */
export interface FeedbackGive {
  readonly note?: string | null;
  readonly reply_id: string;
  readonly type: "feedback.give";
  readonly value: "up" | "down";
}

/** The feedback is stored. */
export interface FeedbackStored {
  readonly offset: number;
  readonly reply_id: string;
  readonly type: "feedback.stored";
  readonly value: "up" | "down";
}

/** One field of the session persona, with its label. */
export interface Figure {
  readonly field: string;
  readonly format: "money" | "number" | "percent" | "date" | "time" | "text";
  readonly label: string;
}

export type JsonValue = unknown;

/** One comparison of a rule: what was asked of a signal, and how it came out. */
export interface Leaf {
  /** null when the signal is missing */
  readonly actual: number | null;
  /** how far on the passing side, in the signal's unit; null when unknown */
  readonly margin: number | null;
  readonly operator: ">=" | "<=" | "<" | ">" | "==" | "!=" | "in" | "is_missing";
  readonly outcome: "true" | "false" | "unknown";
  readonly signal: string;
  readonly threshold: number | readonly (number)[] | null;
  /** why it could not be decided */
  readonly why: string | null;
}

/** What the server takes; all may be set by its operator. */
export interface Limits {
  readonly max_frame_bytes: number;
  /** code points in a message */
  readonly max_text: number;
  readonly messages_per_minute: number;
  readonly ping_seconds: number;
  readonly resume_seconds: number;
}

/** A list field: what stands first in a row, what below it, and what at its end. */
export interface Listing {
  readonly amount: Figure | null;
  readonly badge: string | null;
  readonly details: readonly (Figure)[];
  readonly empty: string;
  readonly field: string;
  readonly label: string;
  readonly sign: string | null;
  readonly title: string;
}

/** The message is stored; its reply follows unless it is a duplicate. */
export interface MessageAccepted {
  readonly duplicate: boolean;
  readonly id: string;
  readonly offset: number;
  readonly replaces: string | null;
  readonly text: string;
  readonly turn_id: string;
  readonly type: "message.accepted";
}

/** Drops an earlier message of the current mode and visit, and all after it; then one turn. */
export interface MessageEdit {
  readonly id: string;
  readonly of: string;
  readonly text: string;
  readonly type: "message.edit";
}

/** A mode that the session can be in. */
export interface ModeInfo {
  readonly greeting: string;
  readonly id: string;
  readonly starters: readonly (string)[];
  readonly title: string;
}

/** One mode: how it introduces itself, and what the page shows of its customers. */
export interface ModePage {
  readonly card: Card;
  readonly greeting: string;
  readonly id: string;
  readonly personas: readonly (PersonaInfo)[];
  readonly signals: readonly (SignalInfo)[];
  readonly starters: readonly (string)[];
  readonly title: string;
}

/** To another mode's customer and conversation; `fresh` asks for a new visit there. */
export interface ModeSwitch {
  readonly fresh?: boolean;
  readonly id?: string | null;
  readonly mode: string;
  readonly type: "mode.switch";
}

/** The conversation is in this mode and visit now. */
export interface ModeSwitched {
  readonly assignment: Assignment;
  readonly customer: { readonly [key: string]: unknown };
  readonly duplicate: boolean;
  readonly history: readonly (UserEntry | AssistantEntry)[];
  readonly id: string | null;
  readonly mode: string;
  readonly offset: number;
  readonly type: "mode.switched";
  readonly visit: number;
}

/** A behavioural persona of a mode's default rulebook. */
export interface PersonaInfo {
  readonly id: string;
  readonly name: string;
  readonly rationale: string;
}

/** Answered by `pong` with the same `t`. */
export interface Ping {
  readonly t?: JsonValue;
  readonly type: "ping";
}

/** The answer to a `ping`. */
export interface Pong {
  readonly t: JsonValue;
  readonly type: "pong";
}

/** A bar: one field as a part of another. */
export interface Progress {
  readonly format: "money" | "number" | "percent" | "date" | "time" | "text";
  readonly label: string;
  readonly part: string;
  readonly whole: string;
}

/** What a reply was made from. */
export interface Provenance {
  readonly generator: string;
  readonly persona_id: string | null;
  readonly prompt_id: string;
  readonly rulebook: string;
  readonly seed: string;
}

/** The reply is over, however it ended. */
export interface ReplyCompleted {
  readonly finish_reason: "stop" | "length" | "stopped" | "interrupted" | "error";
  readonly offset: number;
  readonly provenance: Provenance;
  readonly reply_id: string;
  readonly text: string;
  readonly timing_ms: Timing;
  readonly turn_id: string;
  readonly type: "reply.completed";
  readonly usage: Usage;
}

/** New text of the running reply. */
export interface ReplyDelta {
  readonly offset: number;
  readonly reply_id: string;
  readonly text: string;
  readonly type: "reply.delta";
}

/** Drops the last reply and answers the last message again, as the same turn. */
export interface ReplyRetry {
  readonly id?: string | null;
  readonly type: "reply.retry";
}

/** A reply begins; exactly one `reply.completed` will follow. */
export interface ReplyStarted {
  /** of the `reply.retry` that asked for it */
  readonly id: string | null;
  readonly mode: string;
  readonly model: string;
  readonly offset: number;
  readonly prompt_id: string;
  readonly reply_id: string;
  readonly turn_id: string;
  readonly type: "reply.started";
}

/** Ends the running reply; what was streamed stays in the history. */
export interface ReplyStop {
  readonly type: "reply.stop";
}

/** The model looked something up in the customer's records. */
export interface ReplyTool {
  readonly arguments: { readonly [key: string]: JsonValue };
  readonly name: string;
  readonly offset: number;
  readonly reply_id: string;
  readonly summary: string;
  readonly type: "reply.tool";
}

/** The server is going: finish reading, then come back. */
export interface ServerDraining {
  readonly reconnect_after_ms: number;
  readonly type: "server.draining";
}

/** The first event: who walked in. */
export interface SessionReady {
  readonly as_of: string;
  readonly assignment: Assignment;
  readonly customer: { readonly [key: string]: unknown };
  readonly epoch: string;
  readonly generator: string;
  readonly history: readonly (UserEntry | AssistantEntry)[];
  readonly identity: "mode" | "session";
  readonly limits: Limits;
  readonly mode: string;
  readonly model: string;
  readonly modes: readonly (ModeInfo)[];
  readonly offset: number;
  readonly protocol: number;
  readonly recovered: boolean;
  readonly resume_token: string;
  /** the 128-bit seed in decimal */
  readonly seed: string;
  readonly session_id: string;
  readonly type: "session.ready";
  readonly visit: number;
}

/** Back to a conversation; only as the first frame after `resume=1`. */
export interface SessionResume {
  readonly epoch: string;
  readonly offset: number;
  readonly token: string;
  readonly type: "session.resume";
}

/** A signal that a mode's rules look at, as people call it. */
export interface SignalInfo {
  readonly decimals: number;
  readonly label: string;
  readonly meaning: string;
  readonly name: string;
  readonly unit: string;
}

/** Milliseconds since the turn started; `first_token` is null when none came. */
export interface Timing {
  readonly first_token: number | null;
  readonly total: number;
}

/** Tokens, as the model's provider counted them; null when the reply was cut short. */
export interface Usage {
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
}

/** A message of the customer. */
export interface UserEntry {
  readonly at: string;
  readonly id: string;
  readonly role: "user";
  readonly text: string;
  readonly turn_id: string;
}

/** One turn. */
export interface UserMessage {
  readonly id: string;
  readonly text: string;
  readonly type: "user.message";
}

export type ClientFrame =
  | UserMessage
  | MessageEdit
  | ReplyRetry
  | ReplyStop
  | ModeSwitch
  | CustomerNext
  | FeedbackGive
  | SessionResume
  | Ack
  | Ping;

export type ServerFrame =
  | SessionReady
  | MessageAccepted
  | ReplyStarted
  | ReplyDelta
  | ReplyTool
  | ReplyCompleted
  | ModeSwitched
  | FeedbackStored
  | ServerDraining
  | Pong
  | ErrorFrame;

export type LogEvent =
  | SessionReady
  | MessageAccepted
  | ReplyStarted
  | ReplyDelta
  | ReplyTool
  | ReplyCompleted
  | ModeSwitched
  | FeedbackStored;

/** Frame type to the name of its schema. */

export const SERVER_FRAMES: Readonly<Record<string, string>> = {
  "error": "ErrorFrame",
  "feedback.stored": "FeedbackStored",
  "message.accepted": "MessageAccepted",
  "mode.switched": "ModeSwitched",
  "pong": "Pong",
  "reply.completed": "ReplyCompleted",
  "reply.delta": "ReplyDelta",
  "reply.started": "ReplyStarted",
  "reply.tool": "ReplyTool",
  "server.draining": "ServerDraining",
  "session.ready": "SessionReady"
};

/** What the server sends, without prose; see parse.ts. */

export const SCHEMAS: Readonly<Record<string, unknown>> = {
  "Assignment": {
    "type": "object",
    "properties": {
      "evidence": {
        "type": "object",
        "values": {
          "$ref": "Evidence"
        }
      },
      "primary": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ]
      },
      "qualifying": {
        "type": "array",
        "items": {
          "type": "string"
        }
      },
      "reason": {
        "type": "string"
      },
      "rulebook": {
        "type": "string"
      },
      "secondary": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ]
      },
      "status": {
        "type": "string",
        "enum": [
          "ASSIGNED",
          "STABLE",
          "UNCLASSIFIED"
        ]
      },
      "summary": {
        "type": "string"
      },
      "time_window": {
        "type": "string"
      },
      "title": {
        "type": "string"
      }
    },
    "required": [
      "rulebook",
      "time_window",
      "status",
      "primary",
      "secondary",
      "qualifying",
      "reason",
      "summary",
      "title",
      "evidence"
    ]
  },
  "AssistantEntry": {
    "type": "object",
    "properties": {
      "at": {
        "type": "string"
      },
      "feedback": {
        "anyOf": [
          {
            "type": "string",
            "enum": [
              "up",
              "down"
            ]
          },
          {
            "type": "null"
          }
        ],
        "default": null
      },
      "finish_reason": {
        "anyOf": [
          {
            "type": "string",
            "enum": [
              "stop",
              "length",
              "stopped",
              "interrupted",
              "error"
            ]
          },
          {
            "type": "null"
          }
        ],
        "default": null
      },
      "prompt_id": {
        "type": "string"
      },
      "reply_id": {
        "type": "string"
      },
      "role": {
        "type": "string",
        "const": "assistant"
      },
      "text": {
        "type": "string"
      },
      "turn_id": {
        "type": "string"
      }
    },
    "required": [
      "text",
      "reply_id",
      "turn_id",
      "at",
      "prompt_id"
    ]
  },
  "Card": {
    "type": "object",
    "properties": {
      "charts": {
        "type": "array",
        "items": {
          "$ref": "Chart"
        },
        "default": []
      },
      "facts": {
        "type": "array",
        "items": {
          "$ref": "Figure"
        },
        "default": []
      },
      "greeting": {
        "type": "string"
      },
      "highlights": {
        "type": "array",
        "items": {
          "$ref": "Figure"
        }
      },
      "lists": {
        "type": "array",
        "items": {
          "$ref": "Listing"
        },
        "default": []
      },
      "progress": {
        "type": "array",
        "items": {
          "$ref": "Progress"
        },
        "default": []
      },
      "starters": {
        "type": "array",
        "items": {
          "type": "string"
        }
      },
      "title": {
        "type": "string"
      }
    },
    "required": [
      "title",
      "greeting",
      "starters",
      "highlights"
    ]
  },
  "Chart": {
    "type": "object",
    "properties": {
      "field": {
        "type": "string"
      },
      "format": {
        "type": "string",
        "enum": [
          "money",
          "number",
          "percent",
          "date",
          "time",
          "text"
        ],
        "default": "money"
      },
      "label": {
        "type": "string"
      }
    },
    "required": [
      "field",
      "label"
    ]
  },
  "ErrorFrame": {
    "type": "object",
    "properties": {
      "code": {
        "type": "string",
        "enum": [
          "bad_json",
          "bad_frame",
          "unknown_mode",
          "text_too_long",
          "busy",
          "draining",
          "rate_limited",
          "nothing_to_retry",
          "unknown_message",
          "unknown_reply",
          "model_unavailable",
          "model_failed",
          "storage_unavailable"
        ]
      },
      "message": {
        "type": "string"
      },
      "ref": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null
      },
      "retryable": {
        "type": "boolean",
        "default": false
      },
      "type": {
        "type": "string",
        "const": "error"
      }
    },
    "required": [
      "code",
      "message"
    ]
  },
  "Evidence": {
    "type": "object",
    "properties": {
      "evidence": {
        "type": "object",
        "values": {
          "anyOf": [
            {
              "type": "number"
            },
            {
              "type": "null"
            }
          ]
        }
      },
      "leaves": {
        "type": "array",
        "items": {
          "$ref": "Leaf"
        }
      },
      "matched": {
        "type": "boolean"
      },
      "matched_conditions": {
        "type": "array",
        "items": {
          "type": "string"
        }
      }
    },
    "required": [
      "matched",
      "evidence",
      "matched_conditions",
      "leaves"
    ]
  },
  "FeedbackStored": {
    "type": "object",
    "properties": {
      "offset": {
        "type": "integer"
      },
      "reply_id": {
        "type": "string"
      },
      "type": {
        "type": "string",
        "const": "feedback.stored"
      },
      "value": {
        "type": "string",
        "enum": [
          "up",
          "down"
        ]
      }
    },
    "required": [
      "offset",
      "reply_id",
      "value"
    ]
  },
  "Figure": {
    "type": "object",
    "properties": {
      "field": {
        "type": "string"
      },
      "format": {
        "type": "string",
        "enum": [
          "money",
          "number",
          "percent",
          "date",
          "time",
          "text"
        ],
        "default": "text"
      },
      "label": {
        "type": "string"
      }
    },
    "required": [
      "field",
      "label"
    ]
  },
  "JsonValue": {},
  "Leaf": {
    "type": "object",
    "properties": {
      "actual": {
        "anyOf": [
          {
            "type": "number"
          },
          {
            "type": "null"
          }
        ]
      },
      "margin": {
        "anyOf": [
          {
            "type": "number"
          },
          {
            "type": "null"
          }
        ]
      },
      "operator": {
        "type": "string",
        "enum": [
          ">=",
          "<=",
          "<",
          ">",
          "==",
          "!=",
          "in",
          "is_missing"
        ]
      },
      "outcome": {
        "type": "string",
        "enum": [
          "true",
          "false",
          "unknown"
        ]
      },
      "signal": {
        "type": "string"
      },
      "threshold": {
        "anyOf": [
          {
            "type": "number"
          },
          {
            "type": "array",
            "items": {
              "type": "number"
            }
          },
          {
            "type": "null"
          }
        ]
      },
      "why": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null
      }
    },
    "required": [
      "signal",
      "actual",
      "operator",
      "threshold",
      "margin",
      "outcome"
    ]
  },
  "Limits": {
    "type": "object",
    "properties": {
      "max_frame_bytes": {
        "type": "integer",
        "default": 131072
      },
      "max_text": {
        "type": "integer",
        "default": 8000
      },
      "messages_per_minute": {
        "type": "integer",
        "default": 60
      },
      "ping_seconds": {
        "type": "integer",
        "default": 25
      },
      "resume_seconds": {
        "type": "integer",
        "default": 600
      }
    }
  },
  "Listing": {
    "type": "object",
    "properties": {
      "amount": {
        "anyOf": [
          {
            "$ref": "Figure"
          },
          {
            "type": "null"
          }
        ],
        "default": null
      },
      "badge": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null
      },
      "details": {
        "type": "array",
        "items": {
          "$ref": "Figure"
        },
        "default": []
      },
      "empty": {
        "type": "string"
      },
      "field": {
        "type": "string"
      },
      "label": {
        "type": "string"
      },
      "sign": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null
      },
      "title": {
        "type": "string"
      }
    },
    "required": [
      "field",
      "label",
      "title",
      "empty"
    ]
  },
  "MessageAccepted": {
    "type": "object",
    "properties": {
      "duplicate": {
        "type": "boolean",
        "default": false
      },
      "id": {
        "type": "string"
      },
      "offset": {
        "type": "integer"
      },
      "replaces": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null
      },
      "text": {
        "type": "string"
      },
      "turn_id": {
        "type": "string"
      },
      "type": {
        "type": "string",
        "const": "message.accepted"
      }
    },
    "required": [
      "offset",
      "id",
      "turn_id",
      "text"
    ]
  },
  "ModeInfo": {
    "type": "object",
    "properties": {
      "greeting": {
        "type": "string"
      },
      "id": {
        "type": "string"
      },
      "starters": {
        "type": "array",
        "items": {
          "type": "string"
        }
      },
      "title": {
        "type": "string"
      }
    },
    "required": [
      "id",
      "title",
      "greeting",
      "starters"
    ]
  },
  "ModePage": {
    "type": "object",
    "properties": {
      "card": {
        "$ref": "Card"
      },
      "greeting": {
        "type": "string"
      },
      "id": {
        "type": "string"
      },
      "personas": {
        "type": "array",
        "items": {
          "$ref": "PersonaInfo"
        }
      },
      "signals": {
        "type": "array",
        "items": {
          "$ref": "SignalInfo"
        }
      },
      "starters": {
        "type": "array",
        "items": {
          "type": "string"
        }
      },
      "title": {
        "type": "string"
      }
    },
    "required": [
      "id",
      "title",
      "greeting",
      "starters",
      "card",
      "signals",
      "personas"
    ]
  },
  "ModeSwitched": {
    "type": "object",
    "properties": {
      "assignment": {
        "$ref": "Assignment"
      },
      "customer": {
        "type": "object"
      },
      "duplicate": {
        "type": "boolean",
        "default": false
      },
      "history": {
        "type": "array",
        "items": {
          "anyOf": [
            {
              "$ref": "UserEntry"
            },
            {
              "$ref": "AssistantEntry"
            }
          ]
        }
      },
      "id": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null
      },
      "mode": {
        "type": "string"
      },
      "offset": {
        "type": "integer"
      },
      "type": {
        "type": "string",
        "const": "mode.switched"
      },
      "visit": {
        "type": "integer"
      }
    },
    "required": [
      "offset",
      "mode",
      "visit",
      "customer",
      "assignment",
      "history"
    ]
  },
  "PersonaInfo": {
    "type": "object",
    "properties": {
      "id": {
        "type": "string"
      },
      "name": {
        "type": "string"
      },
      "rationale": {
        "type": "string"
      }
    },
    "required": [
      "id",
      "name",
      "rationale"
    ]
  },
  "Pong": {
    "type": "object",
    "properties": {
      "t": {
        "$ref": "JsonValue",
        "default": null
      },
      "type": {
        "type": "string",
        "const": "pong"
      }
    }
  },
  "Progress": {
    "type": "object",
    "properties": {
      "format": {
        "type": "string",
        "enum": [
          "money",
          "number",
          "percent",
          "date",
          "time",
          "text"
        ],
        "default": "money"
      },
      "label": {
        "type": "string"
      },
      "part": {
        "type": "string"
      },
      "whole": {
        "type": "string"
      }
    },
    "required": [
      "label",
      "part",
      "whole"
    ]
  },
  "Provenance": {
    "type": "object",
    "properties": {
      "generator": {
        "type": "string"
      },
      "persona_id": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ]
      },
      "prompt_id": {
        "type": "string"
      },
      "rulebook": {
        "type": "string"
      },
      "seed": {
        "type": "string"
      }
    },
    "required": [
      "prompt_id",
      "persona_id",
      "rulebook",
      "seed",
      "generator"
    ]
  },
  "ReplyCompleted": {
    "type": "object",
    "properties": {
      "finish_reason": {
        "type": "string",
        "enum": [
          "stop",
          "length",
          "stopped",
          "interrupted",
          "error"
        ]
      },
      "offset": {
        "type": "integer"
      },
      "provenance": {
        "$ref": "Provenance"
      },
      "reply_id": {
        "type": "string"
      },
      "text": {
        "type": "string"
      },
      "timing_ms": {
        "$ref": "Timing"
      },
      "turn_id": {
        "type": "string"
      },
      "type": {
        "type": "string",
        "const": "reply.completed"
      },
      "usage": {
        "$ref": "Usage"
      }
    },
    "required": [
      "offset",
      "reply_id",
      "turn_id",
      "text",
      "finish_reason",
      "usage",
      "timing_ms",
      "provenance"
    ]
  },
  "ReplyDelta": {
    "type": "object",
    "properties": {
      "offset": {
        "type": "integer"
      },
      "reply_id": {
        "type": "string"
      },
      "text": {
        "type": "string"
      },
      "type": {
        "type": "string",
        "const": "reply.delta"
      }
    },
    "required": [
      "offset",
      "reply_id",
      "text"
    ]
  },
  "ReplyStarted": {
    "type": "object",
    "properties": {
      "id": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null
      },
      "mode": {
        "type": "string"
      },
      "model": {
        "type": "string"
      },
      "offset": {
        "type": "integer"
      },
      "prompt_id": {
        "type": "string"
      },
      "reply_id": {
        "type": "string"
      },
      "turn_id": {
        "type": "string"
      },
      "type": {
        "type": "string",
        "const": "reply.started"
      }
    },
    "required": [
      "offset",
      "turn_id",
      "reply_id",
      "mode",
      "model",
      "prompt_id"
    ]
  },
  "ReplyTool": {
    "type": "object",
    "properties": {
      "arguments": {
        "type": "object",
        "values": {
          "$ref": "JsonValue"
        }
      },
      "name": {
        "type": "string"
      },
      "offset": {
        "type": "integer"
      },
      "reply_id": {
        "type": "string"
      },
      "summary": {
        "type": "string"
      },
      "type": {
        "type": "string",
        "const": "reply.tool"
      }
    },
    "required": [
      "offset",
      "reply_id",
      "name",
      "arguments",
      "summary"
    ]
  },
  "ServerDraining": {
    "type": "object",
    "properties": {
      "reconnect_after_ms": {
        "type": "integer"
      },
      "type": {
        "type": "string",
        "const": "server.draining"
      }
    },
    "required": [
      "reconnect_after_ms"
    ]
  },
  "SessionReady": {
    "type": "object",
    "properties": {
      "as_of": {
        "type": "string"
      },
      "assignment": {
        "$ref": "Assignment"
      },
      "customer": {
        "type": "object"
      },
      "epoch": {
        "type": "string"
      },
      "generator": {
        "type": "string"
      },
      "history": {
        "type": "array",
        "items": {
          "anyOf": [
            {
              "$ref": "UserEntry"
            },
            {
              "$ref": "AssistantEntry"
            }
          ]
        }
      },
      "identity": {
        "type": "string",
        "enum": [
          "mode",
          "session"
        ]
      },
      "limits": {
        "$ref": "Limits"
      },
      "mode": {
        "type": "string"
      },
      "model": {
        "type": "string"
      },
      "modes": {
        "type": "array",
        "items": {
          "$ref": "ModeInfo"
        }
      },
      "offset": {
        "type": "integer"
      },
      "protocol": {
        "type": "integer",
        "default": 1
      },
      "recovered": {
        "type": "boolean"
      },
      "resume_token": {
        "type": "string"
      },
      "seed": {
        "type": "string"
      },
      "session_id": {
        "type": "string"
      },
      "type": {
        "type": "string",
        "const": "session.ready"
      },
      "visit": {
        "type": "integer"
      }
    },
    "required": [
      "offset",
      "session_id",
      "seed",
      "generator",
      "as_of",
      "identity",
      "epoch",
      "recovered",
      "resume_token",
      "mode",
      "visit",
      "modes",
      "customer",
      "assignment",
      "history",
      "model",
      "limits"
    ]
  },
  "SignalInfo": {
    "type": "object",
    "properties": {
      "decimals": {
        "type": "integer"
      },
      "label": {
        "type": "string"
      },
      "meaning": {
        "type": "string"
      },
      "name": {
        "type": "string"
      },
      "unit": {
        "type": "string"
      }
    },
    "required": [
      "name",
      "label",
      "unit",
      "decimals",
      "meaning"
    ]
  },
  "Timing": {
    "type": "object",
    "properties": {
      "first_token": {
        "anyOf": [
          {
            "type": "integer"
          },
          {
            "type": "null"
          }
        ]
      },
      "total": {
        "type": "integer"
      }
    },
    "required": [
      "first_token",
      "total"
    ]
  },
  "Usage": {
    "type": "object",
    "properties": {
      "input_tokens": {
        "anyOf": [
          {
            "type": "integer"
          },
          {
            "type": "null"
          }
        ]
      },
      "output_tokens": {
        "anyOf": [
          {
            "type": "integer"
          },
          {
            "type": "null"
          }
        ]
      }
    },
    "required": [
      "input_tokens",
      "output_tokens"
    ]
  },
  "UserEntry": {
    "type": "object",
    "properties": {
      "at": {
        "type": "string"
      },
      "id": {
        "type": "string"
      },
      "role": {
        "type": "string",
        "const": "user"
      },
      "text": {
        "type": "string"
      },
      "turn_id": {
        "type": "string"
      }
    },
    "required": [
      "text",
      "id",
      "turn_id",
      "at"
    ]
  }
};
