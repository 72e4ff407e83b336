import { screen, within } from '@testing-library/react';
import {
  ControlPlaneDouble,
  Refusal,
} from '../../__testUtils__/ControlPlaneDouble';
import { adminOf, engineerOf } from '../../__testUtils__/fixtures';
import { address, renderPortal } from '../../__testUtils__/renderPortal';
import { openAdmin } from './__testUtils__/openAdmin';

const NOTHING = engineerOf().can;
const sections = async () =>
  within(await screen.findByRole('tablist', { name: 'Admin sections' }))
    .getAllByRole('tab')
    .map(tab => tab.textContent);

it('begins with the providers', async () => {
  await openAdmin('');
  expect(
    await screen.findByRole('heading', { name: 'Providers' }),
  ).toBeVisible();
  expect(address()).toBe('/ai-gateway/admin/providers');
  expect(await sections()).toEqual([
    'Providers',
    'Models & deployments',
    'Prices',
    'Gateways',
  ]);
});

it('is refused to those who manage nothing, before anything is loaded', async () => {
  const { controlPlane } = await openAdmin('/models', { me: engineerOf() });
  expect(await screen.findByText('You may not see this')).toBeVisible();
  expect(controlPlane.callsOf('listModels')).toEqual([]);
  expect(controlPlane.callsOf('listProviders')).toEqual([]);
});

it('shows only the sections that the reader may see, and asks for nothing else', async () => {
  const { controlPlane } = await openAdmin('', {
    me: adminOf({ can: { ...NOTHING, readGateways: true } }),
  });
  expect(await sections()).toEqual(['Gateways']);
  expect(address()).toBe('/ai-gateway/admin/gateways');
  expect(controlPlane.callsOf('listProviders')).toEqual([]);
  expect(controlPlane.callsOf('listDeployments')).toEqual([]);
});

it('says of a section that is not for the reader who manages it', async () => {
  await openAdmin('/prices', {
    me: adminOf({ can: { ...NOTHING, readGateways: true } }),
  });
  expect(
    await screen.findByText('Prices are managed by platform admins.'),
  ).toBeVisible();
});

it('explains that the permissions could not be loaded', async () => {
  const controlPlane = new ControlPlaneDouble({
    getMe: () => {
      throw new Refusal(503, 'The database is away');
    },
  });
  await renderPortal('/ai-gateway/admin', { controlPlane });
  expect(
    await screen.findByText('Your permissions could not be loaded'),
  ).toBeVisible();
});

it('explains that a list could not be loaded', async () => {
  await openAdmin(
    '/models',
    {},
    {
      listDeployments: () => {
        throw new Refusal(503, 'The database is away');
      },
    },
  );
  expect(await screen.findByText('Models could not be loaded')).toBeVisible();
});
