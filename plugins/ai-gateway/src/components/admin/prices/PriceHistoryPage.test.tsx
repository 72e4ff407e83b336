import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { modelOf, priceOf } from '../../../__testUtils__/fixtures';
import {
  deploymentOf,
  pricePeriodOf,
  providerOf,
  uuidOf,
} from '../__testUtils__/adminFixtures';
import { fill, openAdmin, panel, press } from '../__testUtils__/openAdmin';

const current = pricePeriodOf({
  amounts: priceOf('2.5', '10', { cachedInput: '1.25' }),
  effectiveUntil: '2030-06-01T00:00:00.000Z',
});
const deployment = deploymentOf('gpt-4o', { currentPrice: current });
const open = (query = '') =>
  openAdmin(`/prices/${deployment.id}${query}`, {
    providers: [providerOf('openai')],
    models: [modelOf('gpt-4o')],
    deployments: [{ ...deployment }],
    prices: [
      pricePeriodOf({
        id: uuidOf(202),
        state: 'scheduled',
        effectiveFrom: '2030-06-01T00:00:00.000Z',
        amounts: priceOf('2', '8'),
        note: 'Announced cut',
      }),
      current,
      pricePeriodOf({
        id: uuidOf(203),
        state: 'past',
        amounts: priceOf('0.00031', '15'),
      }),
    ],
  });

it('shows prices past, in force and scheduled, with the classes that any of them names', async () => {
  await open();
  const table = await screen.findByRole('table', { name: 'Prices' });
  const texts = (role: 'columnheader') =>
    within(table)
      .getAllByRole(role)
      .map(cell => cell.textContent);
  expect(texts('columnheader')).toEqual([
    'State',
    'From',
    'Until',
    'Input',
    'Output',
    'Cached input',
    'Note',
    'Added by',
  ]);
  const rows = within(table).getAllByRole('row').slice(1);
  expect(rows[0]).toHaveTextContent(
    /Scheduled.*\$2\.00.*\$8\.00.*–.*Announced/,
  );
  expect(rows[1]).toHaveTextContent(/In force.*\$2\.50.*\$10\.00.*\$1\.25/);
  expect(rows[2]).toHaveTextContent(/Past.*\$0\.00031/);
});

it('begins a new price with the one in force, and shows what it comes to', async () => {
  const { state } = await open('?add');
  const drawer = await panel(`Price of ${deployment.upstreamModel} at OpenAI`);
  expect(
    within(drawer).getByRole('textbox', { name: /^Cached input/ }),
  ).toHaveValue('1.25');
  expect(drawer).toHaveTextContent('costs $0.0075.');
  await fill(drawer, 'Input', '2');
  expect(drawer).toHaveTextContent(
    'costs $0.007; $0.0075 at the price in force.',
  );
  await fill(drawer, 'Note', 'Cheaper');
  await press('Add price', drawer);
  await waitFor(() => expect(state.prices).toHaveLength(4));
  expect(state.prices[0]).toMatchObject({
    state: 'current',
    amounts: priceOf('2', '10', { cachedInput: '1.25' }),
    note: 'Cheaper',
  });
});

it.each([
  ['-1', 'A price cannot be negative'],
  ['0.0000000001', /at most nine digits after the point/],
  ['1000001', /cannot be more than 1,000,000 dollars/],
  ['free', /Enter an amount in dollars/],
  ['', /Enter an amount in dollars/],
])('says beside the field what is wrong with %p', async (text, problem) => {
  const { controlPlane } = await open('?add');
  const drawer = await panel(/^Price of/);
  await fill(drawer, 'Output', text);
  await press('Add price', drawer);
  const output = within(drawer).getByRole('textbox', { name: /^Output/ });
  expect(output).toBeInvalid();
  expect(output).toHaveAccessibleDescription(problem);
  expect(within(drawer).getByRole('textbox', { name: /^Input/ })).toBeValid();
  expect(controlPlane.callsOf('createPrice')).toEqual([]);
});

it('does not complain of an amount that is still being written', async () => {
  await open('?add');
  const drawer = await panel(/^Price of/);
  const input = within(drawer).getByRole('textbox', { name: /^Input/ });
  await userEvent.clear(input);
  await userEvent.type(input, '0.');
  expect(input).toBeValid();
});

it('shows beside the date what the control plane says of it', async () => {
  await open('?add');
  const drawer = await panel(/^Price of/);
  await userEvent.click(within(drawer).getByRole('radio', { name: 'Later' }));
  const date = within(drawer).getByLabelText(/^Date and time/);
  await userEvent.type(date, '2020-01-01T00:00');
  await press('Add price', drawer);
  await waitFor(() =>
    expect(date).toHaveAccessibleDescription(
      'A price cannot start in the past',
    ),
  );
});
