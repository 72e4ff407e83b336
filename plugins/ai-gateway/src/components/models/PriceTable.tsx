import type { PriceAmounts } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableRow from '@material-ui/core/TableRow';
import Typography from '@material-ui/core/Typography';
import { Price } from '../shared';
import { priceLines } from './priceLines';

/** Every amount that a price names. */
export function PriceTable(props: { price: PriceAmounts | null }) {
  const { price } = props;
  if (!price) {
    return (
      <Typography variant="body2" color="textSecondary">
        This model has no price yet, so it cannot be called.
      </Typography>
    );
  }
  return (
    <Table size="small" aria-label="Price">
      <TableBody>
        {priceLines(price).map(({ label, usd, unit }) => (
          <TableRow key={label}>
            <TableCell component="th" scope="row">
              {label}
            </TableCell>
            <TableCell align="right">
              <Price usd={usd} />{' '}
              <Typography
                variant="caption"
                color="textSecondary"
                component="span"
              >
                {unit}
              </Typography>
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
