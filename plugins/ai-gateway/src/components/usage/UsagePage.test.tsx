import {
  OTHER_GROUP_ID,
  type UsageReport,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  ControlPlaneDouble,
  type EndpointHandlers,
  Refusal,
} from '../../__testUtils__/ControlPlaneDouble';
import { projectOf } from '../../__testUtils__/fixtures';
import {
  emptyPortal,
  portalHandlers,
} from '../../__testUtils__/portalHandlers';
import { address, renderPortal } from '../../__testUtils__/renderPortal';
import { figuresOf, reportOf } from './__testUtils__/usageReports';

const REPORT = reportOf({
  'gpt-4o': [
    figuresOf({ requests: 3, costUsd: '2.5', tokens: { input: 1_500 } }),
    figuresOf(),
  ],
  'llama-4': [
    figuresOf({ requests: 9, costUsd: '0.00031', tokens: { output: 40 } }),
    figuresOf({ requests: 1, costUsd: '0.1', latencyMs: 420 }),
  ],
  [OTHER_GROUP_ID]: [figuresOf(), figuresOf({ requests: 2 })],
});

type GetUsage = NonNullable<EndpointHandlers['getUsage']>;

async function open(
  search: string,
  getUsage: GetUsage = ({ query }) => ({ ...REPORT, groupBy: query.groupBy }),
) {
  const controlPlane = new ControlPlaneDouble({
    ...portalHandlers(emptyPortal({ projects: [projectOf('payments')] })),
    getUsage,
  });
  await renderPortal(`/ai-gateway/usage${search}`, { controlPlane });
  const asked = () => {
    const calls = controlPlane.callsOf('getUsage');
    return calls[calls.length - 1]?.query;
  };
  return { controlPlane, asked };
}

const figures = () => screen.findByRole('list', { name: 'Figures' });
const choose = async (field: string, option: string) => {
  await userEvent.click(
    screen.getByRole('button', { name: new RegExp(field) }),
  );
  await userEvent.click(screen.getByRole('option', { name: option }));
};

describe('what is asked', () => {
  it("is the last seven days by model, as the reader's zone has them", async () => {
    const { asked } = await open('');
    await figures();
    expect(asked()).toMatchObject({
      bucket: 'day',
      groupBy: 'model',
      timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    });
    const { from, to } = asked() as { from: string; to: string };
    expect(Date.parse(to)).toBeGreaterThan(Date.now());
    const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
    expect(days).toBeGreaterThan(5.9);
    expect(days).toBeLessThan(7.1);
  });

  it('follows the address: period, grouping and project', async () => {
    const { asked } = await open('?range=24h&groupBy=key&project=payments');
    await figures();
    expect(asked()).toMatchObject({
      bucket: 'hour',
      groupBy: 'key',
      projectId: 'payments',
    });
  });

  it('is kept in the address when it is chosen', async () => {
    const { asked } = await open('');
    await figures();
    await choose('Group by', 'Project');
    await choose('Period', 'Last 90 days');
    expect(address()).toBe('/ai-gateway/usage?groupBy=project&range=90d');
    await waitFor(() => expect(asked()).toMatchObject({ groupBy: 'project' }));
  });

  it('begins a custom period with the days that are shown, and says what is wrong with others', async () => {
    await open('?range=7d');
    await figures();
    await choose('Period', 'Custom');
    const first = screen.getByLabelText('First day');
    expect(first).toHaveDisplayValue(/^\d{4}-\d{2}-\d{2}$/);
    await userEvent.clear(first);
    expect(first).toBeInvalid();
    expect(
      screen.getByText('Enter a first and a last day', { selector: 'p' }),
    ).toBeVisible();
  });
});

describe('what is shown', () => {
  it('are the figures of the whole period', async () => {
    await open('');
    const cards = within(await figures()).getAllByRole('listitem');
    const textOf = (title: string) =>
      cards.find(card => card.textContent?.startsWith(title))?.textContent;
    expect(textOf('Requests')).toContain('15');
    expect(textOf('Tokens in')).toContain('1,500tokens');
    expect(textOf('Tokens out')).toContain('40');
    expect(textOf('Cost')).toContain('$2.60');
    expect(within(await figures()).getByTitle('$2.60031')).toBeVisible();
  });

  it('is a chart with a name, a legend and what still runs', async () => {
    await open('');
    expect(
      await screen.findByRole('heading', { name: 'Cost by model' }),
    ).toBeVisible();
    const legend = screen.getByRole('list', { name: 'Legend' });
    expect(
      within(legend)
        .getAllByRole('listitem')
        .map(item => item.textContent),
    ).toEqual(['gpt-4o', 'llama-4', 'Other', 'Still running']);
  });

  it('is the same as a table, zeros included', async () => {
    await open('?view=table&metric=requests');
    const table = await screen.findByRole('table', {
      name: 'Requests over time, in requests',
    });
    expect(
      within(table)
        .getAllByRole('row')
        .map(row =>
          [...row.querySelectorAll('th, td')]
            .slice(1)
            .map(cell => cell.textContent),
        ),
    ).toEqual([
      ['llama-4', 'gpt-4o', 'Other', 'Total (requests)'],
      ['9', '3', '0', '12'],
      ['1', '0', '2', '3'],
      ['10', '3', '2', '15'],
    ]);
    expect(within(table).getByText('(still running)')).toBeVisible();
    expect(
      within(screen.getByRole('table', { name: 'Usage by model' })).getByRole(
        'columnheader',
        { name: 'Input tokens' },
      ),
    ).toBeVisible();
  });

  it('can be saved exactly as it is shown', async () => {
    const saved: Blob[] = [];
    const names: string[] = [];
    Object.assign(URL, {
      createObjectURL: (blob: Blob) => `blob:${saved.push(blob)}`,
      revokeObjectURL: () => {},
    });
    const click = jest
      .spyOn(HTMLAnchorElement.prototype, 'click')
      .mockImplementation(function remember(this: HTMLAnchorElement) {
        names.push(this.download);
      });
    await open('?metric=requests');
    await userEvent.click(
      await screen.findByRole('button', { name: 'Export CSV' }),
    );
    expect(names).toEqual([
      'ai-gateway-requests-by-model-2030-01-31-to-2030-01-31.csv',
    ]);
    const text = await new Response(saved[0]).text();
    expect(text.split('\r\n')[1]).toBe(
      '2030-01-31T08:00:00.000Z,2030-01-31T09:00:00.000Z,yes,9,3,0,12',
    );
    click.mockRestore();
  });

  it('is what to do where nobody called anything', async () => {
    await open('', () => reportOf({}));
    expect(await screen.findByText('No requests in this period')).toBeVisible();
    expect(
      screen.getByRole('button', { name: 'Create an API key' }),
    ).toHaveAttribute('href', '/ai-gateway/api-keys?create');
    expect(within(await figures()).getByTitle('$0')).toBeVisible();
  });
});

describe('as time goes by', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  const once = (...answers: (UsageReport | Error)[]): GetUsage => {
    let calls = 0;
    return () => {
      const answer = answers[Math.min(calls++, answers.length - 1)];
      if (answer instanceof Error) throw answer;
      return answer;
    };
  };
  const one = reportOf({ 'gpt-4o': [figuresOf({ requests: 1 })] });
  const two = reportOf({ 'gpt-4o': [figuresOf({ requests: 2 })] });

  it('a request shows within two seconds', async () => {
    await open('', once(one, two));
    expect(within(await figures()).getByTitle('1')).toBeVisible();
    await waitFor(
      async () => expect(within(await figures()).getByTitle('2')).toBeVisible(),
      { timeout: 2_000 },
    );
  });

  it('a period in the past is asked for once', async () => {
    jest.useFakeTimers({ advanceTimers: true });
    const { controlPlane } = await open(
      '?range=custom&from=2025-01-01&to=2025-01-31',
    );
    await figures();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(controlPlane.callsOf('getUsage')).toHaveLength(1);
  });

  it('figures that cannot be refreshed stay, and are said to be old', async () => {
    await open('', once(one, new Refusal(503, 'The database is away')));
    expect(within(await figures()).getByTitle('1')).toBeVisible();
    expect(
      await screen.findByText(/may be out of date/, {}, { timeout: 3_000 }),
    ).toBeVisible();
    expect(within(await figures()).getByTitle('1')).toBeVisible();
  });
});

describe('what cannot be shown', () => {
  it('is explained, and can be tried again', async () => {
    let fails = true;
    await open('', () => {
      if (fails) throw new Refusal(503, 'The database is away');
      return REPORT;
    });
    expect(await screen.findByText('Usage could not be loaded')).toBeVisible();
    expect(screen.getByText(/req-42/)).toBeVisible();
    fails = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await figures()).toBeVisible();
  });

  it('is refused to those who may not see it', async () => {
    await open('', () => {
      throw new Refusal(403, 'You may not see usage');
    });
    expect(await screen.findByText('You may not see this')).toBeVisible();
  });
});
