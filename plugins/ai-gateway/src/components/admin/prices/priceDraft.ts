import type { PriceAmounts } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { DateTime } from 'luxon';

/** What a price can name, in the order of the form; the first two it must. */
export const AMOUNT_FIELDS = [
  { name: 'input', label: 'Input', otherwise: undefined },
  { name: 'output', label: 'Output', otherwise: undefined },
  { name: 'cachedInput', label: 'Cached input', otherwise: 'input' },
  { name: 'cacheWrite', label: 'Cache write', otherwise: 'input' },
  { name: 'reasoning', label: 'Reasoning', otherwise: 'output' },
  { name: 'audio', label: 'Audio', otherwise: 'input' },
  { name: 'image', label: 'Image', otherwise: 'input' },
  { name: 'perRequest', label: 'Per request', otherwise: 'nothing' },
] as const satisfies readonly {
  name: keyof PriceAmounts;
  label: string;
  /** What a class without an amount of its own costs. */
  otherwise: 'input' | 'output' | 'nothing' | undefined;
}[];

/** What the fields of the price form hold. */
export interface PriceDraft {
  amounts: Record<keyof PriceAmounts, string>;
  /** When it starts. */
  start: 'now' | 'later';
  /** A local time, `2030-01-31T09:00`; counts when it starts later. */
  effectiveFrom: string;
  note: string;
}

/** A form that begins with the amounts in force. */
export function draftOfPrice(current: PriceAmounts | null): PriceDraft {
  const text = (name: keyof PriceAmounts) => current?.[name] ?? '';
  return {
    amounts: {
      input: text('input'),
      output: text('output'),
      cachedInput: text('cachedInput'),
      cacheWrite: text('cacheWrite'),
      reasoning: text('reasoning'),
      audio: text('audio'),
      image: text('image'),
      perRequest: text('perRequest'),
    },
    start: 'now',
    effectiveFrom: '',
    note: '',
  };
}

/**
 * The request that adds what the form holds.
 *
 * @param zone - whose time is entered: an IANA zone
 */
export function draftToPrice(draft: PriceDraft, zone: string) {
  const { amounts, start, effectiveFrom, note } = draft;
  return {
    effectiveFrom: start === 'now' ? null : toUtc(effectiveFrom, zone),
    amounts: Object.fromEntries(
      AMOUNT_FIELDS.map(({ name, otherwise }) => [
        name,
        otherwise !== undefined && amounts[name].trim() === ''
          ? null
          : amounts[name],
      ]),
    ),
    note: note.trim() || null,
  };
}

/** What is no time stays as it is, so that it is refused as such. */
function toUtc(local: string, zone: string): string {
  const moment = DateTime.fromISO(local, { zone });
  return moment.isValid ? new Date(moment.toMillis()).toISOString() : local;
}
