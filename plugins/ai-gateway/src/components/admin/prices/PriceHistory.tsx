import type { Price } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import {
  DataTable,
  type DataTableColumn,
  Money,
  StatusChip,
} from '../../shared';
import { Person } from '../shared';
import { AMOUNT_FIELDS } from './priceDraft';
import { PriceMoment } from './PriceMoment';
import { PRICE_STATES } from './priceState';

/** The prices of a deployment, the newest first. Classes that no price names are left out. */
export function PriceHistory(props: { prices: readonly Price[] }) {
  const { prices } = props;
  return (
    <DataTable
      label="Prices"
      rows={prices}
      rowKey={price => price.id}
      columns={columnsFor(prices)}
      cardsBelow="md"
    />
  );
}

function columnsFor(prices: readonly Price[]): DataTableColumn<Price>[] {
  const named = AMOUNT_FIELDS.filter(
    ({ name, otherwise }) =>
      otherwise === undefined ||
      prices.some(price => price.amounts[name] !== null),
  );
  return [
    {
      id: 'state',
      label: 'State',
      title: true,
      render: ({ state }) => {
        const { tone, label } = PRICE_STATES[state];
        return <StatusChip tone={tone}>{label}</StatusChip>;
      },
    },
    {
      id: 'from',
      label: 'From',
      render: ({ effectiveFrom }) => <PriceMoment at={effectiveFrom} />,
    },
    {
      id: 'until',
      label: 'Until',
      render: ({ effectiveUntil }) =>
        effectiveUntil ? <PriceMoment at={effectiveUntil} /> : 'Further notice',
    },
    ...named.map(({ name, label }): DataTableColumn<Price> => ({
      id: name,
      label,
      numeric: true,
      render: ({ amounts }) => {
        const usd = amounts[name];
        return usd === null ? '–' : <Money usd={usd} />;
      },
    })),
    { id: 'note', label: 'Note', render: ({ note }) => note ?? '–' },
    {
      id: 'createdBy',
      label: 'Added by',
      render: ({ createdBy }) => <Person entityRef={createdBy} />,
    },
  ];
}
