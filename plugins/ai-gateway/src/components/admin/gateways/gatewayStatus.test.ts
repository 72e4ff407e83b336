import { gatewayOf } from '../__testUtils__/adminFixtures';
import { revisionStatus, rolloutSummary } from './gatewayStatus';

describe('revisionStatus', () => {
  it('says whether a gateway runs the newest configuration', () => {
    expect(revisionStatus(gatewayOf('a'), 7)).toEqual({
      tone: 'good',
      label: 'Up to date',
    });
    expect(revisionStatus(gatewayOf('a'), 9)).toEqual({
      tone: 'warning',
      label: '2 behind',
    });
    expect(revisionStatus(gatewayOf('a', { state: 'gone' }), 9)).toEqual({
      tone: 'off',
      label: '2 behind',
    });
  });

  it('says that the newest was refused', () => {
    expect(
      revisionStatus(gatewayOf('a', { configurationError: 'Bad' }), 8),
    ).toEqual({ tone: 'bad', label: 'Refused, 1 behind' });
  });
});

describe('rolloutSummary', () => {
  it('counts those that serve', () => {
    expect(
      rolloutSummary(
        [
          gatewayOf('a'),
          gatewayOf('b', { appliedRevision: 6 }),
          gatewayOf('c', { state: 'gone', appliedRevision: 1 }),
        ],
        7,
      ),
    ).toBe('1 of 2 gateways run the newest configuration, revision 7.');
  });

  it('says that none serves', () => {
    expect(rolloutSummary([gatewayOf('a', { state: 'gone' })], 7)).toBe(
      'No gateway serves. The newest configuration is revision 7.',
    );
  });
});
