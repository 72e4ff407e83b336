import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { address } from '../../../__testUtils__/renderPortal';
import { fill, openAdmin, panel, press } from '../__testUtils__/openAdmin';

const currentStep = async (title: string) =>
  within(await screen.findByRole('region', { name: title })).getByRole(
    'listitem',
    { current: 'step' },
  ).textContent;

it('leads from an empty portal to a published model, by its buttons alone', async () => {
  const { state } = await openAdmin('');
  const guide = 'On the way to the first model';
  expect(await currentStep(guide)).toContain('Provider');

  await press('Register provider');
  let drawer = await panel('Register provider');
  await fill(drawer, 'Name', 'openai');
  await fill(drawer, 'Title', 'OpenAI');
  await fill(drawer, 'Base URL', 'https://api.openai.com/v1');
  await press('Register provider', drawer);

  await press('Add a model');
  drawer = await panel('Add model');
  await fill(drawer, 'Model id', 'gpt-4o');
  await fill(drawer, 'Title', 'GPT-4o');
  await press('Add model', drawer);

  expect(await screen.findByText('No deployments yet')).toBeVisible();
  expect(address()).toBe('/ai-gateway/admin/models/gpt-4o');
  expect(await currentStep('Before gpt-4o can be called')).toContain(
    'Deployment',
  );
  await press('Add a deployment');
  drawer = await panel('Add deployment to gpt-4o');
  await within(drawer).findByText(/The provider offers 2/);
  await userEvent.type(
    within(drawer).getByRole('textbox', { name: /^Upstream model/ }),
    'mini',
  );
  await userEvent.click(
    await screen.findByRole('option', { name: 'gpt-4o-mini' }),
  );
  await press('Add deployment', drawer);

  await press('Set a price to publish');
  drawer = await panel('Price of gpt-4o-mini at OpenAI');
  await fill(drawer, 'Input', '2.5');
  await fill(drawer, 'Output', '10');
  expect(drawer).toHaveTextContent(
    'A typical request, 1,000 tokens in and 500 out, costs $0.0075.',
  );
  await press('Add price', drawer);

  await press('Publish it');
  const dialog = await panel('Publish gpt-4o-mini at OpenAI?');
  expect(dialog).toHaveTextContent(
    'Within seconds gpt-4o is in the catalog and on the Models page, and the gateway serves it. It costs $2.50 in and $10.00 out per million tokens.',
  );
  await press('Publish deployment', dialog);

  expect(await screen.findByText('Available')).toBeVisible();
  expect(
    screen.queryByRole('region', { name: 'Before gpt-4o can be called' }),
  ).not.toBeInTheDocument();
  expect(state.deployments).toMatchObject([
    { modelId: 'gpt-4o', upstreamModel: 'gpt-4o-mini', published: true },
  ]);
  expect(state.prices[0].amounts).toMatchObject({ input: '2.5', output: '10' });
});
