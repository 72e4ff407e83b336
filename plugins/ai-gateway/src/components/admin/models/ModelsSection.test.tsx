import { screen, within } from '@testing-library/react';
import { modelOf } from '../../../__testUtils__/fixtures';
import {
  deploymentOf,
  pricePeriodOf,
  providerOf,
  uuidOf,
} from '../__testUtils__/adminFixtures';
import { openAdmin } from '../__testUtils__/openAdmin';

it('lists models published or not, each with its next step', async () => {
  const { controlPlane } = await openAdmin('/models', {
    providers: [providerOf('openai')],
    models: [
      modelOf('live'),
      modelOf('priced', { status: 'unpublished', price: null }),
      modelOf('placed', { status: 'unpublished', price: null }),
      modelOf('new', { status: 'unpublished', price: null }),
    ],
    deployments: [
      deploymentOf('live', {
        published: true,
        currentPrice: pricePeriodOf(),
      }),
      deploymentOf('priced', {
        id: uuidOf(102),
        currentPrice: pricePeriodOf(),
      }),
      deploymentOf('placed', { id: uuidOf(103) }),
    ],
  });
  const table = await screen.findByRole('table', { name: 'Models' });
  const steps = within(table)
    .getAllByRole('row')
    .slice(1)
    .map(row => {
      const cells = row.querySelectorAll('td');
      return [cells[1].textContent, cells[cells.length - 1].textContent];
    });
  expect(steps).toEqual([
    ['Available', 'None: it can be called'],
    ['Unpublished', 'Publish it'],
    ['Unpublished', 'Set a price to publish'],
    ['Unpublished', 'Add a deployment'],
  ]);
  expect(
    within(table).getByRole('link', { name: 'Set a price to publish' }),
  ).toHaveAttribute(
    'href',
    `/ai-gateway/admin/models/placed?panel=set-price&deployment=${uuidOf(103)}`,
  );
  expect(controlPlane.callsOf('listModels')[0].query).toMatchObject({
    status: 'all',
  });
});
