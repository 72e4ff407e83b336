import { createPriceSchema } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { draftOfPrice, draftToPrice } from './priceDraft';

const BERLIN = 'Europe/Berlin';
const draft = draftOfPrice(null);
const priced = {
  ...draft,
  amounts: { ...draft.amounts, input: '2.50', output: '10' },
};

it('begins with the amounts in force', () => {
  const amounts = {
    input: '2.5',
    output: '10',
    cachedInput: '1.25',
    cacheWrite: null,
    reasoning: null,
    audio: null,
    image: null,
    perRequest: null,
  };
  const begun = draftOfPrice(amounts);
  expect(createPriceSchema.parse(draftToPrice(begun, BERLIN))).toEqual({
    amounts,
    effectiveFrom: null,
    note: null,
  });
});

it('asks for input and output, and takes what is left empty as no amount', () => {
  expect(
    createPriceSchema.safeParse(draftToPrice(draft, BERLIN)),
  ).toMatchObject({
    success: false,
    error: {
      issues: [{ path: ['amounts', 'input'] }, { path: ['amounts', 'output'] }],
    },
  });
  expect(
    createPriceSchema.parse(draftToPrice(priced, BERLIN)).amounts,
  ).toMatchObject({ input: '2.50', cachedInput: null, perRequest: null });
});

it("starts later at the reader's time", () => {
  const later = {
    ...priced,
    start: 'later' as const,
    effectiveFrom: '2030-07-01T09:00',
  };
  expect(
    createPriceSchema.parse(draftToPrice(later, BERLIN)).effectiveFrom,
  ).toBe('2030-07-01T07:00:00.000Z');
});

it('has a time that was chosen count only when it starts later', () => {
  const now = { ...priced, effectiveFrom: '2030-07-01T09:00' };
  expect(
    createPriceSchema.parse(draftToPrice(now, BERLIN)).effectiveFrom,
  ).toBeNull();
});

it('refuses to start later at no time', () => {
  const never = { ...priced, start: 'later' as const };
  expect(
    createPriceSchema.safeParse(draftToPrice(never, BERLIN)),
  ).toMatchObject({
    success: false,
    error: { issues: [{ path: ['effectiveFrom'] }] },
  });
});
