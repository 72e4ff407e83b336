import { createApiKeySchema } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { draftToBody, initialDraft } from './apiKeyDraft';

const NOW = Date.parse('2030-01-31T09:00:00Z');
const PROJECTS = [
  { id: 'payments', title: 'Payments' },
  { id: 'search', title: 'Search' },
];

const bodyOf = (draft: Parameters<typeof draftToBody>[0]) =>
  createApiKeySchema.parse(draftToBody(draft, NOW));

describe('initialDraft', () => {
  it('takes the project that the pages are narrowed to', () => {
    expect(initialDraft(PROJECTS, 'search', undefined).projectId).toBe(
      'search',
    );
  });

  it('takes the only project there is', () => {
    expect(initialDraft([PROJECTS[0]], undefined, undefined).projectId).toBe(
      'payments',
    );
  });

  it('leaves the choice open between several, and where keys cannot be created', () => {
    expect(initialDraft(PROJECTS, undefined, undefined).projectId).toBe('');
    expect(initialDraft(PROJECTS, 'foreign', undefined).projectId).toBe('');
  });
});

describe('draftToBody', () => {
  const draft = {
    ...initialDraft(PROJECTS, 'payments', undefined),
    label: 'prod',
  };

  it("is the reader's own key for every model that never expires, unless said otherwise", () => {
    expect(bodyOf(draft)).toEqual({
      label: 'prod',
      projectId: 'payments',
      owner: { kind: 'user' },
      modelScope: null,
      expiresAt: null,
    });
  });

  it('is for the model that the key is wanted for', () => {
    const { modelScope } = initialDraft(PROJECTS, 'payments', 'gpt-5');
    expect(bodyOf({ ...draft, modelScope }).modelScope).toEqual(['gpt-5']);
  });

  it('names the application of an application key, and only of such', () => {
    const ref = 'component:default/checkout';
    expect(bodyOf({ ...draft, owner: { kind: 'app', ref } }).owner).toEqual({
      kind: 'app',
      ref,
    });
    expect(bodyOf({ ...draft, owner: { kind: 'project', ref } }).owner).toEqual(
      { kind: 'project' },
    );
  });
});
