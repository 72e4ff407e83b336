import { formatUsd } from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** Dollars, short for the eye and exact on hover. */
export function Money(props: {
  /** An exact decimal of dollars, as the API sends it. */
  usd: string;
}) {
  const { usd } = props;
  return <span title={`$${usd}`}>{formatUsd(usd)}</span>;
}
