import { createModelSchema } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { draftToModel, newModelDraft } from './modelDraft';

const draft = {
  ...newModelDraft(['user:default/ada', 'group:default/platform']),
  id: 'gpt-4o',
  title: 'GPT-4o',
};
const parse = (change: Partial<typeof draft>) =>
  createModelSchema.safeParse(draftToModel({ ...draft, ...change }));

it("is owned by the reader's team unless said otherwise", () => {
  expect(parse({}).data?.ownerRef).toBe('group:default/platform');
});

it.each([
  ['128000', 128_000],
  ['128,000', 128_000],
  ['128 000', 128_000],
  ['', null],
])('reads %p as %p tokens', (contextWindow, tokens) => {
  expect(parse({ contextWindow }).data?.contextWindow).toBe(tokens);
});

it.each(['many', '128k', '-1'])(
  'says of %p that it is not a whole number of tokens',
  maxOutputTokens => {
    expect(parse({ maxOutputTokens }).error?.issues).toMatchObject([
      {
        path: ['maxOutputTokens'],
        message: 'Enter a whole number of tokens',
      },
    ]);
  },
);
