import { deploymentOf, pricePeriodOf } from '../__testUtils__/adminFixtures';
import { publishWords, unpublishWords } from './publishWords';

const deployment = deploymentOf('gpt-4o', {
  upstreamModel: 'gpt-4o-2024-11-20',
  currentPrice: pricePeriodOf(),
});
const served = deploymentOf('gpt-4o', { published: true });
const effect = (siblings: (typeof served)[], some = {}) =>
  publishWords({ ...deployment, ...some }, siblings, 'en-US').effect;

describe('publishWords', () => {
  it('names the subject and the price', () => {
    const words = publishWords(deployment, [], 'en-US');
    expect(words.title).toBe('Publish gpt-4o-2024-11-20 at OpenAI?');
    expect(words.effect).toBe(
      'Within seconds gpt-4o is in the catalog and on the Models page, and the gateway serves it. It costs $2.50 in and $10.00 out per million tokens.',
    );
  });

  it('says what share of the calls goes to one among others', () => {
    expect(effect([served])).toContain(
      'beside 1 deployment: about 50% of the calls go to it.',
    );
    expect(effect([served, { ...served, weight: 2 }])).toContain(
      'beside 2 deployments: about 25% of the calls go to it.',
    );
  });

  it('says when one comes first or last', () => {
    expect(effect([{ ...served, priority: 1 }])).toContain(
      'calls go to it first',
    );
    expect(effect([served], { priority: 1 })).toContain(
      'calls go to it when those of a lower priority number fail',
    );
  });

  it('does not count deployments that serve nothing', () => {
    expect(effect([{ ...served, published: false }])).toContain(
      'in the catalog',
    );
  });
});

describe('unpublishWords', () => {
  it('warns that nothing serves the model any more', () => {
    expect(unpublishWords(deployment, []).effect).toContain(
      'within seconds calls to it fail with 404',
    );
  });

  it('says who takes over', () => {
    expect(unpublishWords(deployment, [served]).effect).toBe(
      'Within seconds its share of the calls to gpt-4o goes to the other 1 deployment.',
    );
  });
});
