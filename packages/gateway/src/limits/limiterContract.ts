/* eslint-disable jest/no-export -- the suite that the tests of every limiter run */
import { describeBudgets } from './contract/budgets';
import { describeClocks } from './contract/clocks';
import { describeLeases } from './contract/leases';
import { describeLostMemory } from './contract/lostMemory';
import { describeRates } from './contract/rates';
import { describeReserving } from './contract/reserving';
import { describeSeeding } from './contract/seeding';
import { describeTrimming } from './contract/trimming';
import { ContractFixture, type LimiterUnderTest } from './contract/fixture';

/** What every limiter does. `make` gives a new one that knows nothing, with the clock at `CONTRACT_START`. */
export function describeLimiterContract(
  make: () => Promise<LimiterUnderTest>,
): void {
  const fixture = new ContractFixture();

  beforeEach(async () => {
    fixture.begin(await make());
  });

  describeReserving(fixture);
  describeRates(fixture);
  describeBudgets(fixture);
  describeSeeding(fixture);
  describeLostMemory(fixture);
  describeLeases(fixture);
  describeTrimming(fixture);
  describeClocks(fixture);
}
