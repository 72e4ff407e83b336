import { formatPrice } from './formatPrice';

/** A price in dollars: exact to the last digit, because two prices that differ must look different. */
export function Price(props: {
  /** An exact decimal of dollars, as the API sends it. */
  usd: string;
}) {
  return <>{formatPrice(props.usd)}</>;
}
