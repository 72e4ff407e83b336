import { isAiModel, modelIdOf } from './isAiModel';

const entity = (
  kind: string,
  type: string | undefined,
  annotations?: Record<string, string>,
) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind,
  metadata: { name: 'gpt-5', annotations },
  spec: { type },
});

describe('isAiModel', () => {
  it.each([
    ['Resource', 'ai-model', true],
    ['resource', 'ai-model', true],
    ['Resource', 'database', false],
    ['Resource', undefined, false],
    ['Component', 'ai-model', false],
  ])('of a %s of type %s is %s', (kind, type, is) => {
    expect(isAiModel(entity(kind, type))).toBe(is);
  });

  it('copes with an entity that has no spec', () => {
    expect(
      isAiModel({
        apiVersion: 'v1',
        kind: 'Resource',
        metadata: { name: 'x' },
      }),
    ).toBe(false);
  });
});

describe('modelIdOf', () => {
  it('is what the annotation says, and the name of the entity without one', () => {
    const annotations = { 'ai-gateway.dev/model-id': 'gpt-5.2' };
    expect(modelIdOf(entity('Resource', 'ai-model', annotations))).toBe(
      'gpt-5.2',
    );
    expect(modelIdOf(entity('Resource', 'ai-model'))).toBe('gpt-5');
  });
});
