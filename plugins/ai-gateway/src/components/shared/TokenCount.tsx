import { formatCount } from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** A count of tokens (or of anything), short for the eye and exact on hover. */
export function TokenCount(props: { count: number }) {
  const { count } = props;
  return (
    <span title={new Intl.NumberFormat().format(count)}>
      {formatCount(count)}
    </span>
  );
}
