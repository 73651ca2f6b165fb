/** The page's address and the tab's memory: who is meant, and which conversation is one's own. */

import type { Conversation } from './conversation';

export const ADDRESS_NAMES = ['session_id', 'mode', 'as_of', 'identity', 'visit'] as const;
export type Address = Readonly<Partial<Record<(typeof ADDRESS_NAMES)[number], string>>>;

/** A tab's own conversation; the token opens it, so it never stands in the address. */
export interface Memory {
  readonly address: Address;
  readonly token: string;
}

export function readAddress(query: URLSearchParams): Address {
  const found = ADDRESS_NAMES.flatMap((name) => {
    const value = query.get(name);
    return value ? [[name, value] as const] : [];
  });
  return Object.fromEntries(found);
}

export function writeAddress(address: Address): string {
  const found = ADDRESS_NAMES.flatMap((name) => {
    const value = address[name];
    return value === undefined ? [] : [[name, value] as [string, string]];
  });
  return new URLSearchParams(found).toString();
}

/** Returns the address that brings the same customer, or null before anybody came. */
export function addressOf({ session, room }: Conversation): Address | null {
  if (!session || !room) return null;
  return {
    session_id: session.sessionId,
    mode: room.mode,
    as_of: session.asOf,
    identity: session.identity,
    visit: String(room.visit),
  };
}

/** Returns whether an address asks for nothing but what the tab's own conversation is. */
export function isOwn(memory: Memory, address: Address): boolean {
  return (
    address.session_id !== undefined &&
    ADDRESS_NAMES.every(
      (name) => address[name] === undefined || address[name] === memory.address[name],
    )
  );
}

export function writeMemory(memory: Memory): string {
  return JSON.stringify(memory);
}

/** Returns what the tab remembers, or null when it is not what this page wrote. */
export function readMemory(text: string | null): Memory | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isMemory(value) ? value : null;
  } catch {
    return null;
  }
}

function isMemory(value: unknown): value is Memory {
  if (typeof value !== 'object' || value === null) return false;
  const { address, token } = value as Partial<Memory>;
  return typeof token === 'string' && typeof address === 'object' && address !== null;
}
