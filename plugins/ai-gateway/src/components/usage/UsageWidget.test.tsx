import type { UsageReport } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { renderInTestApp, TestApiProvider } from '@backstage/test-utils';
import { screen } from '@testing-library/react';
import {
  ControlPlaneDouble,
  Refusal,
} from '../../__testUtils__/ControlPlaneDouble';
import { aiGatewayApiRef } from '../../api';
import { rootRouteRef } from '../../routes';
import { figuresOf, reportOf } from './__testUtils__/usageReports';
import { UsageWidget } from './UsageWidget';

async function open(getUsage: () => UsageReport) {
  const controlPlane = new ControlPlaneDouble({ getUsage });
  await renderInTestApp(
    <TestApiProvider apis={[[aiGatewayApiRef, controlPlane.api]]}>
      <UsageWidget />
    </TestApiProvider>,
    { mountedRoutes: { '/ai-gateway': rootRouteRef } },
  );
  return controlPlane;
}

it('shows spend and requests of the last seven days, and leads to more', async () => {
  const controlPlane = await open(() =>
    reportOf({ payments: [figuresOf({ requests: 12, costUsd: '0.00031' })] }),
  );
  expect(await screen.findByText('12')).toBeVisible();
  expect(screen.getByText('$0.00031')).toBeVisible();
  expect(screen.getAllByRole('img')).toHaveLength(2);
  expect(
    screen.getByRole('link', { name: 'See usage by project' }),
  ).toHaveAttribute('href', '/ai-gateway/usage?groupBy=project');
  expect(controlPlane.callsOf('getUsage')[0].query).toMatchObject({
    bucket: 'day',
    groupBy: 'project',
  });
});

it('says how to begin where nothing was used', async () => {
  await open(() => reportOf({}));
  expect(
    await screen.findByRole('link', { name: 'Create an API key' }),
  ).toHaveAttribute('href', '/ai-gateway/api-keys?create');
});

it('shows zeros where something was used only before', async () => {
  await open(() =>
    reportOf({}, { previousTotals: figuresOf({ requests: 4, costUsd: '1' }) }),
  );
  expect(await screen.findByText('$0.00')).toBeVisible();
  expect(screen.getAllByText('-100%')).toHaveLength(2);
});

it('explains a failure', async () => {
  await open(() => {
    throw new Refusal(503, 'The database is away');
  });
  expect(await screen.findByText('Usage could not be loaded')).toBeVisible();
});
