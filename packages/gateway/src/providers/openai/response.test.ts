import { readWhole } from './response';

const read = (value: unknown) => readWhole(Buffer.from(JSON.stringify(value)));

describe('readWhole', () => {
  it('finds the usage and the text of a completion', () => {
    expect(
      read({
        id: 'x',
        choices: [{ message: { role: 'assistant', content: 'Hello' } }],
        usage: { prompt_tokens: 3, completion_tokens: 2 },
      }),
    ).toMatchObject({
      kind: 'completion',
      usage: { kind: 'reported', tokens: { input: 3, output: 2 } },
      generatedBytes: 5,
    });
  });

  it('tells a usage that is not there', () => {
    expect(read({ choices: [], usage: null })).toMatchObject({
      usage: { kind: 'absent' },
    });
    expect(read({ choices: [] })).toMatchObject({ usage: { kind: 'absent' } });
  });

  it('knows an error in the clothes of a success', () => {
    expect(read({ error: { message: 'no' } })).toMatchObject({ kind: 'error' });
  });

  it.each(['', '{"choices":[{"mess', '[]', '{}', '{"choices":{}}', '<html>'])(
    'takes %j for no completion',
    body => {
      expect(readWhole(Buffer.from(body))).toEqual({ kind: 'invalid' });
    },
  );
});
