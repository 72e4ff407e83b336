import {
  formatLatency,
  type UsageFigures,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { DataTable, type DataTableColumn, Money, TokenCount } from '../shared';
import type { RankedGroup } from './ranking';
import { SHOWN_TOKEN_CLASSES, TOKEN_CLASS_LABELS } from './tokenClasses';
import { formatShare } from './UsageBreakdown';

/** The breakdown as a table: every figure of every group. Classes of tokens that nobody used are left out. */
export function UsageBreakdownTable(props: {
  /** What the groups are: "Model". */
  groupLabel: string;
  groups: readonly RankedGroup[];
}) {
  const { groupLabel, groups } = props;
  return (
    <DataTable
      label={`Usage by ${groupLabel.toLowerCase()}`}
      rows={groups}
      rowKey={group => group.id}
      columns={columnsFor(groupLabel, groups)}
      cardsBelow="sm"
    />
  );
}

function columnsFor(
  groupLabel: string,
  groups: readonly RankedGroup[],
): DataTableColumn<RankedGroup>[] {
  const count = (
    id: string,
    label: string,
    pick: (figures: UsageFigures) => number,
  ): DataTableColumn<RankedGroup> => ({
    id,
    label,
    numeric: true,
    render: ({ figures }) => <TokenCount count={pick(figures)} />,
  });
  const classes = SHOWN_TOKEN_CLASSES.filter(
    name =>
      name === 'input' ||
      name === 'output' ||
      groups.some(group => group.figures.tokens[name] > 0),
  );
  return [
    {
      id: 'label',
      label: groupLabel,
      title: true,
      render: group => <strong>{group.label}</strong>,
    },
    count('requests', 'Requests', figures => figures.requests),
    count('errors', 'Errors', figures => figures.errors),
    ...classes.map(name =>
      count(
        name,
        `${TOKEN_CLASS_LABELS[name]} tokens`,
        figures => figures.tokens[name],
      ),
    ),
    {
      id: 'cost',
      label: 'Cost (USD)',
      numeric: true,
      render: ({ figures }) => <Money usd={figures.costUsd} />,
    },
    {
      id: 'share',
      label: 'Share',
      numeric: true,
      render: ({ share }) => formatShare(share),
    },
    {
      id: 'latency',
      label: 'Mean latency',
      numeric: true,
      render: ({ figures }) =>
        figures.latencyMs === null ? '–' : formatLatency(figures.latencyMs),
    },
  ];
}
