import { screen, waitFor, within } from '@testing-library/react';
import { gatewayOf, uuidOf } from '../__testUtils__/adminFixtures';
import { openAdmin } from '../__testUtils__/openAdmin';

it('shows which configuration each gateway runs, and follows it', async () => {
  const behind = gatewayOf('two', { id: uuidOf(302), appliedRevision: 6 });
  const gateways = [gatewayOf('one'), behind];
  await openAdmin(
    '/gateways',
    {},
    { listGateways: () => ({ currentRevision: 7, items: gateways }) },
  );
  const table = await screen.findByRole('table', { name: 'Gateways' });
  const row = (name: string) => within(table).getByText(name).closest('tr');
  expect(row('one')).toHaveTextContent('Up to date7 of 7');
  expect(row('two')).toHaveTextContent('1 behind6 of 7');
  expect(
    screen.getByText(
      '1 of 2 gateways run the newest configuration, revision 7.',
    ),
  ).toBeVisible();

  behind.appliedRevision = 7;
  await waitFor(() => expect(row('two')).toHaveTextContent('Up to date'), {
    timeout: 4_000,
  });
});

it('names the reason why a configuration was refused', async () => {
  const configurationError = 'The secret env://KEY is not set';
  await openAdmin(
    '/gateways',
    {},
    {
      listGateways: () => ({
        currentRevision: 8,
        items: [gatewayOf('one', { configurationError })],
      }),
    },
  );
  expect(await screen.findByText(configurationError)).toBeVisible();
});

it('says that none was seen', async () => {
  await openAdmin('/gateways');
  expect(
    await screen.findByText('No gateway was seen in the last day'),
  ).toBeVisible();
});
