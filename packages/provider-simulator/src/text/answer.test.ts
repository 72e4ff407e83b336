import fc from 'fast-check';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { answerTo, type AnswerRequest } from './answer';
import { giantAnswer } from './giant';
import { gistOf } from './prompt';

function asking(
  text: string,
  more: Partial<AnswerRequest> = {},
): AnswerRequest {
  return {
    gist: gistOf([{ role: 'user', text }]),
    variant: 0,
    form: { type: 'prose' },
    maxTokens: Infinity,
    stop: [],
    ...more,
  };
}

const plain = { disallowedSpecial: new Set<string>() };

describe('answerTo', () => {
  it('gives the same answer to the same request and another to another', () => {
    const question = 'Which database suits a billing service?';
    const first = answerTo(asking(question));
    expect(answerTo(asking(question)).text).toBe(first.text);
    expect(answerTo(asking(question, { variant: 1 })).text).not.toBe(
      first.text,
    );
    expect(
      answerTo(asking('Which database suits a booking service?')).text,
    ).not.toBe(first.text);
  });

  it('quotes the prompt, is of moderate length and ends with a sentence, whatever is asked', () => {
    fc.assert(
      fc.property(fc.lorem({ mode: 'sentences', maxCount: 3 }), question => {
        const { text, tokens, end } = answerTo(asking(question));
        expect(text).toContain(question.split(/[\s.]+/)[0]);
        expect(tokens).toBeGreaterThanOrEqual(40);
        expect(tokens).toBeLessThan(130);
        expect(end).toBe('natural');
        expect(text).toMatch(/\.$/);
      }),
    );
  });

  it('counts the tokens of the text it gives, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 100 }),
        fc.integer({ min: 0, max: 150 }),
        (text, maxTokens) => {
          const answer = answerTo(asking(text, { maxTokens }));
          expect(answer.tokens).toBe(countTokens(answer.text, plain));
          expect(answer.tokens).toBeLessThanOrEqual(maxTokens);
        },
      ),
    );
  });

  it('gives exactly as many tokens as wanted, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 100 }),
        fc.integer({ min: 1, max: 400 }),
        (text, exactTokens) => {
          const answer = answerTo(asking(text, { exactTokens }));
          expect(countTokens(answer.text, plain)).toBe(exactTokens);
          expect(answer).toMatchObject({ tokens: exactTokens, end: 'natural' });
        },
      ),
    );
  });

  it('says that the limit ended it only when it did', () => {
    const whole = answerTo(asking('Tell me about ledgers'));
    expect(
      answerTo(asking('Tell me about ledgers', { maxTokens: whole.tokens }))
        .end,
    ).toBe('natural');
    const cut = answerTo(asking('Tell me about ledgers', { maxTokens: 7 }));
    expect(cut).toMatchObject({ tokens: 7, end: 'length' });
    expect(whole.text.startsWith(cut.text)).toBe(true);
  });

  it('ends before the first stop sequence', () => {
    const whole = answerTo(asking('Tell me about ledgers')).text;
    const stopped = answerTo(
      asking('Tell me about ledgers', { stop: ['not to be found', 'ledgers'] }),
    );
    expect(stopped.text).toBe(whole.slice(0, whole.indexOf('ledgers')));
    expect(stopped).toMatchObject({
      tokens: countTokens(stopped.text),
      end: 'natural',
    });
  });

  it('answers JSON of its own shape, or of the shape asked for', () => {
    const free = answerTo(
      asking('Tell me about ledgers', { form: { type: 'json' } }),
    );
    expect(JSON.parse(free.text)).toMatchObject({
      answer: expect.any(String),
      topics: ['ledgers'],
    });

    const schema = {
      type: 'object',
      properties: { count: { type: 'integer', minimum: 3, maximum: 9 } },
    };
    const shaped = answerTo(
      asking('Tell me about ledgers', { form: { type: 'json', schema } }),
    );
    expect(JSON.parse(shaped.text).count).toBeGreaterThanOrEqual(3);
  });

  it('counts the name and the arguments of a tool call', () => {
    const form = {
      type: 'tool-call',
      name: 'find_ledger',
      schema: { properties: { id: { type: 'string' } } },
    } as const;
    const call = answerTo(asking('Tell me about ledgers', { form }));
    expect(JSON.parse(call.text)).toEqual({ id: 'Tell me about ledgers' });
    expect(call).toMatchObject({
      tool: 'find_ledger',
      tokens: countTokens('find_ledger') + countTokens(call.text),
    });
  });
});

describe('giantAnswer', () => {
  it.each([1, 100, 5_000])(
    'counts the tokens of about %p bytes truly',
    size => {
      const { text, tokens } = giantAnswer(size);
      expect(Math.abs(text.length - size)).toBeLessThanOrEqual(6);
      expect(tokens).toBe(countTokens(text));
    },
  );
});
