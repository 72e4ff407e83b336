/** When a new key shall stop working. */
export const EXPIRY_CHOICES = ['never', '7', '30', '90', 'date'] as const;

/** {@inheritDoc EXPIRY_CHOICES} */
export type ExpiryChoice = (typeof EXPIRY_CHOICES)[number];

/** How the choices read. */
export const EXPIRY_LABELS: Record<ExpiryChoice, string> = {
  never: 'Never',
  '7': 'In 7 days',
  '30': 'In 30 days',
  '90': 'In 90 days',
  date: 'On a date',
};

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The moment of a choice, as the API takes it.
 *
 * @param date - `YYYY-MM-DD`, of which the key lasts the whole day in the reader's zone; only for the choice `date`
 * @param now - milliseconds since the epoch
 * @returns `null` for never, `''` for a date that is none
 */
export function expiryMoment(
  choice: ExpiryChoice,
  date: string,
  now: number,
): string | null {
  if (choice === 'never') return null;
  if (choice !== 'date') {
    return new Date(now + Number(choice) * DAY_MS).toISOString();
  }
  const endOfDay = new Date(`${date}T23:59:59`);
  return Number.isNaN(endOfDay.getTime()) ? '' : endOfDay.toISOString();
}

/**
 * A day in the reader's zone as a date field holds it.
 *
 * @param at - milliseconds since the epoch
 */
export function localDate(at: number): string {
  const day = new Date(at);
  return [
    String(day.getFullYear()).padStart(4, '0'),
    String(day.getMonth() + 1).padStart(2, '0'),
    String(day.getDate()).padStart(2, '0'),
  ].join('-');
}
