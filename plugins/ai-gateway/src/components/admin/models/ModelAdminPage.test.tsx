import { screen, waitFor, within } from '@testing-library/react';
import { Refusal } from '../../../__testUtils__/ControlPlaneDouble';
import { modelOf } from '../../../__testUtils__/fixtures';
import { address } from '../../../__testUtils__/renderPortal';
import {
  deploymentOf,
  pricePeriodOf,
  providerOf,
} from '../__testUtils__/adminFixtures';
import { fill, openAdmin, panel, press } from '../__testUtils__/openAdmin';

const provider = providerOf('openai', { title: 'OpenAI' });
const published = () =>
  deploymentOf('gpt-4o', {
    published: true,
    publication: {
      changedAt: '2030-01-02T09:00:00.000Z',
      changedBy: 'user:default/amira',
    },
    currentPrice: pricePeriodOf(),
  });
const portal = (deployment = published()) => ({
  providers: [provider],
  models: [
    modelOf('gpt-4o', {
      title: 'GPT-4o',
      status: deployment.published ? 'available' : 'unpublished',
    }),
  ],
  deployments: [deployment],
});
const card = () =>
  screen.findByRole('article', { name: 'gpt-4o-upstream at OpenAI' });

it('shows a deployment with its price, and who published it', async () => {
  await openAdmin('/models/gpt-4o', portal());
  const deployment = await card();
  expect(deployment).toHaveTextContent('$2.50 in, $10.00 out per million');
  expect(
    within(deployment).getByRole('link', { name: 'amira' }),
  ).toHaveAttribute('href', '/catalog/default/user/amira');
  expect(
    within(deployment).queryByRole('button', { name: 'Delete' }),
  ).not.toBeInTheDocument();
});

it('says before it unpublishes that calls will fail', async () => {
  const { state } = await openAdmin('/models/gpt-4o', portal());
  await press('Unpublish', await card());
  const dialog = await panel('Unpublish gpt-4o-upstream at OpenAI?');
  expect(dialog).toHaveTextContent('calls to it fail with 404');
  await press('Unpublish deployment', dialog);
  expect(
    await screen.findByRole('region', { name: 'Before gpt-4o can be called' }),
  ).toBeVisible();
  expect(state.deployments[0].published).toBe(false);
});

it('leads to the provider that must be enabled first', async () => {
  const deployment = deploymentOf('gpt-4o', {
    currentPrice: pricePeriodOf(),
    provider: { ...provider, enabled: false },
  });
  await openAdmin('/models/gpt-4o', portal(deployment));
  expect(
    within(await card()).getByRole('button', { name: 'Enable OpenAI' }),
  ).toHaveAttribute(
    'href',
    `/ai-gateway/admin/providers?provider=${provider.id}`,
  );
  expect(
    within(await card()).queryByRole('button', { name: 'Publish' }),
  ).not.toBeInTheDocument();
});

it('shows in the dialog why something was refused', async () => {
  await openAdmin('/models/gpt-4o', portal(deploymentOf('gpt-4o')), {
    deleteDeployment: () => {
      throw new Refusal(409, 'The deployment was used. Leave it unpublished.');
    },
  });
  await press('Delete', await card());
  const dialog = await panel('Delete gpt-4o-upstream at OpenAI?');
  await press('Delete deployment', dialog);
  expect(await within(dialog).findByRole('alert')).toHaveTextContent(
    'The deployment was not deleted. The deployment was used. Leave it unpublished.',
  );
});

it('changes a model and shows what it is now', async () => {
  const { state } = await openAdmin('/models/gpt-4o?panel=edit', portal());
  const drawer = await panel('Edit GPT-4o');
  expect(
    within(drawer).getByRole('textbox', { name: /^Model id/ }),
  ).toBeDisabled();
  await fill(drawer, 'Title', 'GPT-4 omni');
  await fill(drawer, 'Context window', '200,000');
  await press('Save model', drawer);
  expect(
    await screen.findByRole('heading', { name: 'GPT-4 omni' }),
  ).toBeVisible();
  expect(state.models[0]).toMatchObject({
    id: 'gpt-4o',
    contextWindow: 200_000,
    ownerRef: 'group:default/platform',
  });
  expect(address()).toBe('/ai-gateway/admin/models/gpt-4o');
});

it('keeps the routing of a deployment within what is possible', async () => {
  const { state } = await openAdmin(
    `/models/gpt-4o?panel=edit-deployment&deployment=${published().id}`,
    portal(),
  );
  const drawer = await panel('Edit gpt-4o-upstream at OpenAI');
  const weight = within(drawer).getByRole('textbox', { name: /^Weight/ });
  await fill(drawer, 'Weight', '0');
  await press('Save deployment', drawer);
  expect(weight).toHaveAccessibleDescription(
    'Enter a whole number from 1 to 1,000',
  );
  await fill(drawer, 'Weight', '3');
  await press('Save deployment', drawer);
  await waitFor(() => expect(state.deployments[0].weight).toBe(3));
});

it('deletes a model that has no deployments', async () => {
  const { state } = await openAdmin('/models/gpt-4o', {
    ...portal(),
    deployments: [],
  });
  await press('Delete model');
  await press('Delete model', await panel('Delete gpt-4o?'));
  expect(await screen.findByText('No models yet')).toBeVisible();
  expect(state.models).toEqual([]);
});

it('says so when there is no such model', async () => {
  await openAdmin('/models/gone', portal());
  expect(await screen.findByText('There is no model gone')).toBeVisible();
});
